import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Graph } from "../../../cli/graph/graph";
import { graphOf } from "../../../cli/graph/draw";
import { readStacks } from "../../../cli/graph/plan";

/** The graph of plans that are written for a test, by the names of their stacks. */
export function graphOfPlans(folder: string, plans: Readonly<Record<string, object>>): Graph {
  for (const [name, plan] of Object.entries(plans)) {
    const stack = join(folder, "stacks", name);
    mkdirSync(stack, { recursive: true });
    writeFileSync(join(stack, "cdk.tf.json"), JSON.stringify(plan));
  }
  return graphOf(readStacks(undefined, folder));
}

/** Edges as people would say them: `Access -ships-> cls/access/`. */
export function saidEdges({ nodes, edges }: Graph): string[] {
  const title = (id: string): string => nodes.find((node) => node.id === id)?.title ?? `nothing: ${id}`;
  return edges.map(({ from, kind, to }) => `${title(from)} -${kind}-> ${title(to)}`);
}

/** What of a plan stands nowhere, or in both places, and what stands where no node is. */
export function faultsOf(graph: Graph, plan: { resource?: object; data?: object }): string[] {
  const drawn = new Set([...graph.nodes, ...graph.edges].flatMap(({ parts }) => parts.map(({ address }) => address)));
  const named = new Set(graph.notDrawn.map(({ address }) => address));
  const addresses = [...addressesIn(plan.resource, ""), ...addressesIn(plan.data, "data.")];
  const ids = new Set(graph.nodes.map(({ id }) => id));
  return [
    ...addresses.filter((one) => drawn.has(one) === named.has(one)).map((one) => `${one} must stand in one place`),
    ...graph.edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to)).map(({ id }) => `${id} must join nodes`),
    ...[...drawn, ...named].filter((one) => !addresses.includes(one)).map((one) => `${one} must be in the plan`),
  ];
}

function addressesIn(types: object | undefined, prefix: string): string[] {
  return Object.entries(types ?? {}).flatMap(([type, all]) =>
    Object.keys(all as object).map((id) => `${prefix}${type}.${id}`),
  );
}

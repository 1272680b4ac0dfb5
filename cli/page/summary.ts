import { isObject, objectIn } from "../../functions/runtime/checked-json";
import type { GraphNode } from "../graph/graph";
import type { Board } from "./board";
import type { Places } from "./places";

/** What a pipeline's summary counts, in the order in which people ask for it. */
const COUNTS = ["objects", "lines", "records", "invalid", "failed", "dropped", "quarantined", "matched", "alerts"];

/** The summary in what a function returned, be it an object or JSON; undefined where it is none. */
export function summaryIn(result: unknown): Record<string, unknown> | undefined {
  const summary = typeof result === "string" ? objectIn(result) : isObject(result) ? result : undefined;
  return summary && COUNTS.some((name) => typeof summary[name] === "number") ? summary : undefined;
}

/** Its counts that are worth a look: those that are not 0, and those of its outputs. */
export function countsOf(summary: Readonly<Record<string, unknown>>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of COUNTS) {
    const count = summary[name];
    if (typeof count === "number" && count > 0) counts[name] = count;
  }
  for (const [name, count] of recordsOf(summary)) counts[`to ${name}`] = count;
  return counts;
}

/** Counts what a summary says that each output wrote, on the output's edge. */
export function countOutputs(
  board: Board,
  places: Places,
  from: GraphNode,
  summary: Readonly<Record<string, unknown>>,
): void {
  const edges = places.edges("writes", { from });
  for (const [name, count] of recordsOf(summary)) {
    const edge = edges.find(({ label }) => label.split(", ").includes(name));
    if (edge && count > 0) board.rates.add(edge.id, count, "records");
  }
}

function recordsOf({ outputs }: Readonly<Record<string, unknown>>): [string, number][] {
  return Object.entries(isObject(outputs) ? outputs : {}).flatMap(([name, report]): [string, number][] => {
    const records = isObject(report) ? report.records : undefined;
    return typeof records === "number" ? [[name, records]] : [];
  });
}

import { isObject, objectIn } from "../../functions/runtime/checked-json";
import type { GraphNode } from "../graph/graph";
import type { Board } from "./board";
import type { Places } from "./places";

/** Counts of a pipeline's summary, by importance. */
const COUNTS = ["objects", "lines", "records", "invalid", "failed", "dropped", "quarantined", "matched", "alerts"];

/** The summary in a function's result, as an object or JSON; undefined if there is none. */
export function summaryIn(result: unknown): Record<string, unknown> | undefined {
  const summary = typeof result === "string" ? objectIn(result) : isObject(result) ? result : undefined;
  return summary && COUNTS.some((name) => typeof summary[name] === "number") ? summary : undefined;
}

/** Its relevant counts: those that are not 0, and those of its outputs. */
export function countsOf(summary: Readonly<Record<string, unknown>>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of COUNTS) {
    const count = summary[name];
    if (typeof count === "number" && count > 0) counts[name] = count;
  }
  for (const [name, count] of recordsOf(summary)) counts[`to ${name}`] = count;
  return counts;
}

/** Counts each output's records of a summary on the output's edge. */
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

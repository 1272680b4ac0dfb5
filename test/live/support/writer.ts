import type { ErrorEvent } from "../../../cli/tail/events";
import type { Tail } from "./tail";

/** Writes as its event says: how many lines, and how far apart. */
export const WRITER = `
exports.main_handler = async ({ name = "line", count = 3, everyMs = 0, text = "" }) => {
  for (let number = 0; number < count; number++) {
    console.log(name + " " + number + text);
    if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return count;
};`;

/** The lines that {@link WRITER} writes for that name. */
export const numbered = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, n) => `${name} ${n}`);

export const errorsOf = ({ events }: Tail): ErrorEvent[] =>
  events.filter((event): event is ErrorEvent => event.type === "error");

import type { Fields } from "../records/contracts";
import { parseExactly } from "./numbers";

/** Reads the fields of a line that looks like an object; undefined if it is not one. */
export function readJson(buffer: Buffer, start: number, end: number): Fields | undefined {
  return parseExactly(buffer.toString("utf8", start, end))?.value as Fields | undefined;
}

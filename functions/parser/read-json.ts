import type { Fields } from "../records/contracts";
import { mayHoldBigNumber, quoteBigNumbers } from "./numbers";

/** Reads the fields of a line that looks like an object; undefined where it is none. */
export function readJson(buffer: Buffer, start: number, end: number): Fields | undefined {
  const text = buffer.toString("utf8", start, end);
  const fields = parseObject(text);
  return fields && mayHoldBigNumber(fields) ? (JSON.parse(quoteBigNumbers(text).json) as Fields) : fields;
}

/** @param text begins with `{`, spaces aside, so that it is an object if it is JSON */
export function parseObject(text: string): Fields | undefined {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    return undefined;
  }
}

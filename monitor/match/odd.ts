import { type RecordView, textOf, timeIn } from "./record";

/**
 * What is odd about a record that matched:
 *
 * - `text`: it is no object of JSON, and is looked at as a text
 * - `binary`: a field holds bytes that are no UTF-8, with U+FFFD in place of each
 * - `long`: it has more than 65,536 characters
 * - `future`: its own time lies more than a minute ahead, and its arrival counts
 * - `late`: its own time lies more than a minute back
 * - `ungrouped`: it lacks a field that tells groups apart, whose value counts as empty
 */
export type Oddity = "text" | "binary" | "long" | "future" | "late" | "ungrouped";

const LONG_CHARACTERS = 65_536;
const FAR_MS = 60_000;

/** Everything that is odd about a record. @param group names of the monitor's group fields */
export function odditiesOf(record: RecordView, group: readonly string[], arrivedAt: number): Oddity[] {
  const odd: Oddity[] = [];
  if (record.has("__CONTENT__")) odd.push("text");
  let characters = 0;
  let isBinary = false;
  for (const value of Object.values(record.fields)) {
    const text = textOf(value);
    characters += text.length;
    isBinary ||= text.includes("\ufffd");
  }
  if (isBinary) odd.push("binary");
  if (characters > LONG_CHARACTERS) odd.push("long");
  const ahead = (timeIn(record) ?? arrivedAt) - arrivedAt;
  if (ahead > FAR_MS) odd.push("future");
  if (ahead < -FAR_MS) odd.push("late");
  if (!group.every((name) => record.has(name))) odd.push("ungrouped");
  return odd;
}

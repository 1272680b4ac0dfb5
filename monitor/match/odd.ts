import { type RecordView, textOf, timeIn } from "./record";

/**
 * Oddities of a matched record:
 *
 * - `text`: it is not a JSON object, and is matched as text
 * - `binary`: a field contains bytes that are not UTF-8, each replaced by U+FFFD
 * - `long`: it has more than 65,536 characters
 * - `future`: its own time is more than a minute ahead, so its arrival is used
 * - `late`: its own time is more than a minute ago
 * - `ungrouped`: it lacks a group field, whose value is then empty
 */
export type Oddity = "text" | "binary" | "long" | "future" | "late" | "ungrouped";

const LONG_CHARACTERS = 65_536;
const FAR_MS = 60_000;

/** All oddities of a record. @param group names of the monitor's group fields */
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

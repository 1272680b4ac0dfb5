import type { SampleOptions } from "../definition/types";
import type { Sample } from "./matches";
import { type RecordView, textOf, TIME_FIELD } from "./record";

/** What takes the place of a value that is not to be seen. */
export const MASK = "***";

/** Characters of a value, and of a record beside the matched one, that a sample keeps: samples lie in small objects. */
const LONGEST_VALUE = 2000;

/** Fields that a sample keeps where the definition does not say which. */
const MOST_FIELDS = 100;

/** What an alert shows of a record. @param before records before it in its batch, oldest first */
export function sampleOf(
  record: RecordView,
  at: number,
  before: readonly RecordView[],
  options: SampleOptions,
): Sample {
  const names = options.fields?.filter((name) => record.has(name)) ?? namesOf(record);
  return {
    at,
    fields: names.map((name) => [name, shownField(name, record.get(name), options)] as const),
    around: before.slice(before.length - options.around).map((one) => cut(lineOf(one, options))),
  };
}

function namesOf({ fields }: RecordView): string[] {
  return Object.keys(fields)
    .filter((name) => name !== TIME_FIELD)
    .slice(0, MOST_FIELDS);
}

function shownField(name: string, value: unknown, { redact }: SampleOptions): string {
  if (redact.includes(name)) return MASK;
  return cut(typeof value === "string" ? value : masked(value, redact));
}

/** A record in one line, as it was read unless something of it must not be seen. */
function lineOf(record: RecordView, { redact }: SampleOptions): string {
  return redact.length > 0 ? masked(record.fields, redact) : new TextDecoder().decode(record.raw);
}

/** JSON in which no member of such a name can be seen, however deep. */
function masked(value: unknown, redact: readonly string[]): string {
  if (redact.length === 0) return textOf(value);
  return JSON.stringify(value, (name, member: unknown) => (redact.includes(name) ? MASK : member));
}

/** Never between the halves of a character. */
function cut(text: string): string {
  if (text.length <= LONGEST_VALUE) return text;
  const end = /[\ud800-\udbff]/.test(text[LONGEST_VALUE - 1]) ? LONGEST_VALUE - 1 : LONGEST_VALUE;
  return `${text.slice(0, end)}…`;
}

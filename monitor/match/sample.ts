import { hiddenBy, MASK, maskerOf } from "../alert/redact";
import type { SampleOptions } from "../definition/types";
import { jsonText } from "./json-text";
import type { Sample } from "./matches";
import { type RecordView, textOf, TIME_FIELD } from "./record";

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
  const { around, redact } = options;
  const names = options.fields?.filter((name) => record.has(name)) ?? namesOf(record);
  const lines = before.slice(before.length - around);
  // Cut last, so that no half of what must not be seen is left.
  const show = redact.length === 0 ? OPEN : closed([record, ...lines], redact);
  return {
    at,
    fields: names.map((name) => [name, cut(show.field(name, record.get(name)))] as const),
    around: lines.map((one) => cut(show.line(one))),
  };
}

function namesOf({ fields }: RecordView): string[] {
  return Object.keys(fields)
    .filter((name) => name !== TIME_FIELD)
    .slice(0, MOST_FIELDS);
}

/** How records are written. */
interface Writing {
  field(name: string, value: unknown): string;
  /** A record in one line. */
  line(record: RecordView): string;
}

/** As they were read. */
const OPEN: Writing = {
  field: (_, value) => textOf(value),
  line: ({ raw }) => new TextDecoder().decode(raw),
};

/** Without what some names hold, however deep, wherever else it stands in one of the records. */
function closed(records: readonly RecordView[], redact: readonly string[]): Writing {
  const isHidden = hiddenBy(redact);
  const masked = maskerOf(redact, hiddenValues(records, isHidden));
  const json = (value: unknown): string => jsonText(value, (name) => (isHidden(name) ? MASK : undefined));
  return {
    field(name, value) {
      if (isHidden(name)) return MASK;
      return masked(typeof value === "string" ? value : json(value));
    },
    line: ({ fields }) => masked(json(fields)),
  };
}

/**
 * The text of a group's field as people may see it: without what some names hold, wherever in it that stands. So a group is
 * told apart by nothing that must not be seen.
 */
export function groupText(text: string, record: RecordView, redact: readonly string[]): string {
  return redact.length === 0 ? text : maskerOf(redact, hiddenValues([record], hiddenBy(redact)))(text);
}

/** Texts and numbers below such names. */
function hiddenValues(records: readonly RecordView[], isHidden: (name: string) => boolean): string[] {
  const values: string[] = [];
  // No calls within calls: a line may be deeper than the stack.
  const rest = records.map(({ fields }): { value: unknown; isInside: boolean } => ({ value: fields, isInside: false }));
  for (let next = rest.pop(); next; next = rest.pop()) {
    const { isInside, value } = next;
    if (typeof value === "object" && value !== null) {
      for (const [name, member] of Object.entries(value))
        rest.push({ value: member, isInside: isInside || isHidden(name) });
    } else if (isInside) values.push(String(value));
  }
  return values;
}

/** Never between the halves of a character. */
function cut(text: string): string {
  if (text.length <= LONGEST_VALUE) return text;
  const end = /[\ud800-\udbff]/.test(text[LONGEST_VALUE - 1]) ? LONGEST_VALUE - 1 : LONGEST_VALUE;
  return `${text.slice(0, end)}…`;
}

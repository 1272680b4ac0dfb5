import { hiddenBy, MASK, maskerOf } from "../alert/redact";
import type { SampleOptions } from "../definition/types";
import { jsonText } from "./json-text";
import type { Sample } from "./matches";
import { type RecordView, textOf, TIME_FIELD } from "./record";

/**
 * Maximum characters of a value, and of a record around the match, in a sample. Samples are stored in small objects.
 */
const LONGEST_VALUE = 2000;

/** Maximum fields of a sample if the definition does not list them. */
const MOST_FIELDS = 100;

/** What an alert shows of a record. @param before preceding records of the batch, oldest first */
export function sampleOf(
  record: RecordView,
  at: number,
  before: readonly RecordView[],
  options: SampleOptions,
): Sample {
  const { around, redact } = options;
  const names = options.fields?.filter((name) => record.has(name)) ?? namesOf(record);
  const lines = before.slice(before.length - around);
  // Truncated last, so that no part of a masked value remains.
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

/** How records are formatted. */
interface Writing {
  field(name: string, value: unknown): string;
  /** A record as one line. */
  line(record: RecordView): string;
}

/** Unmasked. */
const OPEN: Writing = {
  field: (_, value) => textOf(value),
  line: ({ raw }) => new TextDecoder().decode(raw),
};

/** Masks the values of some names, at any depth, and wherever else they occur in one of the records. */
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
 * The text of a group's field in a form that can be shown: the values of some names are masked wherever they occur in
 * it. Groups are therefore never distinguished by masked values.
 */
export function groupText(text: string, record: RecordView, redact: readonly string[]): string {
  return redact.length === 0 ? text : maskerOf(redact, hiddenValues([record], hiddenBy(redact)))(text);
}

/** Strings and numbers under these names. */
function hiddenValues(records: readonly RecordView[], isHidden: (name: string) => boolean): string[] {
  const values: string[] = [];
  // Without recursion: a line can be deeper than the stack.
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

/** Does not split a surrogate pair. */
function cut(text: string): string {
  if (text.length <= LONGEST_VALUE) return text;
  const end = /[\ud800-\udbff]/.test(text[LONGEST_VALUE - 1]) ? LONGEST_VALUE - 1 : LONGEST_VALUE;
  return `${text.slice(0, end)}…`;
}

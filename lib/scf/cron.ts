/** Fields of SCF's timer expressions, in their order. Fact: docs/design/facts/runtime.md#timer. */
const FIELDS = [
  { name: "second", min: 0, max: 59 },
  { name: "minute", min: 0, max: 59 },
  { name: "hour", min: 0, max: 23 },
  { name: "day of the month", min: 1, max: 31 },
  {
    name: "month",
    min: 1,
    max: 12,
    words: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
  },
  { name: "day of the week", min: 0, max: 6, words: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] },
  { name: "year", min: 1970, max: 2099 },
] as const satisfies readonly Field[];

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Names of the values, from the lowest value on. */
  readonly words?: readonly string[];
}

/** Days of each month in a leap year. */
const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Returns what is wrong with a timer's expression; undefined if nothing is. */
export function cronFault(cron: string): string | undefined {
  const texts = cron.split(" ");
  if (texts.length !== FIELDS.length || texts.includes("")) return `it has ${texts.filter(Boolean).length} fields`;
  const fields: number[][] = [];
  for (const [index, field] of FIELDS.entries()) {
    const values = valuesOf(texts[index], field);
    if (values === undefined) return faultOf(field, texts[index]);
    fields.push(values);
  }
  const [, , , days, months] = fields;
  const exists = months.some((month) => days.some((day) => day <= MONTH_DAYS[month - 1]));
  return exists ? undefined : `no month that it names has day ${texts[3]}`;
}

function faultOf(field: Field, text: string): string {
  const names = field.words === undefined ? "" : ` or ${field.words[0]} to ${field.words.at(-1)}`;
  return `its ${field.name} must be ${field.min} to ${field.max}${names}, with , - * and /, and is ${JSON.stringify(text)}`;
}

/** Every value that a field names; undefined if the field cannot be parsed. */
function valuesOf(text: string, field: Field): number[] | undefined {
  const values: number[] = [];
  for (const item of text.split(",")) {
    const [range, step = "1", ...rest] = item.split("/");
    const bounds = boundsOf(range, item.includes("/"), field);
    if (bounds === undefined || rest.length > 0 || !/^[1-9][0-9]*$/.test(step)) return undefined;
    for (let value = bounds[0]; value <= bounds[1]; value += Number(step)) values.push(value);
  }
  return values;
}

/** `*`, one value, or two with `-`; one value with a step extends to the field's maximum. */
function boundsOf(range: string, hasStep: boolean, field: Field): [first: number, last: number] | undefined {
  if (range === "*") return [field.min, field.max];
  const ends = range.split("-").map((end) => valueOf(end, field));
  const [first, last = hasStep ? field.max : first] = ends;
  if (ends.length > 2 || first === undefined || last === undefined || first > last) return undefined;
  return [first, last];
}

function valueOf(text: string, { min, max, words = [] }: Field): number | undefined {
  const word = words.indexOf(text.toUpperCase());
  const value = word === -1 ? (/^[0-9]{1,4}$/.test(text) ? Number(text) : NaN) : word + min;
  return value >= min && value <= max ? value : undefined;
}

import { byType, checked, list, named, object, optional, positiveInteger, rule, text } from "./schema";
import { compiles, isCsvMark, PATTERN_RULE, TEXT } from "./text";

const pattern = rule<string>((given) => typeof given === "string", PATTERN_RULE);

/** `i`, `u`, both or none. */
const flags = rule<string>((given) => typeof given === "string" && /^[iu]*$/.test(given), "must be of i and u");

const names = list(text);

/** True, or names. */
const columns = rule<true | readonly string[]>(
  (given) =>
    given === true || (Array.isArray(given) && given.length > 0 && given.every((one) => typeof one === "string")),
  "must be true or names",
);

const mark = rule<string>(isCsvMark, "must be one ASCII character");

/** How the records of a preset are written. */
const LAYOUT = byType({
  /** Values with a delimiter between them. */
  columns: object({
    /** True where the first row of each file names the columns, else their names. */
    columns,
    /** @default told by each file: a first line `sep=;`, else what stands in the row that names the columns */
    delimiter: optional(mark),
    /** Empty where values are never quoted. */
    quote: rule<string>((given) => given === "" || isCsvMark(given), "must be empty or one ASCII character"),
    escape: optional(mark),
    /** Whether a quoted value may hold line ends, so that a stray quote costs the lines behind it. @default not */
    spansLines: optional(rule<true>((given) => given === true, "must be true")),
    /** Columns that a record has at least. @default all */
    leastColumns: optional(positiveInteger),
    /** Field that takes the values behind the last column, as a list. @default a record with more is invalid */
    moreColumns: optional(text),
  }),
  /** Text in which a pattern's named groups are the fields. */
  pattern: object({
    pattern,
    flags,
    /** What begins a record that goes on over lines. @default a record is a line */
    startPattern: optional(pattern),
    maxLines: optional(positiveInteger),
    maxBytes: optional(positiveInteger),
  }),
  /** JSON lines, or JSON that is no lines. */
  json: object({
    as: rule<"lines" | "values">((given) => given === "lines" || given === "values", "must be lines or values"),
  }),
  /** What Docker's `json-file` writes: JSON lines, of which several may be one line of the container's. */
  container: object({ maxBytes: optional(positiveInteger) }),
});

/** Any name: it is that of a field. */
const ANY_NAME = { pattern: /^[^]+$/, rule: "must have names that are not empty" };

const textOrNumber = rule<string | number>(
  (given) => typeof given === "string" || typeof given === "number",
  "must be a text or a number",
);

/** A known layout of logs, or one that the user knows, and what its fields hold. */
export const PRESET = checked(
  object({
    ...TEXT,
    /** What records are called where a line is none. */
    name: text,
    layout: LAYOUT,
    /** Fields that hold whole numbers. @default none, as with the following */
    integers: optional(names),
    numbers: optional(names),
    booleans: optional(names),
    /** Formats of times, by field: `iso`, `seconds`, `milliseconds`, or one of strptime. What is read is epoch milliseconds. */
    times: optional(named(ANY_NAME, text)),
    /** Zone of times that name none. @default UTC */
    zone: optional(text),
    /** The time that is the record's, which none lacks: it becomes `__TIMESTAMP__` as well. */
    timestamp: optional(text),
    /** Values that say that there is none: the field is left out. */
    none: optional(list(textOrNumber)),
  }),
  ({ layout }, reading) => {
    if (layout.type !== "pattern") return;
    for (const name of ["pattern", "startPattern"] as const) {
      if (!compiles(layout[name] ?? "", layout.flags)) reading.at("layout").at(name).report(PATTERN_RULE, layout[name]);
    }
  },
);

import { byType, checked, list, named, object, optional, positiveInteger, rule, text } from "./schema";
import { compiles, isCsvMark, PATTERN_RULE, TEXT } from "./text";

const pattern = rule<string>((given) => typeof given === "string", PATTERN_RULE);

/** `i`, `u`, both or none. */
const flags = rule<string>((given) => typeof given === "string" && /^[iu]*$/.test(given), "must be of i and u");

const names = list(text);

/** True, or a list of names. */
const columns = rule<true | readonly string[]>(
  (given) =>
    given === true || (Array.isArray(given) && given.length > 0 && given.every((one) => typeof one === "string")),
  "must be true or names",
);

const mark = rule<string>(isCsvMark, "must be one ASCII character");

/** How the records of a preset are written. */
const LAYOUT = byType({
  /** Delimited values. */
  columns: object({
    /** True if the first row of each file contains the column names; otherwise the names. */
    columns,
    /** @default detected for each file: from a first line `sep=;`, or from the row of column names */
    delimiter: optional(mark),
    /** Empty if values are never quoted. */
    quote: rule<string>((given) => given === "" || isCsvMark(given), "must be empty or one ASCII character"),
    escape: optional(mark),
    /**
     * Whether a quoted value can contain line ends, so that a stray quote invalidates the lines that follow. @default
     * false
     */
    spansLines: optional(rule<true>((given) => given === true, "must be true")),
    /** Minimum number of columns of a record. @default all */
    leastColumns: optional(positiveInteger),
    /**
     * Field that receives the values after the last column, as a list. @default a record with more values is invalid
     */
    moreColumns: optional(text),
  }),
  /** Text that matches a pattern, whose named groups are the fields. */
  pattern: object({
    pattern,
    flags,
    /** Pattern of the first line of a record that spans several lines. @default each record is a line */
    startPattern: optional(pattern),
    maxLines: optional(positiveInteger),
    maxBytes: optional(positiveInteger),
  }),
  /** JSON lines, or JSON that is not in lines. */
  json: object({
    as: rule<"lines" | "values">((given) => given === "lines" || given === "values", "must be lines or values"),
  }),
  /** Docker's `json-file` format: JSON lines, several of which can make up one line of the container's output. */
  container: object({ maxBytes: optional(positiveInteger) }),
});

/** Any name of a field. */
const ANY_NAME = { pattern: /^[^]+$/, rule: "must have names that are not empty" };

const textOrNumber = rule<string | number>(
  (given) => typeof given === "string" || typeof given === "number",
  "must be a text or a number",
);

/** A known layout of logs, or the user's own, with the types of its fields. */
export const PRESET = checked(
  object({
    ...TEXT,
    /** Name of the records in messages about invalid lines. */
    name: text,
    layout: LAYOUT,
    /** Integer fields. @default none, as for the following */
    integers: optional(names),
    numbers: optional(names),
    booleans: optional(names),
    /**
     * Formats of times, by field: `iso`, `seconds`, `milliseconds`, or a format of strptime. The result is epoch
     * milliseconds.
     */
    times: optional(named(ANY_NAME, text)),
    /** Time zone of times without one. @default UTC */
    zone: optional(text),
    /** The field that is the record's time, which every record must have. It is copied to `__TIMESTAMP__`. */
    timestamp: optional(text),
    /** Values that mean "no value": the field is left out. */
    none: optional(list(textOrNumber)),
  }),
  ({ layout }, reading) => {
    if (layout.type !== "pattern") return;
    for (const name of ["pattern", "startPattern"] as const) {
      if (!compiles(layout[name] ?? "", layout.flags)) reading.at("layout").at(name).report(PATTERN_RULE, layout[name]);
    }
  },
);

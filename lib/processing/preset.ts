import { isCsvMark, type PresetContentSettings } from "../../functions/settings";
import { faultOfTimeFormat, isZone } from "../../rules/python/times";
import { compileGroupPattern, compileLinePattern } from "../../rules/regex/javascript";
import type { Checks } from "../errors";
import { freeText, integer, knownAtSynth, listOf, mapOf, oneOf, text } from "../props/kinds";
import { refuseType, type OptionalProp, type PropTable } from "../props/prop";
import { checkPattern, patternFault } from "./patterns";

/** Types of a preset's fields. All other fields are strings, or have their JSON type. */
export interface PresetFields {
  /**
   * Encoding of the text: a label of the platform's `TextDecoder`, such as `gbk`. A byte order mark takes precedence.
   * @default UTF-8
   */
  readonly encoding?: string;
  /**
   * Integer fields. A value that a double cannot represent exactly stays a string.
   * @default none
   */
  readonly integers?: readonly string[];
  /**
   * Number fields. A list of numbers, as nginx writes for a request that it sent to several servers (`60.000, 0.012`),
   * stays a string.
   * @default none
   */
  readonly numbers?: readonly string[];
  /**
   * Boolean fields, with the values `true` and `false`, or 1 and 0.
   * @default none
   */
  readonly booleans?: readonly string[];
  /**
   * Time formats by field; the values become epoch milliseconds. `iso` is ISO 8601 with `T` or a space, `seconds` and
   * `milliseconds` are numbers since the epoch. Any other format is one of Python's strptime and must contain a date,
   * such as `%d/%b/%Y:%H:%M:%S %z`.
   * @default none
   */
  readonly times?: Readonly<Record<string, string>>;
  /**
   * Time zone of times without one: an offset such as `+08:00`, or a name such as `Asia/Shanghai`.
   * @default "UTC"
   */
  readonly zone?: string;
  /**
   * The field in `times` that is the record's time. Its value is copied to `__TIMESTAMP__`, unless the record has that
   * field. A record without it is invalid.
   * @default none
   */
  readonly timestamp?: string;
  /**
   * Values that mean "no value", such as `-`. A field with one of them is left out.
   * @default none
   */
  readonly none?: readonly (string | number)[];
}

/**
 * A layout of logs as data: how a record is written, by exactly one of `columns`, `pattern`, `json` and `container`,
 * and the types of its fields.
 */
export interface PresetDefinition extends PresetFields {
  /** Name of the layout, used in messages about invalid lines: up to 64 letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /**
   * Delimited values: the column names in order, or `true` if the first row of each file contains them.
   * @default none, if another layout is set
   */
  readonly columns?: true | readonly string[];
  /**
   * Character between values: a printable ASCII character, or a tab. `auto`, only with `columns: true`, detects it for
   * each file: from a first line `sep=;`, or as the most frequent of `,`, `;`, tab and `|` in the row of column names.
   * @default ","
   */
  readonly delimiter?: string;
  /**
   * Character around values that contain delimiters; it is doubled inside such a value. Use an empty string for values
   * without quotes.
   * @default '"'
   */
  readonly quote?: string;
  /**
   * Character that escapes the next one in a quoted value.
   * @default the quote, which is doubled
   */
  readonly escape?: string;
  /**
   * Whether quoted values can contain line ends. A stray quote then also invalidates the lines that follow it.
   * @default true if the first row names the columns, else false
   */
  readonly spansLines?: true;
  /**
   * Minimum number of columns of a record whose last columns can be missing, 1 to 10000.
   * @default all
   */
  readonly leastColumns?: number;
  /**
   * Field that receives the values after the last column, as a list.
   * @default a record with more values than columns is invalid
   */
  readonly moreColumns?: string;
  /**
   * Pattern that matches a whole record; its named groups are the fields. Matching takes linear time, so the
   * restrictions of {@link MultilineOptions.startPattern} apply.
   * @default none, if another layout is set
   */
  readonly pattern?: RegExp | string;
  /**
   * Pattern that matches the first line of each record, if records span several lines. Requires `pattern`, with the
   * same flags.
   * @default each record is a line
   */
  readonly startPattern?: RegExp | string;
  /**
   * JSON objects: `lines` for one per line, `values` for objects in a list or in any sequence.
   * @default none, if another layout is set
   */
  readonly json?: "lines" | "values";
  /**
   * Docker's `json-file` format: fields `log`, `stream` and `time`. The pieces of long lines are joined.
   * @default none, if another layout is set
   */
  readonly container?: true;
}

/** Additions and changes to the types of a known layout's fields. Values of `none` are added to those of the layout. */
export type PresetChanges = Partial<PresetFields>;

const names = listOf(knownAtSynth(text));

const trueOrNames: OptionalProp<true | readonly string[]> = {
  read: (given, path, checks) => (given === true ? true : names.read(given, path, checks)),
};

const onlyTrue: OptionalProp<true> = {
  read(given, path, checks) {
    if (given === true) return true;
    refuseType(checks, path, "must be true", given, "leave it out for false");
    return undefined;
  },
};

const pattern: OptionalProp<RegExp | string> = {
  read: (given, path, checks) => (given instanceof RegExp ? given : knownAtSynth(freeText).read(given, path, checks)),
};

const textOrNumber: OptionalProp<string | number> = {
  read: (given, path, checks) => (typeof given === "number" ? given : knownAtSynth(freeText).read(given, path, checks)),
};

export const PRESET_FIELDS: PropTable<PresetFields> = {
  encoding: knownAtSynth(freeText),
  integers: names,
  numbers: names,
  booleans: names,
  times: mapOf(knownAtSynth(text), "write the formats themselves"),
  zone: knownAtSynth(text),
  timestamp: knownAtSynth(text),
  none: listOf(textOrNumber),
};

export const PRESET_DEFINITION: PropTable<PresetDefinition> = {
  ...PRESET_FIELDS,
  name: { ...knownAtSynth(text), isRequired: true },
  columns: trueOrNames,
  delimiter: knownAtSynth(text),
  quote: knownAtSynth(freeText),
  escape: knownAtSynth(text),
  spansLines: onlyTrue,
  leastColumns: integer({ min: 1, max: 10_000 }, "LOGS_CONTENT_PRESET"),
  moreColumns: knownAtSynth(text),
  pattern,
  startPattern: pattern,
  json: oneOf(["lines", "values"], 'write "values" for all that is not a line each', "LOGS_CONTENT_PRESET"),
  container: onlyTrue,
};

/** Applies changes to a definition: fields of another type, and fields without a type so far. */
export function changedPreset(preset: PresetDefinition, changes: PresetChanges): PresetDefinition {
  const { booleans = [], integers = [], none = [], numbers = [], times = {}, ...rest } = changes;
  const typed = new Set([...booleans, ...integers, ...numbers, ...Object.keys(times)]);
  const kept = (names: readonly string[] = []) => names.filter((name) => !typed.has(name));
  const keptTimes = Object.entries(preset.times ?? {}).filter(([name]) => !typed.has(name));
  return {
    ...preset,
    ...rest,
    booleans: [...kept(preset.booleans), ...booleans],
    integers: [...kept(preset.integers), ...integers],
    numbers: [...kept(preset.numbers), ...numbers],
    times: { ...Object.fromEntries(keptTimes), ...times },
    none: [...(preset.none ?? []), ...none],
  };
}

const LAYOUTS = ["columns", "pattern", "json", "container"] as const;

/** Options that belong to a single layout. */
const PARTS: Readonly<Record<string, (typeof LAYOUTS)[number]>> = {
  delimiter: "columns",
  quote: "columns",
  escape: "columns",
  spansLines: "columns",
  leastColumns: "columns",
  moreColumns: "columns",
  startPattern: "pattern",
};

/** Checks the parts of a definition together. */
export function checkPreset(checks: Checks, preset: PresetDefinition): void {
  const that = (passes: boolean, message: () => string) => checks.that(passes, "LOGS_CONTENT_PRESET", message);
  const { columns, delimiter, escape, name, quote = '"', leastColumns = 1 } = preset;
  that(
    /^[\w.-]{1,64}$/.test(name),
    () => `name must have 1 to 64 letters, digits, . _ and -, got ${JSON.stringify(name)}; choose another name`,
  );
  const layouts = LAYOUTS.filter((layout) => preset[layout] !== undefined);
  that(
    layouts.length === 1,
    () =>
      `preset must have one of ${LAYOUTS.join(", ")}, got ${layouts.join(" and ") || "none"}; say how a record is written`,
  );
  for (const [part, layout] of Object.entries(PARTS)) {
    that(
      preset[part as keyof PresetDefinition] === undefined || preset[layout] !== undefined,
      () => `${part} must be left out without ${layout}, got it; nothing would read it`,
    );
  }
  that(
    columns === undefined || columns === true || (columns.length > 0 && new Set(columns).size === columns.length),
    () => `columns must be true or names of columns, got ${JSON.stringify(columns)}; give one at least, and none twice`,
  );
  that(
    delimiter === undefined || isCsvMark(delimiter) || (delimiter === "auto" && columns === true),
    () =>
      `delimiter must be one ASCII character, or "auto" with columns: true, got ${JSON.stringify(delimiter)}; ` +
      `write the character itself, such as " "`,
  );
  that(
    (quote === "" || isCsvMark(quote)) && quote !== delimiter,
    () =>
      `quote must be empty or one ASCII character other than the delimiter, got ${JSON.stringify(quote)}; leave it out for "`,
  );
  that(
    escape === undefined || (isCsvMark(escape) && escape !== delimiter && quote !== ""),
    () =>
      `escape must be one ASCII character other than the delimiter, where there is a quote, got ${JSON.stringify(escape)}; ` +
      `leave it out where quotes are doubled`,
  );
  that(
    !Array.isArray(columns) || leastColumns <= columns.length,
    () =>
      `leastColumns must be ${(columns as string[]).length} at most, got ${leastColumns}; there are no more columns`,
  );
  const fields = Array.isArray(columns) ? (columns as readonly string[]) : checkPatterns(checks, preset);
  checkFields(checks, preset, fields);
}

/** Remedy for patterns that do not match in linear time. */
const WITHOUT = "describe the line without it";

/** Checks the patterns. Returns the named groups if there is a valid pattern. */
function checkPatterns(checks: Checks, { pattern, startPattern }: PresetDefinition): readonly string[] | undefined {
  if (startPattern !== undefined) {
    const [source, flags] = [sourceOf(startPattern), flagsOf(startPattern, flagsOf(pattern))];
    checks.that(
      flags === flagsOf(pattern),
      "LOGS_CONTENT_PATTERN",
      () =>
        `startPattern must have the flags of pattern (${flagsOf(pattern) || "none"}), got ${flags || "none"}; give both the same`,
    );
    const look = () => compileLinePattern(source, flags).test("") && "it matches empty lines";
    checkPattern(checks, "startPattern", { source, flags }, patternFault(flags, look, WITHOUT));
  }
  if (pattern === undefined) return undefined;
  const [source, flags] = [sourceOf(pattern), flagsOf(pattern)];
  let groups: readonly string[] = [];
  const look = () => {
    groups = compileGroupPattern(source, flags).names;
    return groups.length === 0 && "it has no named group, such as (?<status>\\d{3})";
  };
  checkPattern(checks, "pattern", { source, flags }, patternFault(flags, look, WITHOUT));
  return groups.length > 0 ? groups : undefined;
}

/** @param known names of the records' fields, if they are known */
function checkFields(checks: Checks, preset: PresetFields, known: readonly string[] | undefined): void {
  const that = (passes: boolean, message: () => string) => checks.that(passes, "LOGS_CONTENT_PRESET", message);
  const { booleans = [], integers = [], numbers = [], times = {}, timestamp, zone } = preset;
  const typed = [...integers, ...numbers, ...booleans, ...Object.keys(times)];
  const twice = typed.find((name, index) => typed.indexOf(name) !== index);
  that(
    twice === undefined,
    () => `${twice} must have one type, got two; name it in one of integers, numbers, booleans and times`,
  );
  const unknown = known && typed.find((name) => !known.includes(name));
  that(
    unknown === undefined,
    () =>
      `${unknown} must be a field of the records, which have ${known?.join(", ")}, got none of that name; check its spelling`,
  );
  for (const [name, format] of Object.entries(times)) {
    const fault = ["iso", "seconds", "milliseconds"].includes(format) ? undefined : faultOfTimeFormat(format);
    that(
      fault === undefined,
      () =>
        `times.${name} must be iso, seconds, milliseconds or a format of strptime with a date, got ` +
        `${JSON.stringify(format)}: ${fault}; write it like %Y-%m-%d %H:%M:%S`,
    );
  }
  that(
    zone === undefined || isZone(zone),
    () => `zone must be an offset or a name of the IANA database, got ${JSON.stringify(zone)}; write it like +08:00`,
  );
  that(
    timestamp === undefined || Object.hasOwn(times, timestamp),
    () => `timestamp must be one of times, got ${JSON.stringify(timestamp)}; give that a format in times`,
  );
}

/** The handler's settings of a valid definition. */
export function presetSettings(preset: PresetDefinition): PresetContentSettings {
  const { booleans, encoding, integers, name, none, numbers, times, timestamp, zone } = preset;
  const some = <T>(list: readonly T[] | undefined) => (list && list.length > 0 ? list : undefined);
  return {
    type: "preset",
    name,
    layout: layoutOf(preset),
    encoding,
    integers: some(integers),
    numbers: some(numbers),
    booleans: some(booleans),
    times: times && Object.keys(times).length > 0 ? times : undefined,
    zone,
    timestamp,
    none: some(none),
  };
}

function layoutOf(preset: PresetDefinition): PresetContentSettings["layout"] {
  const {
    columns,
    delimiter = ",",
    escape,
    json,
    leastColumns,
    moreColumns,
    pattern,
    quote = '"',
    spansLines,
  } = preset;
  if (columns !== undefined) {
    const told = delimiter === "auto" ? undefined : delimiter;
    return { type: "columns", columns, delimiter: told, quote, escape, spansLines, leastColumns, moreColumns };
  }
  if (pattern !== undefined) {
    const { startPattern } = preset;
    const start = startPattern === undefined ? undefined : sourceOf(startPattern);
    return { type: "pattern", pattern: sourceOf(pattern), flags: flagsOf(pattern), startPattern: start };
  }
  return json === undefined ? { type: "container" } : { type: "json", as: json };
}

function sourceOf(given: RegExp | string): string {
  return typeof given === "string" ? given : given.source;
}

function flagsOf(given: RegExp | string | undefined, fallback = ""): string {
  return given instanceof RegExp ? given.flags : fallback;
}

import { isCsvMark, type PresetContentSettings } from "../../functions/settings";
import { faultOfTimeFormat, isZone } from "../../rules/python/times";
import { compileGroupPattern, compileLinePattern } from "../../rules/regex/javascript";
import type { Checks } from "../errors";
import { freeText, integer, knownAtSynth, listOf, mapOf, oneOf, text } from "../props/kinds";
import { refuseType, type OptionalProp, type PropTable } from "../props/prop";
import { checkPattern, patternFault } from "./patterns";

/** What the fields of a preset hold. All others are texts, or what JSON says. */
export interface PresetFields {
  /**
   * Encoding of the text: a label of the platform's `TextDecoder`, such as `gbk`; a byte order mark tells more.
   * @default UTF-8
   */
  readonly encoding?: string;
  /**
   * Fields that hold whole numbers. One that a double cannot hold stays a text.
   * @default none
   */
  readonly integers?: readonly string[];
  /**
   * Fields that hold numbers. Several, as nginx writes them of a request that it sent to several servers (`60.000, 0.012`), stay
   * a text.
   * @default none
   */
  readonly numbers?: readonly string[];
  /**
   * Fields that hold `true` or `false`, or 1 or 0.
   * @default none
   */
  readonly booleans?: readonly string[];
  /**
   * Formats of times, by field; what becomes of them is epoch milliseconds. `iso` for ISO 8601, with `T` or a space; `seconds`
   * and `milliseconds` for numbers; else one of Python's strptime, such as `%d/%b/%Y:%H:%M:%S %z`, which names a date.
   * @default none
   */
  readonly times?: Readonly<Record<string, string>>;
  /**
   * Zone of times that name none: an offset such as `+08:00`, or a name such as `Asia/Shanghai`.
   * @default "UTC"
   */
  readonly zone?: string;
  /**
   * The one of `times` that is the record's, and so becomes its `__TIMESTAMP__` as well, unless it has one. A record without
   * it is invalid.
   * @default none
   */
  readonly timestamp?: string;
  /**
   * Values that stand for none, such as `-`: the field is left out.
   * @default none
   */
  readonly none?: readonly (string | number)[];
}

/** A layout of logs as data: how a record is written, by one of `columns`, `pattern`, `json` and `container`, and its fields. */
export interface PresetDefinition extends PresetFields {
  /** What its records are called where a line is none: up to 64 letters, digits, `.`, `_` and `-`. */
  readonly name: string;
  /**
   * Values in a line, with a delimiter between: names of the columns in order, or `true` where the first row of each file
   * has them.
   * @default none, where another layout is given
   */
  readonly columns?: true | readonly string[];
  /**
   * Character between values: one of printable ASCII, or a tab. `auto`, only with `columns: true`, has each file tell: by a
   * first line `sep=;`, else by what of `,`, `;`, tabs and `|` the row of names holds most of.
   * @default ","
   */
  readonly delimiter?: string;
  /**
   * Character around values that hold delimiters; doubled inside of such a value. Empty for values without.
   * @default '"'
   */
  readonly quote?: string;
  /**
   * Character that makes the next one a part of a quoted value.
   * @default the quote, which is doubled
   */
  readonly escape?: string;
  /**
   * Whether a quoted value may hold line ends. A stray quote then costs the lines behind it.
   * @default true where the first row names the columns, else false
   */
  readonly spansLines?: true;
  /**
   * Columns that a record has at least, where the last ones may be missing.
   * @default all
   */
  readonly leastColumns?: number;
  /**
   * Field that takes the values behind the last column, as a list.
   * @default a record with more values than columns is invalid
   */
  readonly moreColumns?: string;
  /**
   * Matches a whole record; its named groups are the fields. What {@link MultilineOptions.startPattern} may not have, this may
   * not either: no line makes it slow.
   * @default none, where another layout is given
   */
  readonly pattern?: RegExp | string;
  /**
   * Matches each line that begins a record, where records go on over lines; beside `pattern`, with the same flags.
   * @default a record is a line
   */
  readonly startPattern?: RegExp | string;
  /**
   * JSON objects: `lines`, one each, or `values`, which are in a list, or one behind the other in any way.
   * @default none, where another layout is given
   */
  readonly json?: "lines" | "values";
  /**
   * What Docker's `json-file` writes: fields `log`, `stream` and `time`, the pieces of long lines joined.
   * @default none, where another layout is given
   */
  readonly container?: true;
}

/** What the fields of a known layout hold that it does not say, or says otherwise; `none` holds values besides its own. */
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

/** A definition some of whose fields are something else, or are told at all. */
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

/** What belongs to one layout alone. */
const PARTS: Readonly<Record<string, (typeof LAYOUTS)[number]>> = {
  delimiter: "columns",
  quote: "columns",
  escape: "columns",
  spansLines: "columns",
  leastColumns: "columns",
  moreColumns: "columns",
  startPattern: "pattern",
};

/** Checks what a definition says together. */
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

/** What helps with what takes no linear time. */
const WITHOUT = "describe the line without it";

/** Returns the named groups, where there is a pattern that can be read. */
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

/** @param known names that records have, where they can be told */
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

/** What the handler is told of a definition that was found good. */
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

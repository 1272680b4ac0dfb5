import { isCsvMark, isEncoding, type ContentSettings } from "../../functions/settings";
import { compileLinePattern } from "../../rules/regex/javascript";
import { mostSimilar } from "../../rules";
import { Checks, refuse } from "../errors";
import { Annotations, type Construct } from "../framework";
import { freeText, instance, knownAtSynth, listOf, number, required } from "../props/kinds";
import { readProps, type OptionalProp, type PropTable } from "../props/prop";
import { checkPattern, patternFault } from "./patterns";
import {
  changedPreset,
  checkPreset,
  PRESET_DEFINITION,
  PRESET_FIELDS,
  presetSettings,
  type PresetChanges,
  type PresetDefinition,
} from "./preset";
import { PRESETS, type PresetName } from "./presets";

/** Options of all contents. */
export interface TextOptions {
  /**
   * Encoding of the text: a label of the platform's `TextDecoder`, such as `gbk`, `gb18030`, `big5`, `utf-16le` or
   * `shift_jis`. A byte order mark takes precedence.
   * @default UTF-8
   */
  readonly encoding?: string;
}

/** Options of {@link LogContent.json}. */
export interface JsonOptions extends TextOptions {
  /**
   * Path to the records: a name, such as `Records` for `{"Records": [...]}`, or several names separated by dots, such
   * as `data.items`. Lists along the path are traversed.
   * @default the file is a list of objects, or a sequence of objects
   */
  readonly expand?: string;
}

/** Options of {@link LogContent.csv}. */
export interface CsvOptions extends TextOptions {
  /**
   * `true` if the first row of each file contains the column names; otherwise the names, in order.
   * @default true
   */
  readonly header?: true | readonly string[];
  /**
   * Character between values: a printable ASCII character, or a tab. CLS ships space, tab, `,`, `;` or `|`.
   * @default ","
   */
  readonly delimiter?: string;
  /**
   * Character around values that contain delimiters or line ends; it is doubled inside such a value. Use an empty
   * string for files without quotes.
   * @default '"'
   */
  readonly quote?: string;
  /**
   * Printable ASCII character, such as `\\`, that escapes the next character in a quoted value.
   * @default the quote, which is doubled
   */
  readonly escape?: string;
  /**
   * Printable ASCII character, such as `#`, at the start of comment lines, which are skipped.
   * @default no comments
   */
  readonly comment?: string;
  /**
   * Number of lines to skip at the start of each file, such as a title above the row of column names: 1 to 10000.
   * @default none
   */
  readonly skipLines?: number;
}

/** Options of {@link LogContent.multiline}. */
export interface MultilineOptions extends TextOptions {
  /**
   * Pattern that matches the first line of each record, such as `/^\d{4}-\d{2}-\d{2}/`. It sees the first 4 KiB of a
   * line. Only the flags `i` and `u` are allowed. Matching takes linear time on any input, so look-ahead, look-behind
   * and back-references are refused, and so are `\p{...}` and counts above 1,000.
   */
  readonly startPattern: RegExp | string;
  /**
   * Maximum lines per record, 1 to 100000. The lines that follow become a separate record.
   * @default 500
   */
  readonly maxLines?: number;
  /**
   * Maximum bytes per record, 1 KiB to 64 MiB. The bytes that follow become a separate record.
   * @default 1 MiB
   */
  readonly maxBytes?: number;
}

/** `true`, or a list of names. */
const header: OptionalProp<true | readonly string[]> = {
  read: (given, path, checks) => (given === true ? true : listOf(knownAtSynth(freeText)).read(given, path, checks)),
};

const TEXT: PropTable<TextOptions> = { encoding: knownAtSynth(freeText) };

const JSON_VALUES: PropTable<JsonOptions> = { ...TEXT, expand: knownAtSynth(freeText) };

const CSV: PropTable<CsvOptions> = {
  ...TEXT,
  header,
  delimiter: knownAtSynth(freeText),
  quote: knownAtSynth(freeText),
  escape: knownAtSynth(freeText),
  comment: knownAtSynth(freeText),
  skipLines: number,
};

/** A string, or a regular expression. */
const startPattern: OptionalProp<RegExp | string> = {
  read: (given, path, checks) => (given instanceof RegExp ? given : freeText.read(given, path, checks)),
};

const MULTILINE: PropTable<MultilineOptions> = {
  ...TEXT,
  startPattern: required(knownAtSynth(startPattern), "write one that matches each line which begins a record"),
  maxLines: number,
  maxBytes: number,
};

/**
 * The format of a pipeline's files, which defines what a record is. It applies to all files below the prefix, including
 * those of the pipeline's own shipper, which contain JSON lines: use another format only with a topic that stays empty.
 */
export class LogContent {
  /**
   * JSON lines: each record is a line with a JSON object. CLS ships this format by default.
   * @throws LogsError if an option is not valid
   */
  static jsonLines(options: TextOptions = {}): LogContent {
    return new LogContent({ type: "json", ...textOf("jsonLines", options) });
  }

  /**
   * JSON that is not in lines: each record is an object of a list, of the list at `expand`, or of a sequence of
   * objects, which can span several lines. A record's line is its number in the file.
   * @throws LogsError if an option is not valid
   */
  static json(options: JsonOptions = {}): LogContent {
    const checks = new Checks("LogContent.json");
    const { encoding, expand } = readProps(checks, JSON_VALUES, options);
    checks.throwIfAny();
    return new LogContent({ type: "json-values", expand: expand?.split("."), encoding });
  }

  /**
   * CSV: each record is a row. Its fields are the values, as strings, by column name.
   * @throws LogsError if an option is not valid
   */
  static csv(options: CsvOptions = {}): LogContent {
    const checks = new Checks("LogContent.csv");
    const { header = true, delimiter = ",", quote = '"', ...rest } = readProps(checks, CSV, options);
    checks.throwIfAny();
    return new LogContent({ type: "csv", header, delimiter, quote, ...rest });
  }

  /**
   * Plain text: each record is a line, in the field `__CONTENT__`.
   * @throws LogsError if an option is not valid
   */
  static lines(options: TextOptions = {}): LogContent {
    return new LogContent({ type: "lines", ...textOf("lines", options) });
  }

  /**
   * Multi-line text: each record is a line that matches the start pattern, together with the lines up to the next
   * match, in the field `__CONTENT__`.
   * @throws LogsError if an option is not valid
   */
  static multiline(options: MultilineOptions): LogContent {
    const checks = new Checks("LogContent.multiline");
    const props = readProps(checks, MULTILINE, options);
    const { startPattern, maxLines = 500, maxBytes = 1024 * 1024, encoding } = props;
    checks.throwIfAny();
    const { source, flags } = typeof startPattern === "string" ? { source: startPattern, flags: "" } : startPattern;
    return new LogContent({ type: "multiline", startPattern: source, flags, maxLines, maxBytes, encoding });
  }

  /**
   * A known layout, such as `cos-access`, or one that you describe. Fields are typed, and times are epoch milliseconds.
   * A line that cannot be read completely is invalid.
   *
   * @param preset a name in {@link PRESETS}, or your own definition
   * @param options additions and changes to the types of fields
   * @throws LogsError if the preset is unknown, or a definition or option is not valid
   */
  static preset(preset: PresetName | PresetDefinition, options: PresetChanges = {}): LogContent {
    const checks = new Checks("LogContent.preset");
    const known = typeof preset === "string" ? knownPreset(preset) : readProps(checks, PRESET_DEFINITION, preset);
    const whole = changedPreset(known, readProps(checks, PRESET_FIELDS, options));
    checkPreset(checks, whole);
    checks.throwIfAny();
    return new LogContent(presetSettings(whole));
  }

  private constructor(
    /** The handler's settings of the content. */
    readonly settings: ContentSettings,
  ) {}
}

function knownPreset(name: string): PresetDefinition {
  if (Object.hasOwn(PRESETS, name)) return PRESETS[name as PresetName];
  const names = Object.keys(PRESETS);
  const similar = mostSimilar(name, names);
  return refuse(
    "LogContent.preset",
    "LOGS_CONTENT_PRESET",
    `preset must be a definition or one of ${names.join(", ")}, got ${JSON.stringify(name)}; ` +
      (similar === undefined ? "describe the layout, as { name, columns, ... }" : `did you mean ${similar}?`),
  );
}

function textOf(factory: string, options: TextOptions): TextOptions {
  const checks = new Checks(`LogContent.${factory}`);
  const read = readProps(checks, TEXT, options);
  checks.throwIfAny();
  return read;
}

/** The prop `content` of pipelines. */
export const contentProp = instance<LogContent>(
  "a LogContent",
  "use LogContent.preset, json, csv, lines or multiline",
  {
    others: ["settings"],
  },
);

/** Checks the prop `content`. */
export function checkContent(checks: Checks, { settings }: LogContent): void {
  const { encoding } = settings;
  checks.that(
    encoding === undefined || isEncoding(encoding),
    "LOGS_CONTENT_ENCODING",
    () =>
      `content.encoding must be an encoding that TextDecoder knows, got ${JSON.stringify(encoding)}; ` +
      `write gbk, gb18030, big5, utf-16le or another of its labels`,
  );
  if (settings.type === "json-values") {
    const { expand } = settings;
    checks.that(
      expand === undefined || !expand.includes(""),
      "LOGS_CONTENT_EXPAND",
      () =>
        `content.expand must be names with dots between them, got ${JSON.stringify(expand?.join("."))}; ` +
        `write it like Records or data.items`,
    );
  }
  if (settings.type === "csv") {
    const { comment, delimiter, escape, header, quote, skipLines = 1 } = settings;
    checks
      .that(
        header === true || (header.length > 0 && !header.includes("") && new Set(header).size === header.length),
        "LOGS_CONTENT_CSV",
        () =>
          `content.header must be true or names of columns, got ${JSON.stringify(header)}; leave no name empty, and give none twice`,
      )
      .that(
        isCsvMark(delimiter),
        "LOGS_CONTENT_CSV",
        () =>
          `content.delimiter must be one ASCII character, got ${JSON.stringify(delimiter)}; CLS ships , ; | and tabs`,
      )
      .that(
        quote === "" || (isCsvMark(quote) && quote !== delimiter),
        "LOGS_CONTENT_CSV",
        () =>
          `content.quote must be empty or one ASCII character other than the delimiter, got ${JSON.stringify(quote)}; ` +
          `leave it out for "`,
      )
      .that(
        escape === undefined || (isCsvMark(escape) && escape !== delimiter && quote !== ""),
        "LOGS_CONTENT_CSV",
        () =>
          `content.escape must be one ASCII character other than the delimiter, where there is a quote, got ` +
          `${JSON.stringify(escape)}; leave it out where quotes are doubled`,
      )
      .that(
        comment === undefined || (isCsvMark(comment) && comment !== delimiter && comment !== quote),
        "LOGS_CONTENT_CSV",
        () =>
          `content.comment must be one ASCII character other than the delimiter and the quote, got ` +
          `${JSON.stringify(comment)}; leave it out where there are no comments`,
      )
      .integer("content.skipLines", skipLines, { min: 1, max: 10_000 }, "LOGS_CONTENT_LIMIT");
  }
  if (settings.type === "multiline") {
    const { flags, maxBytes, maxLines, startPattern } = settings;
    const fault = patternFault(
      flags,
      () =>
        compileLinePattern(startPattern, flags).test("") &&
        "it matches empty lines, so that every line would begin a record",
      "describe how the line begins without it",
    );
    checkPattern(checks, "content.startPattern", { source: startPattern, flags }, fault);
    checks
      .integer("content.maxLines", maxLines, { min: 1, max: 100_000 }, "LOGS_CONTENT_LIMIT")
      .integer("content.maxBytes", maxBytes, { min: 1024, max: 64 * 1024 * 1024, unit: "bytes" }, "LOGS_CONTENT_LIMIT");
  }
}

/** Warns because the pipeline's own shipper always writes JSON lines, which would be read as the other content. */
export function warnOfContent(scope: Construct, { settings }: LogContent): void {
  // A JSON line is an object like any other, unless records are nested deeper.
  if (settings.type === "json" || (settings.type === "json-values" && !settings.expand)) return;
  // A topic can contain records that a JSON lines preset describes, such as that of CLB.
  if (settings.type === "preset" && settings.layout.type === "json") return;
  Annotations.of(scope).addWarning(
    `content is ${settings.type}, but the pipeline's shipper writes the topic's records below the same prefix as JSON ` +
      `lines, which are then read as ${settings.type} too; leave content out, or keep the topic empty`,
  );
}

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

/** What any content may say. */
export interface TextOptions {
  /**
   * Encoding of the text: a label of the platform's `TextDecoder`, such as `gbk`, `gb18030`, `big5`, `utf-16le` or
   * `shift_jis`. A byte order mark tells more than this.
   * @default UTF-8
   */
  readonly encoding?: string;
}

/** Options of {@link LogContent.json}. */
export interface JsonOptions extends TextOptions {
  /**
   * Where the records stand: a name, such as `Records` for `{"Records": [...]}`, or several with dots between them, such as
   * `data.items`. Lists on the way are gone through.
   * @default the file is the list, or holds objects one behind the other
   */
  readonly expand?: string;
}

/** Options of {@link LogContent.csv}. */
export interface CsvOptions extends TextOptions {
  /**
   * `true` where the first row of each file names the columns, else their names in order.
   * @default true
   */
  readonly header?: true | readonly string[];
  /**
   * Character between values: one of printable ASCII, or a tab. CLS ships space, tab, `,`, `;` or `|`.
   * @default ","
   */
  readonly delimiter?: string;
  /**
   * Character around values that hold delimiters or line ends; doubled inside such a value. Empty for files without.
   * @default '"'
   */
  readonly quote?: string;
  /**
   * Character that makes the next one a part of a quoted value, such as `\\`: one of printable ASCII.
   * @default the quote, which is doubled
   */
  readonly escape?: string;
  /**
   * Character with which a line begins that is a comment, such as `#`: one of printable ASCII. Comments are left out.
   * @default there are none
   */
  readonly comment?: string;
  /**
   * Lines at the start of each file that are left out, such as a title in front of the row that names the columns: 1 to
   * 10000.
   * @default none
   */
  readonly skipLines?: number;
}

/** Options of {@link LogContent.multiline}. */
export interface MultilineOptions extends TextOptions {
  /**
   * Matches each line that begins a record, such as `/^\d{4}-\d{2}-\d{2}/`; it sees the line's first 4 KiB. Flags `i` and
   * `u` are allowed. No line makes it slow: look-ahead, look-behind and references to groups, which no engine matches in
   * linear time, are refused, and so are `\p{...}` and counts above 1,000.
   */
  readonly startPattern: RegExp | string;
  /**
   * Most lines of a record, 1 to 100000; what follows is a record of its own.
   * @default 500
   */
  readonly maxLines?: number;
  /**
   * Most bytes of a record, 1 KiB to 64 MiB; what follows is a record of its own.
   * @default 1 MiB
   */
  readonly maxBytes?: number;
}

/** `true`, or names. */
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

/** A text, or a regular expression. */
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
 * What the lines of a pipeline's files hold, and so what a record is. All files below the prefix are read alike, those of
 * the pipeline's own shipper as well, which hold JSON lines: anything else is for a topic that stays empty.
 */
export class LogContent {
  /** A record is a line that holds a JSON object: what CLS ships unless told otherwise. */
  static jsonLines(options: TextOptions = {}): LogContent {
    return new LogContent({ type: "json", ...textOf("jsonLines", options) });
  }

  /**
   * A record is an object of JSON that is no lines: of a list, of a list at `expand`, or one of several behind each other,
   * printed over several lines or not. Its line is its number in the file.
   */
  static json(options: JsonOptions = {}): LogContent {
    const checks = new Checks("LogContent.json");
    const { encoding, expand } = readProps(checks, JSON_VALUES, options);
    checks.throwIfAny();
    return new LogContent({ type: "json-values", expand: expand?.split("."), encoding });
  }

  /** A record is a row of CSV; its fields are its values, as strings, by the names of the columns. */
  static csv(options: CsvOptions = {}): LogContent {
    const checks = new Checks("LogContent.csv");
    const { header = true, delimiter = ",", quote = '"', ...rest } = readProps(checks, CSV, options);
    checks.throwIfAny();
    return new LogContent({ type: "csv", header, delimiter, quote, ...rest });
  }

  /** A record is a line of text, in the field `__CONTENT__`. */
  static lines(options: TextOptions = {}): LogContent {
    return new LogContent({ type: "lines", ...textOf("lines", options) });
  }

  /** A record is a line that the start pattern matches, with those up to the next such, in the field `__CONTENT__`. */
  static multiline(options: MultilineOptions): LogContent {
    const checks = new Checks("LogContent.multiline");
    const props = readProps(checks, MULTILINE, options);
    const { startPattern, maxLines = 500, maxBytes = 1024 * 1024, encoding } = props;
    checks.throwIfAny();
    const { source, flags } = typeof startPattern === "string" ? { source: startPattern, flags: "" } : startPattern;
    return new LogContent({ type: "multiline", startPattern: source, flags, maxLines, maxBytes, encoding });
  }

  /**
   * A record of a known layout, such as `cos-access`, or of one that is described: its fields are typed, and times are epoch
   * milliseconds. A line that cannot be read whole is invalid.
   *
   * @param preset a name of {@link PRESETS}, or a definition of one's own
   * @param options what else is known of its fields
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
    /** What the handler is told of it. */
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

/** The pipeline's own shipper writes JSON lines whatever is said here, and they would be read as something else. */
export function warnOfContent(scope: Construct, { settings }: LogContent): void {
  // A line is an object like any other, unless records stand deeper.
  if (settings.type === "json" || (settings.type === "json-values" && !settings.expand)) return;
  // A topic may hold what a preset of JSON lines knows, such as that of CLB.
  if (settings.type === "preset" && settings.layout.type === "json") return;
  Annotations.of(scope).addWarning(
    `content is ${settings.type}, but the pipeline's shipper writes the topic's records below the same prefix as JSON ` +
      `lines, which are then read as ${settings.type} too; leave content out, or keep the topic empty`,
  );
}

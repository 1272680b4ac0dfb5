import { object, oneOf, positiveInteger, texts, wrong } from "./check";

/** JSON lines: a record is a line that holds a JSON object. What CLS ships by default. */
export interface JsonContentSettings {
  readonly type: "json";
}

/** CSV: a record is a row. */
export interface CsvContentSettings {
  readonly type: "csv";
  /** True where the first row of each file names the columns, else their names. */
  readonly header: true | readonly string[];
  /** One ASCII character. */
  readonly delimiter: string;
  /** One ASCII character, or an empty text where values are never quoted. */
  readonly quote: string;
}

/** Text: a record is a line. */
export interface LinesContentSettings {
  readonly type: "lines";
}

/** Text: a record is a line that the start pattern matches, and those that follow it. */
export interface MultilineContentSettings {
  readonly type: "multiline";
  /** Source of a regular expression. */
  readonly startPattern: string;
  /** Its flags: `i`, `u`, both or none. */
  readonly flags: string;
  readonly maxLines: number;
  /** Longest record in bytes, its inner line ends included. */
  readonly maxBytes: number;
}

/** What the lines of an input hold. */
export type ContentSettings =
  JsonContentSettings | CsvContentSettings | LinesContentSettings | MultilineContentSettings;

/** Whether a text can be the delimiter or the quote of CSV: a printable ASCII character or a tab. */
export function isCsvMark(text: string): boolean {
  return /^[\t\x20-\x7e]$/.test(text);
}

/** Reads and checks the field; throws `SettingsError`. */
export function readContent(value: unknown, path: string): ContentSettings {
  const settings = object(value, path);
  const type = oneOf(settings.type, `${path}.type`, ["json", "csv", "lines", "multiline"]);
  if (type === "csv") return csv(settings, path);
  if (type === "multiline") return multiline(settings, path);
  return { type };
}

function csv(settings: Record<string, unknown>, path: string): CsvContentSettings {
  const { delimiter, quote } = settings;
  const header = settings.header === true ? true : texts(settings.header, `${path}.header`);
  if (typeof delimiter !== "string" || !isCsvMark(delimiter)) {
    throw wrong(`${path}.delimiter`, "must be one ASCII character", delimiter);
  }
  if (typeof quote !== "string" || quote === delimiter || !(quote === "" || isCsvMark(quote))) {
    throw wrong(`${path}.quote`, "must be empty or one ASCII character other than the delimiter", quote);
  }
  return { type: "csv", header, delimiter, quote };
}

function multiline(settings: Record<string, unknown>, path: string): MultilineContentSettings {
  const { startPattern, flags } = settings;
  if (typeof startPattern !== "string" || typeof flags !== "string" || !compiles(startPattern, flags)) {
    throw wrong(`${path}.startPattern`, "must be a regular expression", startPattern);
  }
  return {
    type: "multiline",
    startPattern,
    flags,
    maxLines: positiveInteger(settings.maxLines, `${path}.maxLines`),
    maxBytes: positiveInteger(settings.maxBytes, `${path}.maxBytes`),
  };
}

function compiles(source: string, flags: string): boolean {
  try {
    return /^[iu]*$/.test(flags) && new RegExp(source, flags) instanceof RegExp;
  } catch {
    return false;
  }
}

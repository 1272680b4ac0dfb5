import { PRESET } from "./preset";
import { byType, checked, list, object, optional, positiveInteger, type Read, rule, type Schema, text } from "./schema";
import { compiles, isCsvMark, PATTERN_RULE, TEXT } from "./text";

export { isCsvMark, isEncoding } from "./text";

const QUOTE_RULE = "must be empty or one ASCII character other than the delimiter";
const ESCAPE_RULE = "must be one ASCII character other than the delimiter, where there is a quote";
const COMMENT_RULE = "must be one ASCII character other than the delimiter and the quote";

const columns = list(text);

/** True, or a list of names. */
const header: Schema<true | readonly string[]> = {
  read: (given, reading) => (given === true ? true : columns.read(given, reading)),
};

/** The format of an input. */
export const CONTENT = byType({
  /** JSON lines: each record is a line with a JSON object. CLS ships this format by default. */
  json: object(TEXT),
  /** JSON that is not in lines: each record is an object of a list, or of a sequence of objects. */
  "json-values": object({
    ...TEXT,
    /** Names that lead to the list or the object. @default none: the file itself is the list */
    expand: optional(list(text)),
  }),
  /** CSV: each record is a row. */
  csv: checked(
    object({
      ...TEXT,
      /** True if the first row of each file contains the column names; otherwise the names. */
      header,
      /** One ASCII character. */
      delimiter: rule<string>(isCsvMark, "must be one ASCII character"),
      /** One ASCII character, or an empty string if values are never quoted. */
      quote: rule<string>((given) => given === "" || isCsvMark(given), QUOTE_RULE),
      /** Character that escapes a quote, or itself, in a quoted value. @default the quote */
      escape: optional(rule<string>(isCsvMark, ESCAPE_RULE)),
      /** Character at the start of comment lines. @default no comments */
      comment: optional(rule<string>(isCsvMark, COMMENT_RULE)),
      /** Number of lines to skip at the start of each file. @default 0 */
      skipLines: optional(positiveInteger),
    }),
    ({ delimiter, quote, escape, comment }, reading) => {
      if (quote === delimiter) reading.at("quote").report(QUOTE_RULE, quote);
      if (escape === delimiter || (escape !== undefined && quote === "")) {
        reading.at("escape").report(ESCAPE_RULE, escape);
      }
      if (comment !== undefined && [delimiter, quote].includes(comment)) {
        reading.at("comment").report(COMMENT_RULE, comment);
      }
    },
  ),
  /** Plain text: each record is a line. */
  lines: object(TEXT),
  /** Multi-line text: each record is a line that matches the start pattern, and the lines that follow it. */
  multiline: checked(
    object({
      ...TEXT,
      /** Source of a regular expression. */
      startPattern: rule<string>((given) => typeof given === "string", PATTERN_RULE),
      /** Its flags: `i`, `u`, both or none. */
      flags: rule<string>((given) => typeof given === "string", "must be a text"),
      maxLines: positiveInteger,
      /** Maximum bytes of a record, including its inner line ends. */
      maxBytes: positiveInteger,
    }),
    ({ startPattern, flags }, reading) => {
      if (!compiles(startPattern, flags)) reading.at("startPattern").report(PATTERN_RULE, startPattern);
    },
  ),
  /** A known layout, whose records have typed fields. */
  preset: PRESET,
});

export type ContentSettings = Read<typeof CONTENT>;
export type CsvContentSettings = Extract<ContentSettings, { type: "csv" }>;
export type PresetContentSettings = Extract<ContentSettings, { type: "preset" }>;
export type MultilineContentSettings = Extract<ContentSettings, { type: "multiline" }>;

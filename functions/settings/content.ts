import { PRESET } from "./preset";
import { byType, checked, list, object, optional, positiveInteger, type Read, rule, type Schema, text } from "./schema";
import { compiles, isCsvMark, PATTERN_RULE, TEXT } from "./text";

export { isCsvMark, isEncoding } from "./text";

const QUOTE_RULE = "must be empty or one ASCII character other than the delimiter";
const ESCAPE_RULE = "must be one ASCII character other than the delimiter, where there is a quote";
const COMMENT_RULE = "must be one ASCII character other than the delimiter and the quote";

const columns = list(text);

/** True, or names. */
const header: Schema<true | readonly string[]> = {
  read: (given, reading) => (given === true ? true : columns.read(given, reading)),
};

/** What the lines of an input hold. */
export const CONTENT = byType({
  /** JSON lines: a record is a line that holds a JSON object. What CLS ships by default. */
  json: object(TEXT),
  /** JSON that is no lines: a record is an object of a list, or one of those behind each other. */
  "json-values": object({
    ...TEXT,
    /** Names that lead to the list, or to the object. @default none: the file itself is the list */
    expand: optional(list(text)),
  }),
  /** CSV: a record is a row. */
  csv: checked(
    object({
      ...TEXT,
      /** True where the first row of each file names the columns, else their names. */
      header,
      /** One ASCII character. */
      delimiter: rule<string>(isCsvMark, "must be one ASCII character"),
      /** One ASCII character, or an empty text where values are never quoted. */
      quote: rule<string>((given) => given === "" || isCsvMark(given), QUOTE_RULE),
      /** What stands before a quote, or itself, inside of a quoted value. @default the quote */
      escape: optional(rule<string>(isCsvMark, ESCAPE_RULE)),
      /** What a comment begins with, which is a line. @default there are none */
      comment: optional(rule<string>(isCsvMark, COMMENT_RULE)),
      /** Lines at the start of each file that are left out. @default 0 */
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
  /** Text: a record is a line. */
  lines: object(TEXT),
  /** Text: a record is a line that the start pattern matches, and those that follow it. */
  multiline: checked(
    object({
      ...TEXT,
      /** Source of a regular expression. */
      startPattern: rule<string>((given) => typeof given === "string", PATTERN_RULE),
      /** Its flags: `i`, `u`, both or none. */
      flags: rule<string>((given) => typeof given === "string", "must be a text"),
      maxLines: positiveInteger,
      /** Longest record in bytes, its inner line ends included. */
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

import { optional, rule } from "./schema";

/** What all content may say that is text. */
export const TEXT = {
  /** One of TextDecoder's labels. @default UTF-8 */
  encoding: optional(rule<string>(isEncoding, "must be an encoding that TextDecoder knows, such as gbk")),
};

export const PATTERN_RULE = "must be a regular expression";

/** Whether a value can be the delimiter or the quote of CSV: a printable ASCII character or a tab. */
export function isCsvMark(value: unknown): boolean {
  return typeof value === "string" && /^[\t\x20-\x7e]$/.test(value);
}

/** Whether a value names an encoding that the platform can read. */
export function isEncoding(value: unknown): boolean {
  try {
    return typeof value === "string" && new TextDecoder(value).encoding !== "";
  } catch {
    return false;
  }
}

/** Whether a text is a regular expression with no flags but `i` and `u`. */
export function compiles(source: string, flags: string): boolean {
  try {
    return /^[iu]*$/.test(flags) && new RegExp(source, flags) instanceof RegExp;
  } catch {
    return false;
  }
}

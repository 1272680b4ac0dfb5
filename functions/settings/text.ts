import { optional, rule } from "./schema";

/** Options of all text content. */
export const TEXT = {
  /** A label of TextDecoder. @default UTF-8 */
  encoding: optional(rule<string>(isEncoding, "must be an encoding that TextDecoder knows, such as gbk")),
};

export const PATTERN_RULE = "must be a regular expression";

/** Whether a value can be the delimiter or the quote of CSV: a printable ASCII character or a tab. */
export function isCsvMark(value: unknown): boolean {
  return typeof value === "string" && /^[\t\x20-\x7e]$/.test(value);
}

/** Whether the platform supports an encoding of that name. */
export function isEncoding(value: unknown): boolean {
  try {
    return typeof value === "string" && new TextDecoder(value).encoding !== "";
  } catch {
    return false;
  }
}

/** Whether a text is a regular expression with no flags except `i` and `u`. */
export function compiles(source: string, flags: string): boolean {
  try {
    return /^[iu]*$/.test(flags) && new RegExp(source, flags) instanceof RegExp;
  } catch {
    return false;
  }
}

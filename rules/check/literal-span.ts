import type { Span } from "./problem";
import type { Value } from "../run/values";

/**
 * Position of a character of a constant in the rule text, if the text contains the constant unescaped; otherwise that
 * of the argument.
 *
 * @param offset of the character, in UTF-16 units
 */
export function spanIn(ruleText: string, span: Span, value: Value | undefined, offset: number): Span {
  if (typeof value !== "string") return span;
  const source = ruleText.slice(span.start, span.end);
  const at = source.indexOf(value);
  const isVerbatim = at > 0 && at <= 5 && source.length - at - value.length <= 3;
  if (!isVerbatim) return span;
  const start = Math.min(span.start + at + offset, span.end - 1);
  return { start, end: start + 1 };
}

import type { Masker, RedactCounts } from "./masker";

const NUMBER = /-?\d[\d.eE+-]*/g;

/**
 * A line of JSON in which the masker's findings in texts, keys and numbers are masked and everything else is unchanged;
 * undefined if nothing is found. It works on the text instead of parsed values, so that nothing is missed in duplicate
 * keys, at any depth, or in any spelling. Text that is not JSON is masked as a whole.
 */
export function maskJson(text: string, masker: Masker, counts: RedactCounts): string | undefined {
  let masked = "";
  let copied = 0;
  const put = (start: number, end: number, replacement: string): void => {
    masked += text.slice(copied, start) + replacement;
    copied = end;
  };
  const keys = new Map<string, number>();
  let key: string | undefined;
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const gapEnd = quote === -1 ? text.length : quote;
    const gap = text.slice(at, gapEnd);
    for (const { 0: token, index } of gap.matchAll(NUMBER)) {
      const number = masker.number(token, counts);
      if (number !== undefined) put(at + index, at + index + token.length, JSON.stringify(number));
    }
    if (quote === -1) break;
    const end = endOfString(text, quote + 1);
    const token = text.slice(quote, end);
    const isKey = /^\s*:/.test(text.slice(end, end + 16));
    const value = valueOf(token);
    const found = masker.text(value, counts, isKey || !/^\s*:\s*$/.test(gap) ? undefined : key);
    if (found !== value) put(quote, end, JSON.stringify(isKey ? ownKey(found, keys) : found));
    key = isKey ? value : undefined;
    at = end;
  }
  return copied === 0 ? undefined : masked + text.slice(copied);
}

/** Keeps two keys of an object from becoming equal. */
function ownKey(key: string, keys: Map<string, number>): string {
  const count = (keys.get(key) ?? 0) + 1;
  keys.set(key, count);
  return count === 1 ? key : `${key} ${count}`;
}

/** The offset after the quote that ends a string, or the end of the text. */
function endOfString(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let backslashes = 0;
    while (text[quote - 1 - backslashes] === "\\" && quote - backslashes > from) backslashes++;
    if (backslashes % 2 === 0) return quote + 1;
  }
  return text.length;
}

/** The value of a string token; if it is not valid JSON, its raw contents. */
function valueOf(token: string): string {
  if (!token.includes("\\")) return token.slice(1, token.endsWith('"') && token.length > 1 ? -1 : undefined);
  try {
    return JSON.parse(token) as string;
  } catch {
    return token.slice(1);
  }
}

import type { FieldValue } from "../records/contracts";

/** Depth below which values are not checked individually, because one call per level could exhaust the stack. */
const MAX_DEPTH = 100;

/**
 * Whether a parsed value can contain a number that lost digits: an integer beyond 2^53 - 1, or an overflow. It can also
 * be a fraction or a power of that size, which only its text shows.
 */
export function mayHoldBigNumber(value: FieldValue, depth = 0): boolean {
  if (typeof value === "number") return value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER;
  if (typeof value !== "object" || value === null) return false;
  if (depth === MAX_DEPTH) return true;
  if (Array.isArray(value)) return value.some((item) => mayHoldBigNumber(item, depth + 1));
  for (const name in value) {
    const field = value[name];
    if (typeof field !== "string" && mayHoldBigNumber(field, depth + 1)) return true;
  }
  return false;
}

/** Matches JSON text that can contain a number that a double cannot represent. Most texts need no closer check. */
const MAYBE_BIG = /\d{16}|\d[eE]/;

/**
 * Parses a JSON text with each number that a double cannot represent as its own digits, and returns their count,
 * including those whose key occurs again; undefined if the text is not JSON.
 */
export function parseExactly(json: string): { readonly value: unknown; readonly bigNumbers: number } | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (!MAYBE_BIG.test(json)) return { value, bigNumbers: 0 };
    const { json: quoted, count } = quoteBigNumbers(json);
    return { value: count === 0 ? value : JSON.parse(quoted), bigNumbers: count };
  } catch {
    return undefined;
  }
}

/**
 * Returns JSON text in which each number that a double cannot represent is a string with its source text: integers
 * beyond 2^53 - 1, and numbers that overflow. Fractions become doubles, as in other JSON readers.
 *
 * @param json valid JSON; returned unchanged if it has no such number
 */
export function quoteBigNumbers(json: string): { json: string; count: number } {
  let quoted = "";
  let copied = 0;
  let count = 0;
  const token = /"|-?\d[\d.eE+-]*/g;
  for (let found = token.exec(json); found; found = token.exec(json)) {
    if (found[0] === '"') token.lastIndex = endOfString(json, found.index);
    else if (isBig(found[0])) {
      quoted += `${json.slice(copied, found.index)}"${found[0]}"`;
      copied = token.lastIndex;
      count++;
    }
  }
  return { json: quoted + json.slice(copied), count };
}

function isBig(source: string): boolean {
  const number = Number(source);
  return Number.isInteger(number) ? !Number.isSafeInteger(number) && /^-?\d+$/.test(source) : !Number.isFinite(number);
}

/** Position after the string that begins at `start`. */
function endOfString(json: string, start: number): number {
  for (let end = json.indexOf('"', start + 1); ; end = json.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (json[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end + 1;
  }
}

import { replaceUnits } from "../run/length";

const INT = /^[-+]?[0-9]+$/;
/**
 * Its parts must not overlap in the digits that they match: otherwise text that is not a number would take quadratic
 * time.
 */
const FLOAT = /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?$/i;
const MISPLACED_UNDERSCORE = /(?:^|[^0-9])_|_(?:[^0-9]|$)/;
const SPECIAL = /^([-+]?)(?:(inf(?:inity)?)|nan)$/i;

/** Python refuses to parse longer integers. */
const MAX_DIGITS = 4300;

/** The int or float in a text, as Python's `int` and `float` parse it; null if there is none. */
export function parseNumber(text: string): number | bigint | null {
  const trimmed = text.trim();
  if (MISPLACED_UNDERSCORE.test(trimmed)) return null;
  const digits = replaceUnits(trimmed, "_", "");
  if (INT.test(digits)) return digits.length > MAX_DIGITS ? null : BigInt(digits.replace(/^\+/, ""));
  const special = SPECIAL.exec(trimmed);
  if (special) return special[2] ? (special[1] === "-" ? -Infinity : Infinity) : NaN;
  return FLOAT.test(digits) ? Number(digits) : null;
}

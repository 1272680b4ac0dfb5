import { replaceUnits } from "../run/length";

const INT = /^[-+]?[0-9]+$/;
/** No two of its parts may take the same digits: a text that is no number in the end would take quadratic time. */
const FLOAT = /^[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[-+]?[0-9]+)?$/i;
const MISPLACED_UNDERSCORE = /(?:^|[^0-9])_|_(?:[^0-9]|$)/;
const SPECIAL = /^([-+]?)(?:(inf(?:inity)?)|nan)$/i;

/** Python reads no longer integers out of text. */
const MAX_DIGITS = 4300;

/** The int or float that a text holds, as Python's `int` and `float` read it; null where it holds none. */
export function parseNumber(text: string): number | bigint | null {
  const trimmed = text.trim();
  if (MISPLACED_UNDERSCORE.test(trimmed)) return null;
  const digits = replaceUnits(trimmed, "_", "");
  if (INT.test(digits)) return digits.length > MAX_DIGITS ? null : BigInt(digits.replace(/^\+/, ""));
  const special = SPECIAL.exec(trimmed);
  if (special) return special[2] ? (special[1] === "-" ? -Infinity : Infinity) : NaN;
  return FLOAT.test(digits) ? Number(digits) : null;
}

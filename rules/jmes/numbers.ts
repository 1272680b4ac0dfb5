const INT = /^[-+]?[0-9]+(?:_[0-9]+)*$/;
const FLOAT = /^[-+]?(?:(?:[0-9]+(?:_[0-9]+)*)?\.?(?:[0-9]+(?:_[0-9]+)*)?)(?:e[-+]?[0-9]+(?:_[0-9]+)*)?$/i;
const SPECIAL = /^([-+]?)(?:(inf(?:inity)?)|nan)$/i;

/** Python reads no longer integers out of text. */
const MAX_DIGITS = 4300;

/** The int or float that a text holds, as Python's `int` and `float` read it; null where it holds none. */
export function parseNumber(text: string): number | bigint | null {
  const trimmed = text.trim();
  const digits = trimmed.replaceAll("_", "");
  if (INT.test(trimmed)) return digits.length > MAX_DIGITS ? null : BigInt(digits.replace(/^\+/, ""));
  const special = SPECIAL.exec(trimmed);
  if (special) return special[2] ? (special[1] === "-" ? -Infinity : Infinity) : NaN;
  return FLOAT.test(trimmed) && /^[-+]?\.?[0-9]/.test(trimmed) ? Number(digits) : null;
}

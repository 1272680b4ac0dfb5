/** JSON where it stands: how far a value reaches, and what it is. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The first offset from `at` on that holds no space of JSON's. */
export function skipSpaces(json: Buffer, at: number): number {
  while (isSpace(json[at])) at++;
  return at;
}

/** The offset behind the value that begins at `at`, if it is one; whether it is, {@link valueIn} tells. */
export function endOfValue(json: Buffer, at: number): number {
  if (json[at] === QUOTE) return endOfString(json, at);
  if (!isOpening(json[at])) return endOfScalar(json, at);
  let depth = 0;
  while (at < json.length) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at);
      continue;
    }
    at++;
    if (isOpening(byte)) depth++;
    else if (isClosing(byte) && --depth === 0) return at;
  }
  return json.length;
}

function endOfString(json: Buffer, at: number): number {
  for (at++; at < json.length; at++) {
    if (json[at] === QUOTE) return at + 1;
    if (json[at] === BACKSLASH) at++;
  }
  return json.length;
}

function endOfScalar(json: Buffer, at: number): number {
  while (at < json.length && json[at] !== COMMA && !isClosing(json[at]) && !isSpace(json[at])) at++;
  return at;
}

/** A value in a field of its own, since it may be anything; undefined where no JSON stands there. */
export function valueIn(json: Buffer, start: number, end: number): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(json.toString("utf8", start, end)) };
  } catch {
    return undefined;
  }
}

export const COMMA = 0x2c;
export const COLON = 0x3a;
export const OPENING_BRACE = 0x7b;
export const CLOSING_BRACE = 0x7d;
export const OPENING_BRACKET = 0x5b;
export const CLOSING_BRACKET = 0x5d;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function isOpening(byte: number): boolean {
  return byte === OPENING_BRACE || byte === OPENING_BRACKET;
}

function isClosing(byte: number): boolean {
  return byte === CLOSING_BRACE || byte === CLOSING_BRACKET;
}

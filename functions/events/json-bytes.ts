/** Reads JSON in place: where a value ends, and its value. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The first offset from `at` on that is not JSON whitespace. */
export function skipSpaces(json: Buffer, at: number): number {
  while (isSpace(json[at])) at++;
  return at;
}

/** The offset after the value that begins at `at`, provided that it is a value, which {@link valueIn} checks. */
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

/** A value, wrapped in an object because it can be anything; undefined if the bytes are not JSON. */
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

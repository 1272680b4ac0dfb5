import { CARRIAGE_RETURN, isAt, isIn, LINE_FEED, QUOTE, SPACE, TAB } from "./bytes";

const BACKSLASH: u32 = 0x5c;
const COLON: u32 = 0x3a;
const MINUS: u32 = 0x2d;
const POINT: u32 = 0x2e;
const ZERO: u32 = 0x30;
const OPENING_BRACE: u32 = 0x7b;
const OPENING_BRACKET: u32 = 0x5b;

/** Tests of a member's value: its text starts with another text, is equal to it, or contains it. */
export const STARTS: u32 = 1;
export const IS: u32 = 2;
export const HOLDS: u32 = 3;

/** Number of digits that a double always represents exactly. */
const EXACT_DIGITS: i32 = 15;
/** Number of digits after the decimal point up to which a number is printed without an exponent. */
const PLAIN_FRACTION: i32 = 6;

/**
 * Whether the value after a key matches. The position is that after the key's closing quote. True if it cannot be
 * decided: if the text ends before, or the value is written in a way that is not examined.
 *
 * @param isInner whether the member is in text that is itself a JSON string
 */
export function isMember(
  at: i32,
  end: i32,
  test: u32,
  value: i32,
  length: i32,
  ignoresCase: bool,
  isInner: bool,
): bool {
  at = skipSpaces(at, end);
  if (at >= end) return true;
  let byte: u32 = load<u8>(at);
  // If it is not a key, it can be a string, or part of one.
  if (byte !== COLON) return isInner && byte === BACKSLASH;
  at = skipSpaces(at + 1, end);
  if (at >= end) return true;
  byte = load<u8>(at);
  if (isInner) {
    if (byte === BACKSLASH) {
      at++;
      byte = load<u8>(at);
      if (at >= end || byte !== QUOTE) return true;
    } else if (byte === QUOTE) {
      return true;
    }
  }
  if (byte === QUOTE) return isString(at + 1, end, test, value, length, ignoresCase, isInner);
  if (byte === MINUS || byte - ZERO <= 9) return isNumber(at, end, test, value, length, ignoresCase);
  switch (byte) {
    case 0x74: // true
    case 0x66: // false
      if (test === HOLDS) return isIn(at, at + 5 < end ? at + 5 : end, value, length, ignoresCase);
      return at + length > end || isAt(at, value, length, ignoresCase);
    case 0x6e: // null, whose text is empty
      return false;
    case OPENING_BRACE:
    case OPENING_BRACKET:
      // The text cannot contain a bracket, but it can be inside brackets.
      return test === HOLDS;
    default:
      return true;
  }
}

/** A string, from after its opening quote. */
function isString(at: i32, end: i32, test: u32, value: i32, length: i32, ignoresCase: bool, isInner: bool): bool {
  if (test !== HOLDS) {
    if (at + length >= end) return true;
    if (!isAt(at, value, length, ignoresCase)) return false;
    if (test === STARTS) return true;
    const behind: u32 = load<u8>(at + length);
    return behind === (isInner ? BACKSLASH : QUOTE);
  }
  for (; at < end; at++) {
    const byte: u32 = load<u8>(at);
    if (byte === BACKSLASH) {
      if (!isInner) {
        at++;
        continue;
      }
      const next: u32 = at + 1 < end ? load<u8>(at, 1) : 0;
      if (next === QUOTE) return false;
      // Two of them begin an escape of the inner text. A quote or a backslash there is escaped itself.
      if (next !== BACKSLASH || at + 2 >= end) return true;
      at += load<u8>(at, 2) === BACKSLASH ? 3 : 2;
      continue;
    }
    if (byte === QUOTE) return isInner;
    if (at + length > end) return true;
    if (isAt(at, value, length, ignoresCase)) return true;
  }
  return true;
}

/** A number. Its text can differ from what is written here if it is long, has an exponent, or is a negative zero. */
function isNumber(at: i32, end: i32, test: u32, value: i32, length: i32, ignoresCase: bool): bool {
  const start = at;
  const isNegative = load<u8>(at) === MINUS;
  if (isNegative) at++;
  const isBelowOne = load<u8>(at) === ZERO;
  let isZero = true;
  let digits = 0;
  let wholeDigits = -1;
  for (; at < end; at++) {
    const byte: u32 = load<u8>(at);
    if (byte - ZERO <= 9) {
      digits++;
      if (byte !== ZERO) isZero = false;
    } else if (byte === POINT) {
      wholeDigits = digits;
    } else {
      break;
    }
  }
  if (at >= end || digits > EXACT_DIGITS || (isNegative && isZero)) return true;
  if (isBelowOne && wholeDigits >= 0 && digits - wholeDigits > PLAIN_FRACTION) return true;
  if (((<u32>load<u8>(at)) | 0x20) === 0x65) return true;
  // Zeros at the end of a fraction are not in the text, which the number here begins with.
  if (test === HOLDS) return isIn(start, at, value, length, ignoresCase);
  return start + length <= at && isAt(start, value, length, ignoresCase);
}

function skipSpaces(at: i32, end: i32): i32 {
  while (at < end) {
    const byte: u32 = load<u8>(at);
    if (byte !== SPACE && byte !== TAB && byte !== CARRIAGE_RETURN && byte !== LINE_FEED) return at;
    at++;
  }
  return at;
}

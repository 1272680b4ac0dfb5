/**
 * The tokens of JSON. Each function takes the address of a token's first byte and returns the address behind it, or 0 where
 * there is no such token. None of them goes beyond a line feed, which stands behind each text.
 */

export const QUOTE: u32 = 0x22;
export const COMMA: u32 = 0x2c;
export const COLON: u32 = 0x3a;
export const OPENING_BRACE: u32 = 0x7b;
export const CLOSING_BRACE: u32 = 0x7d;
export const OPENING_BRACKET: u32 = 0x5b;
export const CLOSING_BRACKET: u32 = 0x5d;
export const LINE_FEED: u32 = 0x0a;

const BACKSLASH: u32 = 0x5c;
const MINUS: u32 = 0x2d;
const PLUS: u32 = 0x2b;
const POINT: u32 = 0x2e;
const ZERO: u32 = 0x30;
const SPACE: u32 = 0x20;
const TAB: u32 = 0x09;
const CARRIAGE_RETURN: u32 = 0x0d;

/** What a value is; `members` of the tape hold one of these, and the traits below. */
export const STRING: i32 = 0;
/** A number whose double is on the tape. */
export const NUMBER: i32 = 1;
/** A number that must be read from its text. */
export const LONG_NUMBER: i32 = 2;
export const TRUE: i32 = 3;
export const FALSE: i32 = 4;
export const NULL: i32 = 5;
export const OBJECT: i32 = 6;
export const LIST: i32 = 7;

/**
 * Traits of what was met since the traits were last cleared: a backslash, a byte beyond ASCII, a number that may be another
 * one once it was read and written: one that is big, with a fraction or without, or a zero with a minus.
 */
export const ESCAPED: i32 = 16;
export const WIDE: i32 = 32;
export const MAYBE_BIG: i32 = 64;
export let traits: i32 = 0;
export function setTraits(value: i32): void {
  traits = value;
}

/** What the last number or word was, and its double where it is {@link NUMBER}. */
export let kind: i32 = 0;
export let double: f64 = 0;

/** The first address from `at` on that holds no space of JSON's, line feeds aside. */
export function skipSpaces(at: i32): i32 {
  while (true) {
    const byte: u32 = load<u8>(at);
    if (byte > SPACE) return at;
    if (byte !== SPACE && byte !== TAB && byte !== CARRIAGE_RETURN) return at;
    at++;
  }
}

/** A string, from its opening quote on. */
export function skipString(at: i32): i32 {
  at++;
  while (true) {
    const bytes = v128.load(at);
    const isControl = i8x16.eq(i8x16.min_u(bytes, i8x16.splat(0x1f)), bytes);
    const isQuote = i8x16.eq(bytes, i8x16.splat(<i8>QUOTE));
    const isBackslash = i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH));
    const stops = i8x16.bitmask(v128.or(v128.or(isQuote, isBackslash), isControl));
    const wide = i8x16.bitmask(bytes);
    if (stops === 0) {
      if (wide !== 0) traits |= WIDE;
      at += 16;
      continue;
    }
    if ((wide & (stops ^ (stops - 1))) !== 0) traits |= WIDE;
    at += ctz(stops);
    const byte: u32 = load<u8>(at);
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) return 0;
    traits |= ESCAPED;
    at = skipEscape(at);
    if (at === 0) return 0;
  }
}

/**
 * The same of a string that may hold JSON, where about each tenth byte is an escaped quote: these are not looked at one by one,
 * and no branch depends on where they are.
 */
export function skipInnerText(at: i32): i32 {
  at++;
  let beyondAscii: i32 = 0;
  let escapes: i32 = 0;
  /** Whether the byte before is the backslash of an escape. */
  let open: i32 = 0;
  while (true) {
    const bytes = v128.load(at);
    const controls = i8x16.bitmask(i8x16.eq(i8x16.min_u(bytes, i8x16.splat(0x1f)), bytes));
    const quotes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>QUOTE)));
    const backslashes = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH)));
    const wide = i8x16.bitmask(bytes);
    const escaped = (backslashes << 1) | open;
    const ends = quotes & ~escaped;
    if ((controls | ends | (escaped & 0xffff & ~quotes)) === 0) {
      beyondAscii |= wide;
      escapes |= backslashes;
      open = backslashes >>> 15;
      at += 16;
      continue;
    }
    if (open !== 0) {
      at--;
      open = 0;
    } else {
      const stops = controls | quotes | backslashes;
      beyondAscii |= wide & (stops ^ (stops - 1));
      at += ctz(stops);
    }
    const byte: u32 = load<u8>(at);
    if (byte === QUOTE) break;
    if (byte !== BACKSLASH) return 0;
    escapes = 1;
    at = skipEscape(at);
    if (at === 0) return 0;
  }
  if (beyondAscii !== 0) traits |= WIDE;
  if (escapes !== 0) traits |= ESCAPED;
  return at + 1;
}

/** An escape, from its backslash on. */
function skipEscape(at: i32): i32 {
  switch (load<u8>(at, 1)) {
    case 0x22: // "
    case 0x2f: // /
    case 0x5c: // \
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return at + 2;
    case 0x75: // u
      for (let digit = 2; digit < 6; digit++) if (!isHex(load<u8>(at + digit))) return 0;
      return at + 6;
    default:
      return 0;
  }
}

function isHex(byte: u32): bool {
  return byte - ZERO <= 9 || (byte | 0x20) - 0x61 <= 5;
}

/** A number or a word. Sets {@link kind} and {@link double}. */
export function skipScalar(at: i32): i32 {
  switch (load<u8>(at)) {
    case 0x74:
      kind = TRUE;
      return load<u32>(at) === 0x65757274 ? at + 4 : 0;
    case 0x66:
      kind = FALSE;
      return load<u32>(at, 1) === 0x65736c61 ? at + 5 : 0;
    case 0x6e:
      kind = NULL;
      return load<u32>(at) === 0x6c6c756e ? at + 4 : 0;
    default:
      return skipNumber(at);
  }
}

/** Digits of which a word of 64 bits holds any. */
const WORD_DIGITS: i32 = 18;
/** The largest integer up to which doubles hold all: 2^53 - 1. */
const MAX_SAFE: u64 = 9007199254740991;
/** Powers of ten, up to that of so many digits behind the point: a double holds each as it is. */
const POWERS = memory.data<f64>([
  1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
]);
/** A number with fewer digits in front of its point is below 2^53. */
const BIG_DIGITS: i32 = 16;
/** A number of no more digits, and of no more in its exponent, is one that a double can hold, and none that it takes for 0. */
const FINITE_DIGITS: i32 = 100;
const FINITE_EXPONENT_DIGITS: i32 = 2;

/**
 * The double of a short number is exact: digits that are an exact double, divided by an exact power of ten, are rounded
 * once, as the nearest double of the decimal is.
 */
function skipNumber(at: i32): i32 {
  const isNegative = load<u8>(at) === MINUS;
  if (isNegative) at++;
  const start = at;
  let value: u64 = <u64>load<u8>(at) - ZERO;
  if (value > 9) return 0;
  at++;
  let digit: u32 = <u32>load<u8>(at) - ZERO;
  if (value === 0) {
    if (digit <= 9) return 0;
  } else {
    for (; digit <= 9; digit = <u32>load<u8>(at) - ZERO) {
      value = value * 10 + digit;
      at++;
    }
  }
  const wholeDigits = at - start;
  let digits = wholeDigits;
  let fractionDigits = 0;
  if (digit + ZERO === POINT) {
    at++;
    const first = at;
    for (digit = <u32>load<u8>(at) - ZERO; digit <= 9; digit = <u32>load<u8>(at) - ZERO) {
      value = value * 10 + digit;
      at++;
    }
    fractionDigits = at - first;
    if (fractionDigits === 0) return 0;
    digits += fractionDigits;
  }
  if (((digit + ZERO) | 0x20) === 0x65) {
    kind = LONG_NUMBER;
    at = skipExponent(at, wholeDigits);
    if (digits > FINITE_DIGITS || value === 0) traits |= MAYBE_BIG;
    return at;
  }
  if (digits <= WORD_DIGITS && value <= MAX_SAFE) {
    kind = NUMBER;
    let result = <f64>value;
    if (fractionDigits > 0) result /= load<f64>(POWERS + (fractionDigits << 3));
    double = isNegative ? -result : result;
    if (isNegative && value === 0) traits |= MAYBE_BIG;
    return at;
  }
  kind = LONG_NUMBER;
  if (wholeDigits >= BIG_DIGITS || digits > FINITE_DIGITS || value === 0) traits |= MAYBE_BIG;
  return at;
}

/** An exponent, from its letter on, of a number with so many digits in front of its point. */
function skipExponent(at: i32, wholeDigits: i32): i32 {
  at++;
  const sign: u32 = load<u8>(at);
  if (sign === MINUS || sign === PLUS) at++;
  const first = at;
  let exponent: i32 = 0;
  for (; <u32>load<u8>(at) - ZERO <= 9; at++) exponent = exponent * 10 + (load<u8>(at) - ZERO);
  const digits = at - first;
  if (digits > FINITE_EXPONENT_DIGITS) traits |= MAYBE_BIG;
  if (wholeDigits + (sign === MINUS ? 0 : exponent) >= BIG_DIGITS) traits |= MAYBE_BIG;
  return digits === 0 ? 0 : at;
}

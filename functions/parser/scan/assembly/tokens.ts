/**
 * The tokens of JSON. Each function takes the address of a token's first byte and returns the address after it, or 0 if
 * there is no such token. None of them reads beyond a line feed, which follows each text.
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

/** Kinds of values. The tape contains one of these for each member, and the traits below. */
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
 * Traits of everything since the traits were last cleared: a backslash, a byte beyond ASCII, or a number that can
 * change when it is read and written: a big one, with or without a fraction, or a negative zero.
 */
export const ESCAPED: i32 = 16;
export const WIDE: i32 = 32;
export const MAYBE_BIG: i32 = 64;
export let traits: i32 = 0;
export function setTraits(value: i32): void {
  traits = value;
}

/** Kind of the last number or word. */
export let kind: i32 = 0;

/** The first address from `at` on without a JSON space; line feeds are not skipped. */
export function skipSpaces(at: i32): i32 {
  while (true) {
    const byte: u32 = load<u8>(at);
    if (byte > SPACE) return at;
    if (byte !== SPACE && byte !== TAB && byte !== CARRIAGE_RETURN) return at;
    at++;
  }
}

/**
 * Positions in a vector of the bytes that end a string or need special treatment: quotes, backslashes, everything
 * except printable ASCII.
 */
// @inline
function stopsOf(bytes: v128): i32 {
  const isQuote = i8x16.eq(bytes, i8x16.splat(<i8>QUOTE));
  const isBackslash = i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH));
  // As signed numbers, bytes beyond ASCII are less than all others.
  const isOther = i8x16.lt_s(bytes, i8x16.splat(<i8>SPACE));
  return i8x16.bitmask(v128.or(v128.or(isQuote, isBackslash), isOther));
}

/** A string, from its opening quote on. Most are short and plain, and need no further call. */
// @inline
export function skipString(at: i32): i32 {
  at++;
  const stops = stopsOf(v128.load(at));
  if (stops === 0) return skipRest(at + 16);
  at += ctz(stops);
  return load<u8>(at) === QUOTE ? at + 1 : skipRest(at);
}

/**
 * The bytes of a string of one to eight bytes, the first one lowest, padded with zeros, which no string contains; so it
 * identifies the string. For any other string, the result has no meaning.
 *
 * @param at address of its opening quote @param end address after its closing quote
 */
// @inline
export function shortText(at: i32, end: i32): u64 {
  const others = max(at + 10 - end, 0) << 3;
  return (load<u64>(at, 1) << others) >> others;
}

/** The rest of a string. */
function skipRest(at: i32): i32 {
  while (true) {
    const stops = stopsOf(v128.load(at));
    if (stops === 0) {
      at += 16;
      continue;
    }
    at += ctz(stops);
    const byte: u32 = load<u8>(at);
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) {
      traits |= ESCAPED;
      at = skipEscape(at);
    } else {
      if (byte < SPACE) return 0;
      traits |= WIDE;
      at = skipWide(at);
    }
    if (at === 0) return 0;
  }
}

/** Characters beyond ASCII, and what follows: the address of the next quote, backslash or control character. */
function skipWide(at: i32): i32 {
  while (true) {
    const bytes = v128.load(at);
    const isControl = i8x16.eq(i8x16.min_u(bytes, i8x16.splat(0x1f)), bytes);
    const isQuote = i8x16.eq(bytes, i8x16.splat(<i8>QUOTE));
    const isBackslash = i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH));
    const stops = i8x16.bitmask(v128.or(v128.or(isQuote, isBackslash), isControl));
    if (stops !== 0) return at + ctz(stops);
    at += 16;
  }
}

/**
 * The same for a string that can contain JSON, in which about every tenth byte is an escaped quote. These are not
 * examined one by one, and no branch depends on their positions.
 */
export function skipInnerText(at: i32): i32 {
  at++;
  let escapes: u32 = 0;
  /** Whether the previous byte is the backslash of an escape. */
  let open: u32 = 0;
  while (true) {
    const first = v128.load(at);
    const second = v128.load(at, 16);
    const quotes = maskOf(first, second, QUOTE);
    const backslashes = maskOf(first, second, BACKSLASH);
    const odd = quotes ^ ((backslashes << 1) | open);
    const hasControl = v128.any_true(isControl(i8x16.min_u(first, second)));
    if (odd === 0) {
      if (hasControl) return 0;
      escapes |= backslashes;
      open = backslashes >>> 31;
      at += 32;
      continue;
    }
    const lane = ctz(odd);
    if (hasControl) {
      const controls: u32 = i8x16.bitmask(isControl(first)) | (i8x16.bitmask(isControl(second)) << 16);
      if (ctz(controls) < lane) return 0;
    }
    const before = (odd - 1) & ~odd;
    escapes |= backslashes & before;
    at += lane;
    if (((quotes >>> lane) & 1) !== 0) break;
    // The backslash is followed by something other than a quote.
    at = skipEscape(at - 1);
    if (at === 0) return 0;
    open = 0;
  }
  if (escapes !== 0) traits |= ESCAPED;
  return at + 1;
}

/** Positions of a byte in 32 bytes. */
// @inline
function maskOf(first: v128, second: v128, byte: u32): u32 {
  const wanted = i8x16.splat(<i8>byte);
  return i8x16.bitmask(i8x16.eq(first, wanted)) | (i8x16.bitmask(i8x16.eq(second, wanted)) << 16);
}

// @inline
function isControl(bytes: v128): v128 {
  return i8x16.le_u(bytes, i8x16.splat(0x1f));
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

/** Number of digits that always fit into 64 bits, and that a double always represents exactly. */
const WORD_DIGITS: i32 = 18;
const SAFE_DIGITS: i32 = 15;
/** The largest integer up to which doubles represent all integers: 2^53 - 1. */
const MAX_SAFE: u64 = 9007199254740991;
/** Powers of ten, up to that with this number of digits: a double represents each exactly. */
const POWERS = memory.data<i64>([
  1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000, 10000000000, 100000000000, 1000000000000,
  10000000000000, 100000000000000, 1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000,
]);
/** A number with fewer digits before its point is below 2^53. */
const BIG_DIGITS: i32 = 16;
/** A number with no more digits than this, and no more in its exponent, is finite as a double and not rounded to 0. */
const FINITE_DIGITS: i32 = 100;
const FINITE_EXPONENT_DIGITS: i32 = 2;

const ZEROS: u64 = 0x3030303030303030;

/**
 * For eight characters, each XORed with a zero digit: the high bit of those that are not digits, at least of the first
 * one.
 */
// @inline
function othersOf(characters: u64): u64 {
  return ((characters + 0x7676767676767676) | characters) & 0x8080808080808080;
}

/**
 * The number of eight digits, with the first one in the lowest byte: digits are combined to pairs, then to fours, then
 * to the number.
 */
// @inline
function eightDigits(digits: u64): u64 {
  const pairs = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
  const fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffff;
  return (fours * 10000 + (fours >> 32)) & 0xffffffff;
}

/** The number of the first digits of eight characters; zeros before them replace the others. */
// @inline
function someDigits(characters: u64, count: i32): u64 {
  // In two steps, because a shift by 64 bits has no effect.
  return eightDigits((characters << (56 - (count << 3))) << 8);
}

/** Number of leading digits in eight characters. */
// @inline
function countOf(characters: u64): i32 {
  return (<i32>ctz(othersOf(characters))) >> 3;
}

/**
 * A number or a word. Sets {@link kind}. No branch depends on which of `true` and `false` it is, because that cannot be
 * predicted.
 *
 * @param to address for its double if it is a {@link NUMBER}; 0 for none
 */
// @inline
export function skipScalar(at: i32, to: i32): i32 {
  const isTrue = <i32>(load<u32>(at) === 0x65757274);
  const isFalse = (<i32>(load<u8>(at) === 0x66)) & (<i32>(load<u32>(at, 1) === 0x65736c61));
  if ((isTrue | isFalse) === 0) return skipShortNumber(at, to);
  kind = FALSE - isTrue;
  return at + 4 + isFalse;
}

/**
 * A number of the most frequent form: no minus, no exponent, and up to fifteen digits, or up to seven on each side of
 * the point. It is computed separately from the search for its end, which everything that follows waits for.
 */
// @inline
function skipShortNumber(start: i32, to: i32): i32 {
  const first = load<u64>(start) ^ ZEROS;
  const count = countOf(first);
  if (count === 0 || (count > 1 && (first & 0xff) === 0)) return skipRareScalar(start, to);
  let at = start + count;
  let next: u32 = load<u8>(at);
  if (count < 8 && next !== POINT) {
    if (to !== 0) store<f64>(to, <f64>(<i64>someDigits(first, count)));
  } else {
    const isFraction = next === POINT;
    if (isFraction) at++;
    const second = load<u64>(at) ^ ZEROS;
    const secondCount = countOf(second);
    if (secondCount === 8 || (isFraction && secondCount === 0)) return skipRareScalar(start, to);
    at += secondCount;
    next = load<u8>(at);
    if (next === POINT) return skipRareScalar(start, to);
    if (to !== 0) {
      const power = load<i64>(POWERS + (secondCount << 3));
      const value = <i64>(count === 8 ? eightDigits(first) : someDigits(first, count)) * power;
      const result = <f64>(value + <i64>someDigits(second, secondCount));
      store<f64>(to, isFraction ? result / <f64>power : result);
    }
  }
  if ((next | 0x20) === 0x65) return skipRareScalar(start, to);
  kind = NUMBER;
  return at;
}

/** Any other number, or `null`. */
function skipRareScalar(at: i32, to: i32): i32 {
  if (load<u32>(at) === 0x6c6c756e) {
    kind = NULL;
    return at + 4;
  }
  return skipNumber(at, to);
}

/** Number of digits at an address. */
// @inline
function countDigits(at: i32): i32 {
  let count = 0;
  while (true) {
    const more = countOf(load<u64>(at + count) ^ ZEROS);
    count += more;
    if (more < 8) return count;
  }
}

/** The number of this many digits, modulo 2^64. */
// @inline
function numberOf(at: i32, count: i32): u64 {
  let value: u64 = 0;
  for (; count >= 8; count -= 8) {
    value = value * 100000000 + eightDigits(load<u64>(at) ^ ZEROS);
    at += 8;
  }
  return value * load<u64>(POWERS + (count << 3)) + someDigits(load<u64>(at) ^ ZEROS, count);
}

/**
 * The double of a short number is exact: digits that are exact as a double, divided by an exact power of ten, are
 * rounded once, which gives the double nearest to the decimal.
 */
function skipNumber(at: i32, to: i32): i32 {
  const isNegative = load<u8>(at) === MINUS;
  if (isNegative) at++;
  const start = at;
  const wholeDigits = countDigits(at);
  const isLeadingZero = load<u8>(at) === ZERO;
  if (wholeDigits === 0 || (wholeDigits > 1 && isLeadingZero)) return 0;
  at += wholeDigits;
  let fractionDigits = 0;
  if (load<u8>(at) === POINT) {
    at++;
    fractionDigits = countDigits(at);
    if (fractionDigits === 0) return 0;
    at += fractionDigits;
  }
  const digits = wholeDigits + fractionDigits;
  const isPower = (load<u8>(at) | 0x20) === 0x65;
  // Certain to be a short number, and not a negative zero.
  if (to === 0 && !isPower && digits <= SAFE_DIGITS && !(isNegative && isLeadingZero)) return at;
  let value = numberOf(start, wholeDigits);
  if (fractionDigits > 0) {
    // The result for more digits is wrong, but not used.
    const power = load<u64>(POWERS + (min(fractionDigits, WORD_DIGITS) << 3));
    value = value * power + numberOf(at - fractionDigits, fractionDigits);
  }
  if (isPower) {
    kind = LONG_NUMBER;
    at = skipExponent(at, wholeDigits);
    if (digits > FINITE_DIGITS || value === 0) traits |= MAYBE_BIG;
    return at;
  }
  if (digits <= WORD_DIGITS && value <= MAX_SAFE) {
    kind = NUMBER;
    // As a signed number, for which the CPU has an instruction.
    let result = <f64>(<i64>value);
    if (fractionDigits > 0) result /= <f64>load<i64>(POWERS + (fractionDigits << 3));
    if (to !== 0) store<f64>(to, isNegative ? -result : result);
    if (isNegative && value === 0) traits |= MAYBE_BIG;
    return at;
  }
  kind = LONG_NUMBER;
  if (wholeDigits >= BIG_DIGITS || digits > FINITE_DIGITS || value === 0) traits |= MAYBE_BIG;
  return at;
}

/** An exponent, from its letter on, of a number with this many digits before its point. */
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

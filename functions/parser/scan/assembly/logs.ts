/**
 * The logs of a CLS event, `{"timestamp":"...","content":"{\"a\":...}"},...`. A piece of them is in a window, at the
 * position of a scan's inner tape. Each log is proven to be JSON, and its content becomes a line in the window's text.
 * As in a scan of lines, the module only proves: it stops at a log that it is not sure about.
 *
 * A line is a draft. Content that begins like a JSON object is assumed to be one; a scan of the text then decides. If a
 * log's line must be created in another way, the draft is empty.
 */
import { INNER, INNER_START, LINES, MEMBER_BYTES, TAPE_START, TEXT_BYTES, WINDOW_BYTES, WINDOWS_START } from "./layout";
import {
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  ESCAPED,
  kind,
  LINE_FEED,
  NUMBER,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
  setTraits,
  skipInnerText,
  skipScalar,
  skipString,
  traits,
} from "./tokens";
import { skipNested } from "./values";

/** Maximum length of a piece; the byte after it ends whatever is open. */
export const PIECE_BYTES: i32 = INNER * MEMBER_BYTES - 64;
export const PIECE_START: i32 = INNER_START;

/** Positions of each log, and of the text of its content, in the piece. Four-byte words: start, end, start, end. */
export const LOG_BYTES: i32 = 16;
export const LOGS_START: i32 = TAPE_START;

/** Lines of this length are enough for one scan. */
const ENOUGH_BYTES: i32 = 64 * 1024;

/** Maximum bytes of a line in addition to the content: the time, and the name of a text. */
const FRAME_BYTES: i32 = 64;

/**
 * Bits of the mode: lines are drafted; the piece contains the name of the time field, so each content is searched for
 * it.
 */
const DRAFT: i32 = 1;
const SEEK: i32 = 2;

const BACKSLASH: u32 = 0x5c;
const SPACE: u32 = 0x20;
const ZERO: u32 = 0x30;
const LETTER_U: u32 = 0x75;

/** `{"__TIMESTAMP__":` */
const STAMP_LENGTH: i32 = 17;
const STAMP = memory.data<u8>([
  0x7b, 0x22, 0x5f, 0x5f, 0x54, 0x49, 0x4d, 0x45, 0x53, 0x54, 0x41, 0x4d, 0x50, 0x5f, 0x5f, 0x22, 0x3a,
]);
/** `"__CONTENT__":"` */
const NAME_LENGTH: i32 = 15;
const NAME = memory.data<u8>([
  0x22, 0x5f, 0x5f, 0x43, 0x4f, 0x4e, 0x54, 0x45, 0x4e, 0x54, 0x5f, 0x5f, 0x22, 0x3a, 0x22,
]);

/** The double of the last number, of which only that of the time is used. */
const LAST_DOUBLE = memory.data(8, 8);

/** Where the walk stopped in the piece: before the next log, or after the list. */
export let reached: i32 = 0;
export let isListEnd: bool = false;
/**
 * Number of logs that are lines, that is, whose content is not empty; and the length of the longest content, -1 if one
 * is not known.
 */
export let filled: i32 = 0;
export let longest: i32 = 0;
/** Bytes of the text, whose lines all end with a line feed. */
export let textLength: i32 = 0;

/**
 * For the current log: the address of its content and the address after it, 0 if the content is not text; its time in
 * microseconds, or -1.
 */
let content: i32 = 0;
let contentEnd: i32 = 0;
let isEscaped: bool = false;
let time: f64 = -1;
/** Whether its line can be drafted: it is an object, and its keys, content and time have the usual form. */
let isPlain: bool = true;
/** Whether a key contains an escape, so that it can be any key. */
let hasOddKey: bool = false;

/** Walks over the logs of a window's piece, which begins with one. Returns the number of logs. */
export function walkLogs(window: i32, length: i32, mode: i32): i32 {
  const base = WINDOWS_START + window * WINDOW_BYTES;
  const piece = base + PIECE_START;
  // No token extends beyond it.
  store<u8>(piece + length, 0);
  let entry = base + LOGS_START;
  let at = skipSpace(piece);
  let out = base;
  let logs = 0;
  let most: u32 = 0;
  reached = at - piece;
  isListEnd = false;
  filled = 0;
  while (logs < LINES && out - base < ENOUGH_BYTES) {
    const start = at;
    const end = skipLog(start, (mode & DRAFT) !== 0);
    if (end === 0) break;
    at = skipSpace(end);
    const next: u32 = load<u8>(at);
    if (next !== COMMA && next !== CLOSING_BRACKET) break;
    if ((mode & DRAFT) !== 0) {
      if (out - base + (contentEnd - content) + FRAME_BYTES > TEXT_BYTES) break;
      const drafted = draft(out, (mode & SEEK) !== 0);
      if (drafted !== 0) out = drafted;
      store<u8>(out++, LINE_FEED);
    }
    store<i32>(entry, start - piece, 0);
    store<i32>(entry, end - piece, 4);
    const isKnown = content !== 0 && !hasOddKey;
    store<i32>(entry, (isKnown ? content : start) - piece, 8);
    store<i32>(entry, (isKnown ? contentEnd : end) - piece, 12);
    entry += LOG_BYTES;
    logs++;
    // As an unsigned number, an unknown length is greater than all others.
    const bytes: u32 = isKnown ? contentEnd - content : -1;
    if (bytes > most) most = bytes;
    if (bytes > 0) filled++;
    if (next === CLOSING_BRACKET) {
      isListEnd = true;
      reached = at + 1 - piece;
      break;
    }
    at = skipSpace(at + 1);
    reached = at - piece;
  }
  textLength = out - base;
  longest = most;
  return logs;
}

/** Unlike a line, an event can contain line feeds between its tokens. */
function skipSpace(at: i32): i32 {
  while (isSpace(load<u8>(at))) at++;
  return at;
}

function isSpace(byte: u32): bool {
  return byte === SPACE || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/**
 * A log, from its first byte on. Returns the address after it, 0 if it is not proven. @param isTimed whether its time
 * is needed
 */
function skipLog(at: i32, isTimed: bool): i32 {
  content = 0;
  contentEnd = 0;
  time = -1;
  hasOddKey = false;
  isPlain = load<u8>(at) === OPENING_BRACE;
  if (!isPlain) return skipValue(at);
  at = skipSpace(at + 1);
  if (load<u8>(at) === CLOSING_BRACE) return at + 1;
  while (true) {
    if (load<u8>(at) !== QUOTE) return 0;
    const key = at;
    setTraits(0);
    at = skipString(at);
    if (at === 0) return 0;
    if ((traits & ESCAPED) !== 0) {
      isPlain = false;
      hasOddKey = true;
    }
    const isContent = at - key === 9 && load<u64>(key) === 0x746e65746e6f6322;
    const isTime = at - key === 11 && load<u64>(key) === 0x617473656d697422 && load<u16>(key, 8) === 0x706d;
    at = skipSpace(at);
    if (load<u8>(at) !== COLON) return 0;
    at = skipSpace(at + 1);
    const value = at;
    setTraits(0);
    at = isContent && load<u8>(value) === QUOTE ? skipInnerText(value) : skipValue(value);
    if (at === 0) return 0;
    if (isContent) takeContent(value, at);
    else if (isTime && isTimed) takeTime(value, at);
    at = skipSpace(at);
    const next: u32 = load<u8>(at);
    if (next === CLOSING_BRACE) return at + 1;
    if (next !== COMMA) return 0;
    at = skipSpace(at + 1);
  }
}

function takeContent(at: i32, end: i32): void {
  if (load<u8>(at) !== QUOTE) {
    content = 0;
    contentEnd = 0;
    isPlain = false;
    return;
  }
  content = at + 1;
  contentEnd = end - 1;
  isEscaped = (traits & ESCAPED) !== 0;
}

/** Microseconds, as a number or as its digits. */
function takeTime(at: i32, end: i32): void {
  const byte: u32 = load<u8>(at);
  if (byte !== QUOTE) {
    if (byte - ZERO <= 9 && kind === NUMBER) time = load<f64>(LAST_DOUBLE);
    else isPlain = false;
    return;
  }
  let value: u64 = 0;
  for (let digit = at + 1; digit < end - 1; digit++) {
    if (<u32>load<u8>(digit) - ZERO > 9) isPlain = false;
    value = value * 10 + (load<u8>(digit) - ZERO);
  }
  time = end - at === 2 ? -1 : <f64>value;
  // More than a double can represent.
  if (end - at > 18 || value > 9007199254740991) isPlain = false;
}

function skipValue(at: i32): i32 {
  const byte: u32 = load<u8>(at);
  if (byte === QUOTE) return skipString(at);
  return byte === OPENING_BRACE || byte === OPENING_BRACKET ? skipNested(at) : skipScalar(at, LAST_DOUBLE);
}

/** Writes the line of the current log. Returns the address after it, or 0 if it must be created in another way. */
function draft(out: i32, seeks: bool): i32 {
  if (!isPlain || content === contentEnd) return 0;
  let at = content;
  while (load<u8>(at) === SPACE) at++;
  if (mayBeSpace(at)) return 0;
  const isObject = load<u8>(at) === OPENING_BRACE;
  const isStamped = time >= 0;
  if (isStamped) {
    memory.copy(out, STAMP, STAMP_LENGTH);
    out = writeInteger(out + STAMP_LENGTH, <u64>(time / 1000));
  }
  if (!isObject) return draftText(out, isStamped);
  at++;
  if (isStamped) {
    while (load<u8>(at) === SPACE) at++;
    if (mayBeSpace(at)) return 0;
  }
  if (!isStamped) store<u8>(out++, OPENING_BRACE);
  else if (load<u8>(at) !== CLOSING_BRACE) store<u8>(out++, COMMA);
  const start = out;
  out = isEscaped ? unescape(at, contentEnd, out) : copy(at, contentEnd, out);
  if (out === 0 || (seeks && isStamped && holdsStamp(start, out))) return 0;
  while (isSpace(load<u8>(out - 1))) out--;
  return out;
}

/** Whether there is an escape that can be a space. */
function mayBeSpace(at: i32): bool {
  return load<u8>(at) === BACKSLASH && load<u8>(at, 1) !== QUOTE;
}

/** Text that is not an object. It is already a JSON string, if it is escaped as JSON.stringify would. */
function draftText(out: i32, isStamped: bool): i32 {
  if (isEscaped && !isPlainlyEscaped(content, contentEnd)) return 0;
  store<u8>(out++, isStamped ? COMMA : OPENING_BRACE);
  memory.copy(out, NAME, NAME_LENGTH);
  out = copy(content, contentEnd, out + NAME_LENGTH);
  store<u8>(out, QUOTE);
  store<u8>(out + 1, CLOSING_BRACE);
  return out + 2;
}

function copy(at: i32, end: i32, out: i32): i32 {
  memory.copy(out, at, end - at);
  return out + end - at;
}

function writeInteger(out: i32, value: u64): i32 {
  let digits = 1;
  for (let rest = value; rest >= 10; rest /= 10) digits++;
  for (let digit = digits - 1; digit >= 0; digit--) {
    store<u8>(out + digit, ZERO + <u32>(value % 10));
    value /= 10;
  }
  return out + digits;
}

/** Whether no character is escaped that JSON.stringify leaves unescaped, or escaped in another way. */
function isPlainlyEscaped(at: i32, end: i32): bool {
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>BACKSLASH)));
    if (found === 0) {
      at += 16;
      if (at >= end) return true;
      continue;
    }
    at += ctz(found);
    if (at >= end) return true;
    const escaped: u32 = load<u8>(at, 1);
    if (escaped === 0x2f || escaped === LETTER_U) return false;
    at += 2;
  }
}

/**
 * Writes a string without its escapes, which are proven. Returns the address after it; 0 if it contains a line feed, or
 * if an escape can spell the name of the time field, in this string or in the JSON that it contains.
 */
function unescape(at: i32, end: i32, out: i32): i32 {
  while (at < end) {
    const bytes = v128.load(at);
    v128.store(out, bytes);
    const found = i8x16.bitmask(i8x16.eq(bytes, i8x16.splat(<i8>BACKSLASH)));
    if (found === 0) {
      at += 16;
      out += 16;
      continue;
    }
    at += ctz(found);
    out += ctz(found);
    if (at >= end) break;
    const escaped: u32 = load<u8>(at, 1);
    if (escaped === LETTER_U) {
      const unit = hexadecimal(at + 2);
      at += 6;
      if (unit - 0xd800 < 0x400 && at < end && load<u16>(at) === 0x755c) {
        const low = hexadecimal(at + 2) - 0xdc00;
        if (low < 0x400) {
          at += 6;
          out = writeCharacter(out, 0x10000 + ((unit - 0xd800) << 10) + low);
          continue;
        }
      }
      if (unit < 0x80 && (unit < SPACE || unit - ZERO <= 9 || unit >= 0x40)) return 0;
      // An unpaired surrogate is not a character.
      out = writeCharacter(out, unit - 0xd800 < 0x800 ? 0xfffd : unit);
      continue;
    }
    switch (escaped) {
      case 0x6e: // n
        return 0;
      case 0x62: // b
        store<u8>(out, 0x08);
        break;
      case 0x66: // f
        store<u8>(out, 0x0c);
        break;
      case 0x72: // r
        store<u8>(out, 0x0d);
        break;
      case 0x74: // t
        store<u8>(out, 0x09);
        break;
      case 0x5c: // a backslash that can begin an escape in the JSON: u004 or u005
        if ((load<u32>(at, 2) & 0xfeffffff) === 0x34303075) return 0;
        store<u8>(out, escaped);
        break;
      default:
        store<u8>(out, escaped);
    }
    at += 2;
    out++;
  }
  return out - (at - end);
}

function hexadecimal(at: i32): u32 {
  let value: u32 = 0;
  for (let digit = 0; digit < 4; digit++) {
    const byte: u32 = load<u8>(at + digit);
    value = (value << 4) | (byte <= 0x39 ? byte - ZERO : (byte | 0x20) - 0x57);
  }
  return value;
}

/** Writes a character as UTF-8. */
function writeCharacter(out: i32, code: u32): i32 {
  if (code < 0x80) {
    store<u8>(out, code);
    return out + 1;
  }
  if (code < 0x800) {
    store<u8>(out++, 0xc0 | (code >> 6));
  } else {
    if (code < 0x10000) {
      store<u8>(out++, 0xe0 | (code >> 12));
    } else {
      store<u8>(out++, 0xf0 | (code >> 18));
      store<u8>(out++, 0x80 | ((code >> 12) & 0x3f));
    }
    store<u8>(out++, 0x80 | ((code >> 6) & 0x3f));
  }
  store<u8>(out, 0x80 | (code & 0x3f));
  return out + 1;
}

/** Whether the name of the time field occurs, by its first eight letters. */
function holdsStamp(at: i32, end: i32): bool {
  for (; at < end; at++) if (load<u64>(at) === 0x5453454d49545f5f) return true;
  return false;
}

/**
 * Proves that lines are JSON objects, and tells where their members stand. It only proves: a line of which it is not sure is
 * UNSURE, and must be read by JSON.parse; so all that must hold is that JSON.parse takes each line that is called PROVEN, for
 * the same.
 *
 * Bytes beyond ASCII stand for themselves in strings and nowhere else; whether they are UTF-8 is not looked at.
 */
import { cutInner, innerEntries, NO_ROOM, openInner, tapeInner } from "./inner";
import {
  clear,
  follow,
  foretold,
  isFull,
  keyLength,
  keyTraits,
  NO_NODE,
  ROOT,
  shapeOf,
  UNNUMBERED,
  UNTOLD,
} from "./keys";
import {
  LINE_BYTES,
  LINES,
  LINES_START,
  MEMBER_BYTES,
  MEMBERS,
  WINDOW_BYTES,
  WINDOWS_START,
  TAPE_START,
} from "./layout";
import {
  CLOSING_BRACE,
  COLON,
  COMMA,
  double,
  ESCAPED,
  kind,
  LINE_FEED,
  LIST,
  traits,
  NUMBER,
  OBJECT,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
  setTraits,
  shortText,
  skipScalar,
  skipShortNumber,
  skipSpaces,
  skipString,
  STRING,
} from "./tokens";
import { skipNested } from "./values";

export {
  INNER_START,
  LINES_START,
  NODE_BYTES,
  NODES,
  WINDOW_BYTES,
  WINDOWS,
  WINDOWS_START,
  TAPE_START,
  TEXT_BYTES,
  TREE,
} from "./layout";
export { clear, isFull };
export {
  filled,
  isListEnd,
  LOG_BYTES,
  LOGS_START,
  longest,
  PIECE_BYTES,
  PIECE_START,
  reached,
  textLength,
  walkLogs,
} from "./logs";

// Verdicts on a line. With PROVEN stand the traits of what the line holds.
const EMPTY: i32 = 0;
const PROVEN: i32 = 1;
const UNSURE: i32 = 2;

/** Modes of a scan: nothing goes to the tape, or members do, or what is inside of these as well. */
const PROVE: i32 = 0;
const MEMBERS_ONLY: i32 = 1;
const ALL: i32 = 2;

/** Offset of its double, or of its short text, in an entry of the tape. */
const DOUBLE: i32 = 24;

/** Start of the window's text, its next free member and the end of its tape. */
let text: i32 = 0;
let member: i32 = 0;
let tapeEnd: i32 = 0;
/** Where the keys of the line lead. */
let shape: i32 = 0;

/** How many lines the last scan told of. */
export let lines: i32 = 0;

/** The verdicts of them together, and what stands for other things than plain records: an empty line, a carriage return. */
export let verdicts: i32 = 0;
const WITH_EMPTY: i32 = 4;
const WITH_RETURN: i32 = 8;

/**
 * Scans so many bytes of a window's text; behind the last line there need be no line feed. Returns the position behind the
 * last line that the table holds: the table or the tape may be full before.
 */
export function scan(window: i32, length: i32, mode: i32): i32 {
  const base = WINDOWS_START + window * WINDOW_BYTES;
  const end = base + length;
  text = base;
  member = base + TAPE_START;
  tapeEnd = member + MEMBERS * MEMBER_BYTES;
  openInner(base);
  store<u8>(end, LINE_FEED);
  let entry = base + LINES_START;
  lines = 0;
  let all = 0;
  let at = base;
  while (at < end && lines < LINES) {
    const start = at;
    const firstMember = member;
    const firstInner = innerEntries();
    setTraits(0);
    shape = UNTOLD;
    at = skipSpaces(at);
    let verdict = UNSURE;
    const byte: u32 = load<u8>(at);
    if (byte === LINE_FEED) {
      verdict = EMPTY;
    } else if (byte === OPENING_BRACE) {
      let behind = mode === PROVE ? proveMembers(at) : mode === ALL ? tapeAll(at) : tapeMembers(at);
      if (behind === NO_ROOM) {
        // Another scan has more room, if this one holds something. Else the line is proven, and its members stay unknown.
        if (lines > 0) {
          verdicts = all;
          return start - base;
        }
        member = firstMember;
        cutInner(firstInner);
        setTraits(0);
        behind = skipNested(at);
      }
      if (behind !== 0) {
        at = skipSpaces(behind);
        if (load<u8>(at) === LINE_FEED) verdict = PROVEN | traits;
      }
    }
    if (verdict === UNSURE) {
      member = firstMember;
      cutInner(firstInner);
      at = lineFeedFrom(start);
    }
    // A carriage return in front of the line feed is a part of the line's end.
    const hasReturn = at > start && load<u8>(at - 1) === 0x0d;
    all |= verdict | (verdict === EMPTY ? WITH_EMPTY : 0) | (hasReturn ? WITH_RETURN : 0);
    store<i32>(entry, start - base, 0);
    store<i32>(entry, at - <i32>hasReturn - base, 4);
    store<i32>(entry, verdict, 8);
    store<i32>(entry, shape, 12);
    store<i32>(entry, (firstMember - base - TAPE_START) / MEMBER_BYTES, 16);
    store<i32>(entry, (member - firstMember) / MEMBER_BYTES, 20);
    entry += LINE_BYTES;
    lines++;
    at++;
  }
  verdicts = all;
  return (at < end ? at : end) - base;
}

function lineFeedFrom(at: i32): i32 {
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>LINE_FEED)));
    if (found !== 0) return at + ctz(found);
    at += 16;
  }
}

/** An object, from its brace on; the address behind it, or 0. Only keys that are foretold are known here. */
function proveMembers(at: i32): i32 {
  return skipMembers(at, PROVE);
}

/** The same, and its members go to the tape; {@link NO_ROOM} where that is full. */
function tapeMembers(at: i32): i32 {
  return skipMembers(at, MEMBERS_ONLY);
}

/** The same, and all that is inside of the members to the tape of inner values. */
function tapeAll(at: i32): i32 {
  return skipMembers(at, ALL);
}

/** @param mode is a constant: a function is made for each */
// @inline
function skipMembers(at: i32, mode: i32): i32 {
  const isTaped = mode !== PROVE;
  const base = text;
  let entry = member;
  let node = ROOT;
  let seen = 0;
  let keysSeen = 0;
  at = skipSpaces(at + 1);
  if (load<u8>(at) === CLOSING_BRACE) {
    if (isTaped) shape = shapeOf(ROOT);
    return at + 1;
  }
  while (true) {
    if (isTaped && entry === tapeEnd) return NO_ROOM;
    const key = at;
    let keyEnd: i32;
    const next = foretold(node, at);
    if (next !== NO_NODE) {
      node = next;
      keyEnd = key + keyLength(node);
      seen |= keyTraits(node);
      at = keyEnd + 1;
    } else {
      if (load<u8>(at) !== QUOTE) return 0;
      setTraits(0);
      keyEnd = skipString(at);
      if (keyEnd === 0) return 0;
      // A key with an escape may be equal to one without.
      node = isTaped && (traits & ESCAPED) === 0 ? follow(node, key, keyEnd - key, traits) : NO_NODE;
      keysSeen |= traits;
      at = skipSpaces(keyEnd);
      if (load<u8>(at) !== COLON) return 0;
      at++;
    }
    at = skipSpaces(at);
    const value = at;
    setTraits(0);
    const what = load<u8>(at);
    let found: i32;
    let inner: i32 = -1;
    if (what === QUOTE) {
      found = STRING;
      at = skipString(at);
      if (isTaped) store<u64>(entry, shortText(value, at), DOUBLE);
    } else if (what === OPENING_BRACE || what === OPENING_BRACKET) {
      found = what === OPENING_BRACE ? OBJECT : LIST;
      if (mode === ALL) {
        inner = innerEntries();
        at = tapeInner(at);
        if (at === NO_ROOM) {
          cutInner(inner);
          inner = -1;
          at = value;
          setTraits(0);
        }
      }
      if (inner < 0) at = skipNested(at);
    } else {
      found = NUMBER;
      at = skipShortNumber(at, isTaped ? entry + DOUBLE : 0);
      if (at === 0) {
        at = skipScalar(value, isTaped);
        found = kind;
        if (isTaped && found === NUMBER) store<f64>(entry, double, DOUBLE);
      }
    }
    if (at === 0) return 0;
    seen |= traits;
    if (isTaped) {
      store<i32>(entry, key - base, 0);
      store<i32>(entry, keyEnd - base, 4);
      store<i32>(entry, found | traits, 8);
      store<i32>(entry, value - base, 12);
      store<i32>(entry, at - base, 16);
      store<i32>(entry, inner, 20);
      entry += MEMBER_BYTES;
    }
    at = skipSpaces(at);
    const behind: u32 = load<u8>(at);
    if (behind === COMMA) {
      at = skipSpaces(at + 1);
      continue;
    }
    if (behind !== CLOSING_BRACE) return 0;
    if (isTaped) {
      shape = node === NO_NODE && (keysSeen & ESCAPED) === 0 ? UNNUMBERED : shapeOf(node);
      member = entry;
    }
    setTraits(seen | keysSeen);
    return at + 1;
  }
}

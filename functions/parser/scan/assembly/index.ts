/**
 * Proves that lines are JSON objects, and tells where their members stand. It only proves: a line of which it is not sure is
 * UNSURE, and must be read by JSON.parse; so all that must hold is that JSON.parse takes each line that is called PROVEN, for
 * the same.
 *
 * Bytes beyond ASCII stand for themselves in strings and nowhere else; whether they are UTF-8 is not looked at.
 */
import { cutInner, innerEntries, NO_ROOM, openInner, tapeInner } from "./inner";
import { clear, follow, foretold, isFull, keyLength, keyTraits, NO_NODE, ROOT } from "./keys";
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
  skipScalar,
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
export { isListEnd, LOG_BYTES, LOGS_START, PIECE_BYTES, PIECE_START, reached, textLength, walkLogs } from "./logs";

// Verdicts on a line. With PROVEN stand the traits of what the line holds.
const EMPTY: i32 = 0;
const PROVEN: i32 = 1;
const UNSURE: i32 = 2;

/** Modes of a scan; between these: members go to the tape, and what is inside of them does not. */
const PROVE: i32 = 0;
const ALL: i32 = 2;

/** Start of the window's text, its next free member and the end of its tape. */
let text: i32 = 0;
let member: i32 = 0;
let tapeEnd: i32 = 0;
/** Where the keys of the line lead. */
let shape: i32 = 0;

/** How many lines the last scan told of. */
export let lines: i32 = 0;

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
  let at = base;
  while (at < end && lines < LINES) {
    const start = at;
    const firstMember = member;
    const firstInner = innerEntries();
    setTraits(0);
    shape = NO_NODE;
    at = skipSpaces(at);
    let verdict = UNSURE;
    const byte: u32 = load<u8>(at);
    if (byte === LINE_FEED) {
      verdict = EMPTY;
    } else if (byte === OPENING_BRACE) {
      let behind = mode === PROVE ? skipNested(at) : skipMembers(at, mode === ALL);
      if (behind === NO_ROOM) {
        // Another scan has more room, if this one holds something. Else the line is proven, and its members stay unknown.
        if (lines > 0) return start - base;
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
    const last = at - 1;
    store<i32>(entry, start - base, 0);
    // A carriage return in front of the line feed is a part of the line's end.
    store<i32>(entry, (at > start && load<u8>(last) === 0x0d ? last : at) - base, 4);
    store<i32>(entry, verdict, 8);
    store<i32>(entry, shape, 12);
    store<i32>(entry, (firstMember - base - TAPE_START) / MEMBER_BYTES, 16);
    entry += LINE_BYTES;
    lines++;
    at++;
  }
  return (at < end ? at : end) - base;
}

function lineFeedFrom(at: i32): i32 {
  while (true) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), i8x16.splat(<i8>LINE_FEED)));
    if (found !== 0) return at + ctz(found);
    at += 16;
  }
}

/** An object, from its brace on, whose members go to the tape; the address behind it, 0, or {@link NO_ROOM}. */
function skipMembers(at: i32, isAll: bool): i32 {
  let node = ROOT;
  let seen = 0;
  at = skipSpaces(at + 1);
  if (load<u8>(at) === CLOSING_BRACE) {
    shape = ROOT;
    return at + 1;
  }
  while (true) {
    if (member === tapeEnd) return NO_ROOM;
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
      node = (traits & ESCAPED) === 0 ? follow(node, key, keyEnd - key, traits) : NO_NODE;
      seen |= traits;
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
    } else if (what === OPENING_BRACE || what === OPENING_BRACKET) {
      found = what === OPENING_BRACE ? OBJECT : LIST;
      if (isAll) {
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
      at = skipScalar(at);
      found = kind;
      if (found === NUMBER) store<f64>(member, double, 24);
    }
    if (at === 0) return 0;
    seen |= traits;
    store<i32>(member, key - text, 0);
    store<i32>(member, keyEnd - text, 4);
    store<i32>(member, found | traits, 8);
    store<i32>(member, value - text, 12);
    store<i32>(member, at - text, 16);
    store<i32>(member, inner, 20);
    member += MEMBER_BYTES;
    at = skipSpaces(at);
    const behind: u32 = load<u8>(at);
    if (behind === COMMA) {
      at = skipSpaces(at + 1);
      continue;
    }
    if (behind !== CLOSING_BRACE) return 0;
    shape = node;
    setTraits(seen);
    return at + 1;
  }
}

/**
 * Proves that lines are JSON objects, and finds the positions of their members. It only proves: a line that it is not
 * sure about is UNSURE and must be read by JSON.parse. The only requirement is therefore that JSON.parse accepts each
 * line that is PROVEN, with the same meaning.
 *
 * Bytes beyond ASCII are allowed in strings only; whether they are UTF-8 is not checked.
 */
import { cutInner, innerEntries, NO_ROOM, openInner, tapeInner } from "./inner";
import {
  clear,
  follow,
  foretold,
  isFull,
  isKeyAt,
  isNextKeyAt,
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
  ESCAPED,
  kind,
  LINE_FEED,
  LIST,
  traits,
  OBJECT,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
  setTraits,
  shortText,
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

// Verdicts on a line. PROVEN is combined with the traits of what the line contains.
const EMPTY: i32 = 0;
const PROVEN: i32 = 1;
const UNSURE: i32 = 2;

/** Modes of a scan: nothing is written to the tape, members are, or everything inside them as well. */
const PROVE: i32 = 0;
const MEMBERS_ONLY: i32 = 1;
const ALL: i32 = 2;

/** Offset of the double, or of the short text, in an entry of the tape. */
const DOUBLE: i32 = 24;

/** Start of the window's text, its next free member and the end of its tape. */
let text: i32 = 0;
let member: i32 = 0;
let tapeEnd: i32 = 0;
/** Node of the line's keys so far. */
let shape: i32 = 0;

/** Number of lines of the last scan. */
export let lines: i32 = 0;

/** Their combined verdicts, and marks for anything that is not a plain record: an empty line, a carriage return. */
export let verdicts: i32 = 0;
const WITH_EMPTY: i32 = 4;
const WITH_RETURN: i32 = 8;

/**
 * Scans this number of bytes of a window's text; the last line needs no line feed. Returns the position after the last
 * line in the table. The table or the tape can be full before the end.
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
        // If this scan already has lines, another scan will have more room. Otherwise the line is proven, and its
        // members stay unknown.
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
    // A carriage return before the line feed is part of the line end.
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

/** Scans an object from its brace on. Returns the address after it, or 0. Only predicted keys are recognized here. */
function proveMembers(at: i32): i32 {
  return skipMembers(at, PROVE);
}

/** The same, and writes its members to the tape; {@link NO_ROOM} if it is full. */
function tapeMembers(at: i32): i32 {
  return skipMembers(at, MEMBERS_ONLY);
}

/** The same, and writes everything inside the members to the tape of inner values. */
function tapeAll(at: i32): i32 {
  return skipMembers(at, ALL);
}

/** @param mode a constant, so that a separate function is compiled for each */
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
  let next = foretold(ROOT);
  let isForetold = next !== NO_NODE && isKeyAt(next, at);
  while (true) {
    if (isTaped && entry === tapeEnd) return NO_ROOM;
    const key = at;
    let keyEnd: i32;
    if (isForetold) {
      node = next;
      keyEnd = key + keyLength(node);
      seen |= keyTraits(node);
      at = keyEnd + 1;
    } else {
      if (load<u8>(at) !== QUOTE) return 0;
      setTraits(0);
      keyEnd = skipString(at);
      if (keyEnd === 0) return 0;
      // A key with an escape can be equal to one without.
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
      at = skipScalar(at, isTaped ? entry + DOUBLE : 0);
      found = kind;
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
    next = foretold(node);
    if (next !== NO_NODE && isNextKeyAt(next, at)) {
      isForetold = true;
      at++;
      continue;
    }
    const end = at;
    at = skipSpaces(at);
    const behind: u32 = load<u8>(at);
    if (behind === COMMA) {
      at = skipSpaces(at + 1);
      // Without spaces, it would have been found above.
      isForetold = at > end + 1 && next !== NO_NODE && isKeyAt(next, at);
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

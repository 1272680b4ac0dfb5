import { follow, foretold, isKeyAt, keyLength, keyTraits, NO_NODE, ROOT, shapeOf } from "./keys";
import { DEPTH, INNER, INNER_START, LEVEL_BYTES, MEMBER_BYTES, STACK } from "./layout";
import {
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  ESCAPED,
  kind,
  LIST,
  traits,
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

/** The window's text and tape of inner values, the next free entry, and the end. */
let text: i32 = 0;
let tape: i32 = 0;
let entry: i32 = 0;
let tapeEnd: i32 = 0;

/** Directs inner values to the tape of a window, which is empty. */
export function openInner(window: i32): void {
  text = window;
  tape = window + INNER_START;
  entry = tape;
  tapeEnd = tape + INNER * MEMBER_BYTES;
}

/** Number of the next free entry. */
export function innerEntries(): i32 {
  return (entry - tape) / MEMBER_BYTES;
}

/** Frees the entries from this one on. */
export function cutInner(entries: i32): void {
  entry = tape + entries * MEMBER_BYTES;
}

/** Returned if the tape has no room. It is never an address of a text. */
export const NO_ROOM: i32 = 1;

// Four-byte words of an entry, and its double.
const SHAPE: usize = 0;
const BEHIND: usize = 4;
const KIND: usize = 8;
const FIRST: usize = 12;
const LAST: usize = 16;
const DOUBLE: i32 = 24;

// Four-byte words of a level of the stack.
const CONTAINER: usize = 0;
const NODE: usize = 4;
const COUNT: usize = 8;

/**
 * A key, its colon and the spaces after it. Returns the address of the value, or 0. The container's shape is extended
 * by the key.
 */
function skipKey(at: i32, level: i32, seen: i32): i32 {
  const node = load<i32>(level, NODE);
  const next = foretold(node);
  if (next !== NO_NODE && isKeyAt(next, at)) {
    store<i32>(level, next, NODE);
    setTraits(seen | keyTraits(next));
    return skipSpaces(at + keyLength(next) + 1);
  }
  if (load<u8>(at) !== QUOTE) return 0;
  setTraits(0);
  const end = skipString(at);
  if (end === 0) return 0;
  store<i32>(level, (traits & ESCAPED) === 0 ? follow(node, at, end - at, traits) : NO_NODE, NODE);
  setTraits(seen | traits);
  at = skipSpaces(end);
  return load<u8>(at) === COLON ? skipSpaces(at + 1) : 0;
}

/**
 * Writes an object or a list, from its opening bracket on, to the tape with everything in it. Returns the address after
 * it, 0 if it is broken, or {@link NO_ROOM}. Sets the traits of all of it.
 */
export function tapeInner(at: i32): i32 {
  let level: i32 = STACK - LEVEL_BYTES;
  const last: i32 = STACK + (DEPTH - 1) * LEVEL_BYTES;
  let seen: i32 = 0;
  do {
    // A value begins here.
    if (entry === tapeEnd) return NO_ROOM;
    const value = entry;
    entry += MEMBER_BYTES;
    store<i32>(value, at - text, FIRST);
    const byte: u32 = load<u8>(at);
    if (byte === OPENING_BRACE || byte === OPENING_BRACKET) {
      if (level === last) return 0;
      const isObject = byte === OPENING_BRACE;
      level += LEVEL_BYTES;
      store<i32>(level, value, CONTAINER);
      store<i32>(level, ROOT, NODE);
      store<i32>(level, 0, COUNT);
      store<i32>(value, isObject ? OBJECT : LIST, KIND);
      at = skipSpaces(at + 1);
      if (load<u8>(at) !== (isObject ? CLOSING_BRACE : CLOSING_BRACKET)) {
        if (isObject) {
          at = skipKey(at, level, seen);
          if (at === 0) return 0;
          seen = traits;
        }
        continue;
      }
    } else {
      setTraits(0);
      let found: i32 = STRING;
      if (byte === QUOTE) {
        at = skipString(at);
      } else {
        at = skipScalar(at, value + DOUBLE);
        found = kind;
      }
      if (at === 0) return 0;
      seen |= traits;
      store<i32>(value, found | traits, KIND);
      store<i32>(value, at - text, LAST);
      // A container that is closed immediately contains nothing.
      if (level >= STACK) store<i32>(level, load<i32>(level, COUNT) + 1, COUNT);
    }
    // After a value, or before the bracket that closes an empty container.
    while (level >= STACK) {
      at = skipSpaces(at);
      const container = load<i32>(level, CONTAINER);
      const isObject = (load<i32>(container, KIND) & 7) === OBJECT;
      const next: u32 = load<u8>(at);
      if (next === COMMA) {
        at = skipSpaces(at + 1);
        if (isObject) {
          at = skipKey(at, level, seen);
          if (at === 0) return 0;
          seen = traits;
        }
        break;
      }
      if (next !== (isObject ? CLOSING_BRACE : CLOSING_BRACKET)) return 0;
      at++;
      store<i32>(container, isObject ? shapeOf(load<i32>(level, NODE)) : load<i32>(level, COUNT), SHAPE);
      store<i32>(container, (entry - tape) / MEMBER_BYTES, BEHIND);
      store<i32>(container, (isObject ? OBJECT : LIST) | seen, KIND);
      store<i32>(container, at - text, LAST);
      level -= LEVEL_BYTES;
      if (level >= STACK) store<i32>(level, load<i32>(level, COUNT) + 1, COUNT);
    }
  } while (level >= STACK);
  setTraits(seen);
  return at;
}

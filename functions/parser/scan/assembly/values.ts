import {
  CLOSING_BRACE,
  CLOSING_BRACKET,
  COLON,
  COMMA,
  OPENING_BRACE,
  OPENING_BRACKET,
  QUOTE,
  skipScalar,
  skipSpaces,
  skipString,
} from "./tokens";

/** Maximum nesting that {@link skipNested} supports: one bit for each level. */
const MAX_DEPTH: i32 = 64;

/** A key and its colon, and the spaces after it, from the opening quote to the value; 0 if there is none. */
function skipKey(at: i32): i32 {
  if (load<u8>(at) !== QUOTE) return 0;
  at = skipString(at);
  if (at === 0) return 0;
  at = skipSpaces(at);
  if (load<u8>(at) !== COLON) return 0;
  return skipSpaces(at + 1);
}

/**
 * An object or a list with everything in it, from its opening bracket on. Returns the address after it; 0 if it is
 * broken, or nested too deeply.
 */
export function skipNested(at: i32): i32 {
  // The open containers, the innermost one in the lowest bit: 1 for an object.
  let open: u64 = 0;
  let depth: i32 = 0;
  do {
    // A value begins here.
    const byte: u32 = load<u8>(at);
    if (byte === QUOTE) {
      at = skipString(at);
      if (at === 0) return 0;
    } else if (byte === OPENING_BRACE) {
      if (depth === MAX_DEPTH) return 0;
      at = skipSpaces(at + 1);
      if (load<u8>(at) === CLOSING_BRACE) {
        at++;
      } else {
        depth++;
        open = (open << 1) | 1;
        at = skipKey(at);
        if (at === 0) return 0;
        continue;
      }
    } else if (byte === OPENING_BRACKET) {
      if (depth === MAX_DEPTH) return 0;
      at = skipSpaces(at + 1);
      if (load<u8>(at) === CLOSING_BRACKET) {
        at++;
      } else {
        depth++;
        open = open << 1;
        continue;
      }
    } else {
      at = skipScalar(at, 0);
      if (at === 0) return 0;
    }
    // After a value: the open container continues, or ends.
    while (depth > 0) {
      at = skipSpaces(at);
      const next: u32 = load<u8>(at);
      const isObject = (open & 1) !== 0;
      if (next === COMMA) {
        at = skipSpaces(at + 1);
        if (isObject) {
          at = skipKey(at);
          if (at === 0) return 0;
        }
        break;
      }
      if (next !== (isObject ? CLOSING_BRACE : CLOSING_BRACKET)) return 0;
      at++;
      depth--;
      open >>= 1;
    }
  } while (depth > 0);
  return at;
}

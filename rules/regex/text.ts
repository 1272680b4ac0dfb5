import type { CharSet } from "./charset";
import type { Assertion } from "./syntax";

/** The code point at an offset, or -1 at the end; an unpaired surrogate counts as itself. */
export function codeAt(text: string, offset: number): number {
  const code = text.codePointAt(offset);
  return code === undefined ? -1 : code;
}

/** The code point before an offset, or -1 at the start. */
export function codeBefore(text: string, offset: number): number {
  if (offset === 0) return -1;
  const code = text.charCodeAt(offset - 1);
  if (code < 0xdc00 || code > 0xdfff || offset === 1) return code;
  const high = text.charCodeAt(offset - 2);
  return high >= 0xd800 && high <= 0xdbff ? codeAt(text, offset - 2) : code;
}

/** UTF-16 units of a code point. */
export function unitsOf(code: number): number {
  return code > 0xffff ? 2 : 1;
}

/** Whether an assertion holds at an offset. */
export function holds(assertion: Assertion, word: CharSet, text: string, offset: number): boolean {
  switch (assertion) {
    case "textStart":
      return offset === 0;
    case "lineStart":
      return offset === 0 || text.charCodeAt(offset - 1) === 0x0a;
    case "textEnd":
      return offset === text.length;
    case "lineEnd":
      return offset === text.length || text.charCodeAt(offset) === 0x0a;
    case "end":
      return offset === text.length || (offset === text.length - 1 && text.charCodeAt(offset) === 0x0a);
    default: {
      // As in Python: the empty text has neither.
      if (text === "") return false;
      const before = codeBefore(text, offset);
      const after = codeAt(text, offset);
      const isBoundary = (before >= 0 && word.has(before)) !== (after >= 0 && word.has(after));
      return isBoundary === (assertion === "boundary");
    }
  }
}

import { ProblemError, problem } from "../check/problem";
import { CONTROL_LETTERS } from "../python/control-letters";

/** The characters between the quotes of a string. */
export interface Body {
  readonly text: string;
  /** Start in the rule text. */
  readonly offset: number;
  /** `r"..."`: backslashes are not escapes. */
  readonly isRaw: boolean;
}

const SIMPLE: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  ...CONTROL_LETTERS,
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|(N\{[^}]*\}|\r\n|[^]))/g;

/** First letters of escapes that exist in strings but not in bytes. */
const TEXT_ONLY = /^[uUN]/;

/** Decodes Python's escapes. Unknown ones keep their backslash, as in Python, so that `"\d"` is a pattern. */
export function decodeText(body: Body): string {
  return decode(body, false);
}

/** The bytes of `b"..."`. */
export function decodeBytes(body: Body): Uint8Array {
  const wide = /[^\x00-\x7f]/.exec(body.text);
  if (wide) {
    const start = body.offset + wide.index;
    const message = `bytes hold ASCII characters only, got ${wide[0]}; write \\xHH for other bytes`;
    throw new ProblemError(problem("RULES_SYNTAX", { start, end: start + 1 }, message));
  }
  return Buffer.from(decode(body, true), "latin1");
}

function decode({ text, offset, isRaw }: Body, isBytes: boolean): string {
  if (isRaw || !text.includes("\\")) return text;
  return text.replace(ESCAPE, (whole, hex, short, long, octal, single, at: number) => {
    if (isBytes && TEXT_ONLY.test(whole[1])) return whole;
    if (single !== undefined) {
      if (single.startsWith("N")) throw namedEscape(offset + at, whole);
      if (/^[xuU]$/.test(single)) throw badEscape(offset + at, whole);
      return SIMPLE[single === "\r\n" ? "\n" : single] ?? whole;
    }
    const code = octal === undefined ? parseInt(hex ?? short ?? long, 16) : parseInt(octal, 8);
    if (code > 0x10ffff) throw badEscape(offset + at, whole);
    return String.fromCodePoint(code);
  });
}

function badEscape(start: number, escape: string): ProblemError {
  const message = `${escape} must be followed by its hexadecimal digits; write \\\\ for a backslash, or r"..."`;
  return new ProblemError(problem("RULES_SYNTAX", { start, end: start + escape.length }, message));
}

/** Python knows the names of all characters; a table of them would be larger than the engine. */
function namedEscape(start: number, escape: string): ProblemError {
  const message = `${escape} names a character, which must be given by its number here; write \\uHHHH, or r"..."`;
  return new ProblemError(problem("RULES_SYNTAX", { start, end: start + escape.length }, message));
}

import { ProblemError, problem, type Problem, type Span } from "../check/problem";
import { ARITHMETIC, CLOSING_QUOTES, FOREIGN, followsMember, memberMessage, WIDE_SIGNS } from "./foreign";
import { decodeBytes, decodeText } from "./string-literal";
import type { Value } from "../run/values";

/** A token of the rule text. */
export type Token =
  | { readonly type: "name"; readonly span: Span; readonly text: string }
  | {
      readonly type: "literal";
      readonly span: Span;
      readonly text: string;
      readonly value: Value;
      /** Whether it replaces an invalid token, which was reported. */
      readonly isUnread?: true;
    }
  | { readonly type: "sign"; readonly span: Span; readonly text: string }
  | { readonly type: "newline" | "end"; readonly span: Span; readonly text: string };

/** Blanks, comments, and a line continuation: a backslash at the end of a line, optionally followed by a comment. */
const BLANK = /(?:[ \t\f\r\ufeff]|\\[ \t]*(?:#[^\n]*)?\r?\n|#[^\n]*)+/y;
const NAME = /[\p{L}_][\p{L}\p{N}_]*/uy;
const NUMBER = /0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y;
const STRING_START = /([rRbBuUfF]{0,2})("""|'''|"|')/y;
/** Prefixes of strings, in any case: Python allows no others. */
const PREFIXES: ReadonlySet<string> = new Set(["", "r", "u", "b", "br", "rb"]);
const SIGN = /[=!<>]=|[()[\]{},:;=<>-]/y;

/** The tokens of a rule text, with its end last. Line ends are tokens; invalid characters are reported and skipped. */
export function tokenize(text: string, report: (problem: Problem) => void): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  /** The last reported message, and the end of its line: the same message again on that line is one mistake. */
  let told = { message: "", lineEnd: -1 };
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };

  for (;;) {
    at += match(BLANK)?.[0].length ?? 0;
    if (at >= text.length) break;
    const start = at;
    try {
      tokens.push(next());
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      tell(error.problem);
      at = Math.max(at, error.problem.span.end, start + 1);
      // It remains a value for the parser, which would otherwise report a missing one.
      tokens.push({
        type: "literal",
        span: { start, end: at },
        text: text.slice(start, at),
        value: null,
        isUnread: true,
      });
    }
  }
  tokens.push({ type: "end", span: { start: text.length, end: text.length }, text: "the end" });
  return tokens;

  function tell(found: Problem): void {
    const { message, span } = found;
    if (text[span.start] === "." && followsMember(text, span.start)) return;
    if (message === told.message && span.start < told.lineEnd) return;
    const lineEnd = text.indexOf("\n", span.start);
    told = { message, lineEnd: lineEnd === -1 ? text.length : lineEnd };
    report(found);
  }

  function next(): Token {
    if (text[at] === "\n") return take("newline", 1);
    const string = match(STRING_START);
    if (string) return takeString(string[1].toLowerCase(), string[2], string[0].length);
    const number = /[\d.]/.test(text[at]) ? match(NUMBER) : null;
    if (number) return takeNumber(number[0]);
    const name = match(NAME);
    if (name) return take("name", name[0].length);
    const sign = match(SIGN);
    if (sign) return take("sign", sign[0].length);
    return refuse();
  }

  function take(type: "name" | "sign" | "newline", length: number): Token {
    const span = { start: at, end: (at += length) };
    return { type, span, text: text.slice(span.start, span.end) };
  }

  function takeString(prefix: string, quote: string, startLength: number): Token {
    const start = at;
    const bodyStart = start + startLength;
    if (!PREFIXES.has(prefix)) skipString(bodyStart, quote);
    if (/^(?:f|fr|rf)$/.test(prefix)) {
      throw syntax(start, startLength, 'a text cannot be formatted with f"..."; use str_format or str_join');
    }
    if (!PREFIXES.has(prefix)) {
      const message = `a text must begin with its quote or r, u, b, br, rb before it, got ${text.slice(start, bodyStart)}`;
      throw syntax(start, startLength, `${message}; remove what is too much`);
    }
    const bodyEnd = endOfString(bodyStart, quote);
    at = bodyEnd + quote.length;
    const body = { text: text.slice(bodyStart, bodyEnd), offset: bodyStart, isRaw: prefix.includes("r") };
    const value = prefix.includes("b") ? decodeBytes(body) : decodeText(body);
    return { type: "literal", span: { start, end: at }, text: text.slice(start, at), value };
  }

  /** The content of an invalid string is not reported separately. */
  function skipString(bodyStart: number, quote: string): void {
    const lineEnd = text.indexOf("\n", bodyStart);
    const end = text.indexOf(quote, bodyStart);
    if (end !== -1 && (quote.length === 3 || lineEnd === -1 || end < lineEnd)) at = end + quote.length;
  }

  function endOfString(from: number, quote: string): number {
    const isLong = quote.length === 3;
    for (let end = from; end < text.length; end++) {
      if (text[end] === "\\") end++;
      else if (text[end] === "\n" && !isLong) break;
      else if (text.startsWith(quote, end)) return end;
    }
    const start = at;
    const lineEnd = isLong ? -1 : text.indexOf("\n", from);
    at = lineEnd === -1 ? text.length : lineEnd;
    const place = isLong ? "somewhere; close it" : "on its line; close it, or write \\n for a line end";
    throw syntax(start, at - start, `a text must end with ${quote} ${place}`);
  }

  function takeNumber(digits: string): Token {
    const span = { start: at, end: (at += digits.length) };
    const plain = digits.replaceAll("_", "");
    if (/_(?!\d|[a-fA-F])|(?<![\da-fA-FxXoObB])_/.test(digits)) {
      throw syntax(
        span.start,
        digits.length,
        `underscores of a number must stand between digits, got ${digits}; remove it`,
      );
    }
    if (/^0[\d_]*[1-9]\d*$/.test(digits)) {
      const number = plain.replace(/^0+/, "");
      throw syntax(
        span.start,
        digits.length,
        `an int must not begin with 0, got ${digits}; write ${number}, or "${digits}"`,
      );
    }
    const isInteger = /^(?:\d+|0[xXoObB][0-9a-fA-F]+)$/.test(plain);
    if (match(NAME))
      throw syntax(span.start, digits.length + 1, `a name must not start with a digit, got ${digits}...`);
    return { type: "literal", span, text: digits, value: isInteger ? BigInt(plain) : Number(plain) };
  }

  function refuse(): never {
    const character = String.fromCodePoint(text.codePointAt(at)!);
    const plain = WIDE_SIGNS[character];
    if (plain !== undefined) {
      const shown = character.trim() === "" ? codePoint(character) : character;
      const start = at;
      if (Object.hasOwn(CLOSING_QUOTES, character)) skipString(at + 1, CLOSING_QUOTES[character]);
      throw syntax(start, 1, `${shown} is a full-width or typographic sign; write ${plain} instead`);
    }
    if (text.startsWith("//", at)) {
      const end = text.indexOf("\n", at);
      const message = "a comment must begin with #, got //; write # instead, or op_div_floor(a, b) to divide";
      throw syntax(at, (end === -1 ? text.length : end) - at, message);
    }
    if (character === "*" && /[(,]\s*\*?$/.test(text.slice(0, at))) {
      const length = text.startsWith("**", at) ? 2 : 1;
      throw syntax(at, length, "arguments cannot be unpacked with *; write them one by one");
    }
    const [run] = match(/(.)\1*/suy)!;
    if (/^(?:\.{2,}|\u2026+)$/.test(run)) {
      throw syntax(at, run.length, `${run} stands for what is left out; write that, or remove it`);
    }
    if (character === ".") {
      const start = at;
      // A member of a member, as in os.environ.get, is part of the same mistake.
      at += match(/\.\w+(?:\.\w+)+/y)?.[0].length ?? 0;
      throw syntax(start, 1, memberMessage(text, start));
    }
    const sign = text.startsWith("**", at) ? "**" : character;
    const operator = ARITHMETIC[sign];
    if (operator !== undefined) {
      // `++` and `+=` are reported as one operator.
      const [whole] = match(/([-+*/%])\1*=?/y)!;
      throw syntax(at, whole.length, `${sign} is no operator of the rule language; use ${operator}(a, b)`);
    }
    const foreign = FOREIGN.find(([one]) => text.startsWith(one, at));
    if (foreign) {
      const [one, remedy] = foreign;
      throw syntax(at, one.length, `${one} is no operator of the rule language; ${remedy}`);
    }
    const shown = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character) ? JSON.stringify(character) : codePoint(character);
    throw syntax(at, character.length, `${shown} is no sign of the rule language; remove it`);
  }
}

/** An invisible character by its number: `U+00A0`. */
function codePoint(character: string): string {
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

function syntax(start: number, length: number, message: string): ProblemError {
  return new ProblemError(problem("RULES_SYNTAX", { start, end: start + length }, message));
}

import { DialectError } from "./syntax";

export interface Token {
  readonly kind: "name" | "string" | "number" | "mark" | "end";
  /** The source text; for a string, its decoded value. */
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

const SKIPPED = /(?:\s+|\/\/[^\n]*|;)+/y;
const NAME = /[A-Za-z_]\w*/y;
const STRING = /([rR]?)("(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*')/y;
const NUMBER = /-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const MARK = /[(),=[\]]/y;

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", b: "\b", f: "\f" };

/** The tokens of a text, without `//` comments, white space and semicolons. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let [at, line, lineStart] = [0, 1, 0];
  const pass = (length: number): void => {
    for (let end = at + length; at < end; at++) if (text[at] === "\n") [line, lineStart] = [line + 1, at + 1];
  };
  for (;;) {
    pass(match(SKIPPED, text, at)?.[0].length ?? 0);
    const place = { line, column: at - lineStart + 1 };
    if (at >= text.length) return [...tokens, { kind: "end", text: "the end", ...place }];
    const token = tokenAt(text, at);
    if (!token) throw new DialectError(`unexpected ${JSON.stringify(text[at])}`, place.line, place.column);
    tokens.push({ kind: token.kind, text: token.text, ...place });
    pass(token.length);
  }
}

function tokenAt(text: string, at: number): { kind: Token["kind"]; text: string; length: number } | undefined {
  const string = match(STRING, text, at);
  if (string) {
    const [whole, raw, quoted] = string;
    const inside = quoted.slice(1, -1);
    return { kind: "string", text: raw === "" ? decode(inside) : inside, length: whole.length };
  }
  for (const [kind, pattern] of [["name", NAME] as const, ["number", NUMBER] as const, ["mark", MARK] as const]) {
    const [found] = match(pattern, text, at) ?? [];
    if (found !== undefined) return { kind, text: found, length: found.length };
  }
  return undefined;
}

/** An unknown escape stays unchanged: backslashes in patterns are not doubled. */
function decode(inside: string): string {
  return inside.replace(/\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[^])/g, (whole, escape: string) => {
    if (/^[ux]./.test(escape)) return String.fromCharCode(parseInt(escape.slice(1), 16));
    return ESCAPES[escape] ?? (/["'\\]/.test(escape) ? escape : whole);
  });
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** A position in a rule text: offsets in UTF-16 units, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Problem codes; stable, for tests and editors. */
export type ProblemCode =
  | "RULES_SYNTAX"
  | "RULES_UNKNOWN_NAME"
  | "RULES_ARGUMENTS"
  | "RULES_POSITION"
  | "RULES_VALUE"
  | "RULES_REGEX"
  | "RULES_QUERY"
  | "RULES_JMES"
  | "RULES_GROK"
  | "RULES_OUTPUT"
  | "RULES_UNSUPPORTED";

/** One problem of a rule text. */
export interface Problem {
  readonly code: ProblemCode;
  /** An error prevents the rules from running; a warning does not. */
  readonly severity: "error" | "warning";
  readonly span: Span;
  /** The problem and its remedy. */
  readonly message: string;
}

/** A problem that ends the current work. Whoever catches it continues with the next statement or argument. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

/** Maximum characters of a message, since names and values in the text can have any length. */
const LONGEST_MESSAGE = 1000;

export function problem(code: ProblemCode, span: Span, message: string): Problem {
  const isLong = message.length > LONGEST_MESSAGE;
  const half = LONGEST_MESSAGE / 2;
  const shown = isLong ? `${message.slice(0, half)} ... ${message.slice(-half)}` : message;
  return { code, severity: "error", span, message: shown };
}

/** Line and column of an offset, both from 1. Columns count characters, as in editors. */
export function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: [...before.slice(before.lastIndexOf("\n") + 1)].length + 1 };
}

/**
 * The problem in readable form:
 *
 * ```text
 * 3:7 error RULES_UNKNOWN_NAME: e_sett is no function of the rule language; did you mean e_set?
 *   e_sett("a", 1)
 *   ^^^^^^
 * ```
 */
export function renderProblem(text: string, { code, severity, span, message }: Problem): string {
  return renderAt(text, span, `${severity} ${code}: ${message}`);
}

/** A message about a position in a text, with line and column before it, and the line and a caret below. */
export function renderAt(text: string, span: Span, what: string): string {
  const { line, column } = positionAt(text, span.start);
  const lineEnd = text.indexOf("\n", span.start);
  const lineStart = span.start === 0 ? 0 : text.lastIndexOf("\n", span.start - 1) + 1;
  const whole = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd);
  const { source, before, marked } = quoteOf(whole.replace(/\r$/, ""), span.start - lineStart, span.end - lineStart);
  const caret = " ".repeat(displayWidth(before)) + "^".repeat(Math.max(1, displayWidth(marked)));
  return `${line}:${column} ${what}\n  ${source}\n  ${caret}`;
}

/** Maximum characters of a line that are quoted, and how many of them are before the position. */
const QUOTED = 200;
const QUOTED_BEFORE = 80;

/** A line, or the part of a long one around a position; the part before the position, and the marked part. */
function quoteOf(line: string, start: number, end: number) {
  const printable = (part: string): string => part.replace(/[\x00-\x1f\x7f]/g, " ");
  const isLong = line.length > QUOTED;
  const from = isLong && start > QUOTED_BEFORE ? start - QUOTED_BEFORE : 0;
  const to = isLong ? Math.min(line.length, from + QUOTED) : line.length;
  const before = (from > 0 ? "..." : "") + line.slice(from, start);
  return {
    source: printable(`${before}${line.slice(start, to)}${to < line.length ? "..." : ""}`),
    before: printable(before),
    marked: printable(line.slice(start, Math.min(end, to))),
  };
}

/** Characters that are two columns wide in a terminal: CJK, full-width characters and emoji. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
/** Characters without width: combining marks, joiners. */
const NARROW = /[\p{Mn}\p{Me}\p{Cf}]/u;

/** Width in terminal columns. */
function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += WIDE.test(character) ? 2 : NARROW.test(character) ? 0 : 1;
  return width;
}

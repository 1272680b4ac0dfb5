/** Where a thing stands in a rule text: offsets in UTF-16 units, the end excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Codes of problems; stable, for tests and editors. */
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

/** One thing that is wrong with a rule text. */
export interface Problem {
  readonly code: ProblemCode;
  /** An error keeps the rules from running; a warning does not. */
  readonly severity: "error" | "warning";
  readonly span: Span;
  /** What is wrong, and the remedy. */
  readonly message: string;
}

/** A problem that ends the work at hand; who catches it goes on with the next statement or argument. */
export class ProblemError extends Error {
  override readonly name = "ProblemError";

  constructor(readonly problem: Problem) {
    super(problem.message);
  }
}

export function problem(code: ProblemCode, span: Span, message: string): Problem {
  return { code, severity: "error", span, message };
}

/** Line and column of an offset, both from 1; columns count characters, as editors do. */
export function positionAt(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset);
  const line = before.split("\n").length;
  return { line, column: [...before.slice(before.lastIndexOf("\n") + 1)].length + 1 };
}

/**
 * The problem as people read it:
 *
 * ```text
 * 3:7 error RULES_UNKNOWN_NAME: e_sett is no function of the rule language; did you mean e_set?
 *   e_sett("a", 1)
 *   ^^^^^^
 * ```
 */
export function renderProblem(text: string, { code, severity, span, message }: Problem): string {
  const { line, column } = positionAt(text, span.start);
  const lineEnd = text.indexOf("\n", span.start);
  const lineStart = span.start === 0 ? 0 : text.lastIndexOf("\n", span.start - 1) + 1;
  const whole = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd);
  const source = whole.replace(/\r$/, "").replaceAll("\t", " ");
  const width = Math.max(1, Math.min([...text.slice(span.start, span.end)].length, [...source].length - column + 1));
  const caret = " ".repeat(displayWidth([...source].slice(0, column - 1))) + "^".repeat(width);
  return `${line}:${column} ${severity} ${code}: ${message}\n  ${source}\n  ${caret}`;
}

/** Columns of a terminal: CJK characters take two. */
function displayWidth(characters: readonly string[]): number {
  return characters.reduce(
    (width, character) =>
      width +
      (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(character)
        ? 2
        : 1),
    0,
  );
}

import type { Token } from "./lexer";
import { ProblemError, problem, type Span } from "../check/problem";

/** Maximum nesting of brackets; real texts stay below 20. */
const MAX_DEPTH = 200;

/** Reads the tokens of a rule text one by one. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  /** Number of the current token. */
  get at(): number {
    return this.#at;
  }

  /** End of the token that was read last. */
  get previousEnd(): number {
    return this.#tokens[this.#at - 1].span.end;
  }

  /** From a token to the current one, which is excluded. */
  spanFrom(start: number): Span {
    return { start: this.#tokens[start].span.start, end: this.#tokens[this.#at].span.start };
  }

  /** The current token, or one after it. Line ends within brackets are skipped. */
  peek(ahead = 0): Token {
    let at = this.#at;
    for (;;) {
      while (this.#depth > 0 && this.#tokens[at].type === "newline") at++;
      if (ahead-- === 0 || this.#tokens[at].type === "end") return this.#tokens[at];
      at++;
    }
  }

  next(): Token {
    const token = this.peek();
    this.#at = this.#tokens.indexOf(token, this.#at) + 1;
    return token;
  }

  /** Reads this operator, if it is the current token. */
  takeSign(text: string): boolean {
    return this.#take("sign", text);
  }

  /** Reads this name, if it is the current token. */
  takeName(text: string): boolean {
    return this.#take("name", text);
  }

  /** Reads nested content, in brackets or after a repeatable operator. */
  nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) {
      throw syntaxError(this.peek().span, `brackets must not be nested deeper than ${MAX_DEPTH}; split the statement`);
    }
    const result = read();
    this.#depth--;
    return result;
  }

  /** Resets open brackets, because a statement begins. */
  leaveBrackets(): void {
    this.#depth = 0;
  }

  skipLineEnds(): void {
    while (this.#tokens[this.#at].type === "newline" || this.#tokens[this.#at].text === ";") this.#at++;
  }

  /** Skips to the next line that starts with a name and without a blank, even if brackets are open. */
  skipStatement(start: number): void {
    this.leaveBrackets();
    if (this.#at === start) this.#at++;
    while (!this.startsLine(this.#tokens[this.#at])) this.#at++;
  }

  /** Whether there is a line end between two offsets. */
  hasLineEnd(start: number, end: number): boolean {
    return this.#text.slice(start, end).includes("\n");
  }

  startsLine({ type, span }: Token): boolean {
    return type === "end" || (type === "name" && (span.start === 0 || this.#text[span.start - 1] === "\n"));
  }

  #take(type: Token["type"], text: string): boolean {
    const token = this.peek();
    const isTaken = token.type === type && token.text === text;
    if (isTaken) this.next();
    return isTaken;
  }
}

/** Creates an error in the text, to throw. */
export function syntaxError(span: Span, message: string): ProblemError {
  return new ProblemError(problem("RULES_SYNTAX", span, message));
}

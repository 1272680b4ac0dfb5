import { INSTEAD, PYTHON_WORDS } from "./foreign";
import { tokenize, type Token } from "./lexer";
import { ProblemError, problem, type Problem, type Span } from "../check/problem";
import type { CallNode, DictLiteral, Expression, Keyword } from "./syntax-tree";
import { syntaxError, TokenReader } from "./token-reader";
import { isBytes } from "../run/values";

const COMPARISONS: Readonly<Record<string, string>> = {
  "==": "op_eq",
  "!=": "op_ne",
  ">": "op_gt",
  ">=": "op_ge",
  "<": "op_lt",
  "<=": "op_le",
};

const CONSTANTS = new Map([
  ["None", null],
  ["null", null],
  ["True", true],
  ["true", true],
  ["False", false],
  ["false", false],
]);

/** Parses the statements of a rule text. Errors are reported, and parsing continues at the next statement. */
export function parse(text: string, report: (problem: Problem) => void): Expression[] {
  const tokens = tokenize(text, report);
  const unread = tokens.flatMap((token) => ("isUnread" in token ? [token.span.start] : []));
  return new Parser(new TokenReader(tokens, text), unread, report).statements();
}

/**
 * Parses a text that is a single expression.
 *
 * @throws ProblemError for the first error
 */
export function parseExpression(text: string): Expression {
  const refuse = (found: Problem): never => {
    throw new ProblemError(found);
  };
  return new Parser(new TokenReader(tokenize(text, refuse), text), [], refuse).expression();
}

class Parser {
  readonly #tokens: TokenReader;
  /** Positions of invalid tokens, which are already reported. */
  readonly #unread: readonly number[];
  readonly #report: (problem: Problem) => void;
  /** Whether the current string is an item of a list. */
  #isInList = false;

  constructor(tokens: TokenReader, unread: readonly number[], report: (problem: Problem) => void) {
    this.#tokens = tokens;
    this.#unread = unread;
    this.#report = report;
  }

  statements(): Expression[] {
    const statements: Expression[] = [];
    while ((this.#tokens.skipLineEnds(), this.#tokens.peek().type !== "end")) {
      const { at: start } = this.#tokens;
      try {
        const statement = this.#statement();
        // Further errors of a statement that could not be read are only consequences.
        if (!this.#isUnread(start) && !this.#isComment(statement)) statements.push(statement);
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        this.#tokens.skipStatement(start);
        if (!this.#isUnread(start)) this.#report(error.problem);
      }
    }
    return statements;
  }

  /** Parses the rest as one expression. */
  expression(): Expression {
    return this.#statement();
  }

  /** Statements are on separate lines, or separated by `;`. Two calls on one line are also parsed as two. */
  #statement(): Expression {
    this.#tokens.leaveBrackets();
    this.#isInList = false;
    const statement = this.#expression();
    const { type, text, span } = this.#tokens.peek();
    if (statement.kind === "name" && (type === "name" || type === "literal")) {
      const { name } = statement;
      throw syntaxError(statement.span, `an operation must have its arguments in brackets, such as ${name}(...)`);
    }
    const isEnd = type === "newline" || type === "end" || type === "name" || text === ";";
    if (isEnd) return statement;
    if (text === "-") throw syntaxError(span, `a statement must end here, got -${INSTEAD["-"]}`);
    if (text === "=") throw syntaxError(span, "the rule language has no variables; write a value where it is used");
    const remedy = /^[)\]}]$/.test(text)
      ? ", which closes nothing; remove it"
      : "; put the next one on a line of its own";
    throw syntaxError(span, `a statement must end here, got ${text}${remedy}`);
  }

  /** Strings as statements are comments, in Python as in the documentation of the language. */
  #isComment(statement: Expression): boolean {
    if (statement.kind !== "literal" || typeof statement.value !== "string") return false;
    const message = "a text by itself does nothing; write # before a comment";
    this.#report({ ...problem("RULES_POSITION", statement.span, message), severity: "warning" });
    return true;
  }

  /** Whether the statement's error is a token that was already reported. */
  #isUnread(start: number): boolean {
    const { start: from, end: to } = this.#tokens.spanFrom(start);
    return this.#unread.some((offset) => offset >= from && offset < to);
  }

  #expression(): Expression {
    return this.#or();
  }

  #or(): Expression {
    return this.#logical("or", () => this.#logical("and", () => this.#not()));
  }

  #logical(kind: "and" | "or", operand: () => Expression): Expression {
    const operands = [operand()];
    while (this.#tokens.takeName(kind)) operands.push(operand());
    if (operands.length === 1) return operands[0];
    return { kind, span: { start: operands[0].span.start, end: operands.at(-1)!.span.end }, operands };
  }

  #not(): Expression {
    const { span } = this.#tokens.peek();
    if (!this.#tokens.takeName("not")) return this.#comparison();
    return this.#tokens.nested(() => operatorCall("op_not", span, [this.#not()]));
  }

  #comparison(): Expression {
    const comparisons: Expression[] = [];
    let left = this.#negative();
    for (;;) {
      const { text, span } = this.#tokens.peek();
      const name = this.#tokens.peek().type === "sign" ? COMPARISONS[text] : undefined;
      if (name === undefined) break;
      this.#tokens.next();
      const right = this.#negative();
      comparisons.push(operatorCall(name, span, [left, right]));
      left = right;
    }
    if (comparisons.length < 2) return comparisons[0] ?? left;
    const span = { start: comparisons[0].span.start, end: left.span.end };
    return { kind: "and", span, operands: comparisons };
  }

  #negative(): Expression {
    const { span } = this.#tokens.peek();
    if (!this.#tokens.takeSign("-")) return this.#primary();
    return this.#tokens.nested(() => {
      const operand = this.#negative();
      const value = operand.kind === "literal" ? operand.value : undefined;
      if (typeof value !== "bigint" && typeof value !== "number") return operatorCall("op_neg", span, [operand]);
      return { kind: "literal", span: { start: span.start, end: operand.span.end }, value: -value };
    });
  }

  #primary(): Expression {
    const token = this.#tokens.peek();
    if (token.type === "literal") return this.#literal();
    if (token.type === "name") return this.#nameOrCall();
    if (token.text === "(") return this.#tokens.nested(() => this.#parenthesis());
    if (token.text === "[") return this.#tokens.nested(() => this.#list());
    if (token.text === "{") return this.#tokens.nested(() => this.#dict());
    const instead = token.text === "=" ? "; use == or != to compare" : token.text === ">" ? "; use != for <>" : "";
    throw syntaxError(token.span, `a value or a call must stand here, got ${describe(token)}${instead}`);
  }

  /** Adjacent strings are concatenated. */
  #literal(): Expression {
    let { value } = this.#tokens.peek() as Extract<Token, { type: "literal" }>;
    const { span } = this.#tokens.next();
    let { end } = span;
    for (let token = this.#tokens.peek(); token.type === "literal"; token = this.#tokens.peek()) {
      if (typeof value === "string" && typeof token.value === "string") value += token.value;
      else if (isBytes(value) && isBytes(token.value)) value = Buffer.concat([value, token.value]);
      else throw syntaxError(token.span, `a comma must stand before ${token.text}`);
      this.#warnOfMissingComma(token, end);
      end = this.#tokens.next().span.end;
    }
    return { kind: "literal", span: { start: span.start, end }, value };
  }

  /** Strings on separate lines are one long string; on the same line, a comma is probably missing. */
  #warnOfMissingComma({ span, text }: Token, previousEnd: number): void {
    if (this.#tokens.hasLineEnd(previousEnd, span.start) && !this.#isInList) return;
    const shown = text.length > 40 ? `${text.slice(0, 40)}...` : text;
    const message = `two texts side by side are one; write a comma before ${shown}, or join them to one text`;
    this.#report({ ...problem("RULES_SYNTAX", span, message), severity: "warning" });
  }

  #nameOrCall(): Expression {
    const { text: name, span } = this.#tokens.next();
    if (this.#tokens.peek().text === "(" && this.#tokens.peek().type === "sign")
      return this.#tokens.nested(() => this.#call(name, span));
    const constant = CONSTANTS.get(name);
    if (constant !== undefined) return { kind: "literal", span, value: constant };
    if (PYTHON_WORDS.has(name)) {
      throw syntaxError(
        span,
        `${name} is Python and no part of the rule language; use e_if, e_switch or an op_ function`,
      );
    }
    return { kind: "name", span, name };
  }

  #call(name: string, nameSpan: Span): CallNode {
    this.#tokens.next();
    this.#isInList = false;
    const positional: Expression[] = [];
    const keywords: Keyword[] = [];
    while (!this.#tokens.takeSign(")")) {
      const keyword = this.#keyword();
      if (keyword) keywords.push(keyword);
      else if (keywords.length > 0) {
        throw syntaxError(this.#tokens.peek().span, "an argument without a name must stand before the named ones");
      } else positional.push(this.#expression());
      this.#separator(")", nameSpan);
    }
    const span = { start: nameSpan.start, end: this.#tokens.previousEnd };
    return { kind: "call", span, name, nameSpan, positional, keywords };
  }

  #keyword(): Keyword | undefined {
    const { type, text: name, span } = this.#tokens.peek();
    const isKeyword = type === "name" && this.#tokens.peek(1).text === "=";
    if (!isKeyword) return undefined;
    this.#tokens.next();
    this.#tokens.next();
    return { name, span, value: this.#expression() };
  }

  #parenthesis(): Expression {
    const open = this.#tokens.next().span;
    const items: Expression[] = [];
    let isTuple = false;
    while (!this.#tokens.takeSign(")")) {
      items.push(this.#expression());
      isTuple = this.#separator(")", open) || isTuple;
    }
    if (items.length === 1 && !isTuple) return items[0];
    return { kind: "sequence", span: { start: open.start, end: this.#tokens.previousEnd }, items };
  }

  #list(): Expression {
    const open = this.#tokens.next().span;
    const items: Expression[] = [];
    while (!this.#tokens.takeSign("]")) {
      // A long string is rarely the item of a list, where a comma is easily forgotten.
      this.#isInList = true;
      items.push(this.#expression());
      this.#separator("]", open);
    }
    this.#isInList = false;
    return { kind: "sequence", span: { start: open.start, end: this.#tokens.previousEnd }, items };
  }

  #dict(): DictLiteral {
    const open = this.#tokens.next().span;
    const entries: [Expression, Expression][] = [];
    while (!this.#tokens.takeSign("}")) {
      this.#isInList = false;
      const key = this.#expression();
      if (!this.#tokens.takeSign(":")) {
        throw syntaxError(
          this.#tokens.peek().span,
          `a dict must have : after each key, got ${describe(this.#tokens.peek())}`,
        );
      }
      entries.push([key, this.#expression()]);
      this.#separator("}", open);
    }
    return { kind: "dict", span: { start: open.start, end: this.#tokens.previousEnd }, entries };
  }

  /** Reads a comma, or leaves the closing bracket; returns whether there was a comma. */
  #separator(close: string, open: Span): boolean {
    if (this.#tokens.takeSign(",")) return true;
    const token = this.#tokens.peek();
    if (token.type === "sign" && token.text === close) return false;
    if (this.#tokens.startsLine(token)) throw syntaxError(open, `what opens here must be closed with ${close}`);
    const hint = Object.hasOwn(INSTEAD, token.text) ? INSTEAD[token.text] : "";
    throw syntaxError(token.span, `, or ${close} must stand here, got ${describe(token)}${hint}`);
  }
}

function operatorCall(name: string, nameSpan: Span, positional: readonly Expression[]): CallNode {
  const start = Math.min(nameSpan.start, positional[0].span.start);
  return { kind: "call", span: { start, end: positional.at(-1)!.span.end }, name, nameSpan, positional, keywords: [] };
}

function describe(token: Token): string {
  return token.type === "newline" ? "the end of the line" : token.text;
}

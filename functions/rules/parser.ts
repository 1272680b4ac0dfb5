import { tokenize, type Token } from "./lexer";
import { ProblemError, problem, type Problem, type Span } from "./problem";
import type { Call, DictLiteral, Expression, Keyword } from "./syntax-tree";
import { isBytes } from "./values";

/** How deep brackets may be nested; what people write stays below 20. */
const MAX_DEPTH = 200;

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

/** Words of Python that the language leaves out. */
const PYTHON_WORDS = new Set(
  "def lambda for while if else elif import from return class with try in is del pass global yield".split(" "),
);

/** The statements of a rule text. What cannot be read is reported, and reading goes on at the next statement. */
export function parse(text: string, report: (problem: Problem) => void): Expression[] {
  const unread: number[] = [];
  const tokens = tokenize(text, (found) => {
    unread.push(found.span.start);
    report(found);
  });
  return new Parser(tokens, text, unread, report).statements();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #text: string;
  /** Where the text holds what is no word; reported already. */
  readonly #unread: readonly number[];
  readonly #report: (problem: Problem) => void;
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[], text: string, unread: readonly number[], report: (problem: Problem) => void) {
    this.#tokens = tokens;
    this.#text = text;
    this.#unread = unread;
    this.#report = report;
  }

  statements(): Expression[] {
    const statements: Expression[] = [];
    while ((this.#skipLineEnds(), this.#peek().type !== "end")) {
      const start = this.#at;
      try {
        statements.push(this.#statement());
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        this.#skipStatement(start);
        if (!this.#isUnread(start)) this.#report(error.problem);
      }
    }
    return statements;
  }

  /** Statements stand on lines of their own, or apart by `;`; two calls on one line are read as two, too. */
  #statement(): Expression {
    this.#depth = 0;
    const statement = this.#expression();
    const { type, text, span } = this.#peek();
    const isEnd = type === "newline" || type === "end" || type === "name" || text === ";";
    if (isEnd) return statement;
    throw this.#syntax(span, `a statement must end here, got ${text}; put the next one on a line of its own`);
  }

  #skipLineEnds(): void {
    while (this.#tokens[this.#at].type === "newline" || this.#tokens[this.#at].text === ";") this.#at++;
  }

  /** To the next line that starts with a name and no blank, whatever brackets are open. */
  #skipStatement(start: number): void {
    this.#depth = 0;
    if (this.#at === start) this.#at++;
    while (!this.#startsLine(this.#tokens[this.#at])) this.#at++;
  }

  /** Whether the statement's trouble is a word that was reported already. */
  #isUnread(start: number): boolean {
    const [from, to] = [this.#tokens[start].span.start, this.#tokens[this.#at].span.start];
    return this.#unread.some((offset) => offset >= from && offset < to);
  }

  #startsLine({ type, span }: Token): boolean {
    return type === "end" || (type === "name" && (span.start === 0 || this.#text[span.start - 1] === "\n"));
  }

  #expression(): Expression {
    return this.#or();
  }

  #or(): Expression {
    return this.#logical("or", () => this.#logical("and", () => this.#not()));
  }

  #logical(kind: "and" | "or", operand: () => Expression): Expression {
    const operands = [operand()];
    while (this.#takeName(kind)) operands.push(operand());
    if (operands.length === 1) return operands[0];
    return { kind, span: { start: operands[0].span.start, end: operands.at(-1)!.span.end }, operands };
  }

  #not(): Expression {
    const { span } = this.#peek();
    if (!this.#takeName("not")) return this.#comparison();
    return this.#nested(() => operatorCall("op_not", span, [this.#not()]));
  }

  #comparison(): Expression {
    const comparisons: Expression[] = [];
    let left = this.#negative();
    for (;;) {
      const { text, span } = this.#peek();
      const name = this.#peek().type === "sign" ? COMPARISONS[text] : undefined;
      if (name === undefined) break;
      this.#at++;
      const right = this.#negative();
      comparisons.push(operatorCall(name, span, [left, right]));
      left = right;
    }
    if (comparisons.length < 2) return comparisons[0] ?? left;
    const span = { start: comparisons[0].span.start, end: left.span.end };
    return { kind: "and", span, operands: comparisons };
  }

  #negative(): Expression {
    const { span } = this.#peek();
    if (!this.#takeSign("-")) return this.#primary();
    return this.#nested(() => {
      const operand = this.#negative();
      const value = operand.kind === "literal" ? operand.value : undefined;
      if (typeof value !== "bigint" && typeof value !== "number") return operatorCall("op_neg", span, [operand]);
      return { kind: "literal", span: { start: span.start, end: operand.span.end }, value: -value };
    });
  }

  #primary(): Expression {
    const token = this.#peek();
    if (token.type === "literal") return this.#literal();
    if (token.type === "name") return this.#nameOrCall();
    if (token.text === "(") return this.#nested(() => this.#parenthesis());
    if (token.text === "[") return this.#nested(() => this.#list());
    if (token.text === "{") return this.#nested(() => this.#dict());
    throw this.#syntax(token.span, `a value or a call must stand here, got ${describe(token)}`);
  }

  /** Texts that follow each other are one. */
  #literal(): Expression {
    let { value } = this.#peek() as Extract<Token, { type: "literal" }>;
    const { span } = this.#next();
    let { end } = span;
    for (let token = this.#peek(); token.type === "literal"; token = this.#peek()) {
      if (typeof value === "string" && typeof token.value === "string") value += token.value;
      else if (isBytes(value) && isBytes(token.value)) value = Buffer.concat([value, token.value]);
      else throw this.#syntax(token.span, `a comma must stand before ${token.text}`);
      end = this.#next().span.end;
    }
    return { kind: "literal", span: { start: span.start, end }, value };
  }

  #nameOrCall(): Expression {
    const { text: name, span } = this.#next();
    if (this.#peek().text === "(" && this.#peek().type === "sign") return this.#nested(() => this.#call(name, span));
    const constant = CONSTANTS.get(name);
    if (constant !== undefined) return { kind: "literal", span, value: constant };
    if (PYTHON_WORDS.has(name)) {
      throw this.#syntax(
        span,
        `${name} is Python and no part of the rule language; use e_if, e_switch or an op_ function`,
      );
    }
    return { kind: "name", span, name };
  }

  #call(name: string, nameSpan: Span): Call {
    this.#next();
    const positional: Expression[] = [];
    const keywords: Keyword[] = [];
    while (!this.#takeSign(")")) {
      const keyword = this.#keyword();
      if (keyword) keywords.push(keyword);
      else if (keywords.length > 0) {
        throw this.#syntax(this.#peek().span, "an argument without a name must stand before the named ones");
      } else positional.push(this.#expression());
      this.#separator(")", nameSpan);
    }
    const span = { start: nameSpan.start, end: this.#previousEnd() };
    return { kind: "call", span, name, nameSpan, positional, keywords };
  }

  #keyword(): Keyword | undefined {
    const { type, text: name, span } = this.#peek();
    const isKeyword = type === "name" && this.#peek(1).text === "=";
    if (!isKeyword) return undefined;
    this.#next();
    this.#next();
    return { name, span, value: this.#expression() };
  }

  #parenthesis(): Expression {
    const open = this.#next().span;
    const items: Expression[] = [];
    let isTuple = false;
    while (!this.#takeSign(")")) {
      items.push(this.#expression());
      isTuple = this.#separator(")", open) || isTuple;
    }
    if (items.length === 1 && !isTuple) return items[0];
    return { kind: "sequence", span: { start: open.start, end: this.#previousEnd() }, items };
  }

  #list(): Expression {
    const open = this.#next().span;
    const items: Expression[] = [];
    while (!this.#takeSign("]")) {
      items.push(this.#expression());
      this.#separator("]", open);
    }
    return { kind: "sequence", span: { start: open.start, end: this.#previousEnd() }, items };
  }

  #dict(): DictLiteral {
    const open = this.#next().span;
    const entries: [Expression, Expression][] = [];
    while (!this.#takeSign("}")) {
      const key = this.#expression();
      if (!this.#takeSign(":")) {
        throw this.#syntax(this.#peek().span, `a dict must have : after each key, got ${describe(this.#peek())}`);
      }
      entries.push([key, this.#expression()]);
      this.#separator("}", open);
    }
    return { kind: "dict", span: { start: open.start, end: this.#previousEnd() }, entries };
  }

  /** Takes a comma, or leaves the closing bracket; says whether there was a comma. */
  #separator(close: string, open: Span): boolean {
    if (this.#takeSign(",")) return true;
    const token = this.#peek();
    if (token.type === "sign" && token.text === close) return false;
    if (this.#startsLine(token)) throw this.#syntax(open, `what opens here must be closed with ${close}`);
    throw this.#syntax(token.span, `, or ${close} must stand here, got ${describe(token)}`);
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) {
      throw this.#syntax(
        this.#peek().span,
        `brackets must not be nested deeper than ${MAX_DEPTH}; split the statement`,
      );
    }
    const result = read();
    this.#depth--;
    return result;
  }

  #takeSign(text: string): boolean {
    const token = this.#peek();
    const isTaken = token.type === "sign" && token.text === text;
    if (isTaken) this.#next();
    return isTaken;
  }

  #takeName(text: string): boolean {
    const token = this.#peek();
    const isTaken = token.type === "name" && token.text === text;
    if (isTaken) this.#next();
    return isTaken;
  }

  /** The token at hand; inside of brackets line ends do not count. */
  #peek(ahead = 0): Token {
    let at = this.#at;
    for (;;) {
      while (this.#depth > 0 && this.#tokens[at].type === "newline") at++;
      if (ahead-- === 0 || this.#tokens[at].type === "end") return this.#tokens[at];
      at++;
    }
  }

  #next(): Token {
    const token = this.#peek();
    this.#at = this.#tokens.indexOf(token, this.#at) + 1;
    return token;
  }

  #previousEnd(): number {
    return this.#tokens[this.#at - 1].span.end;
  }

  #syntax(span: Span, message: string): ProblemError {
    return new ProblemError(problem("RULES_SYNTAX", span, message));
  }
}

function operatorCall(name: string, nameSpan: Span, positional: readonly Expression[]): Call {
  const start = Math.min(nameSpan.start, positional[0].span.start);
  return { kind: "call", span: { start, end: positional.at(-1)!.span.end }, name, nameSpan, positional, keywords: [] };
}

function describe(token: Token): string {
  return token.type === "newline" ? "the end of the line" : token.text;
}

import { ANY, ONE, QueryError, type Comparison, type Glob, type Query, type Term } from "./tree";

/** Maximum characters of a query, which can come from an event; the same as for a pattern. */
const MAX_CHARACTERS = 65_536;
/** Maximum nesting of parentheses and negations. */
const MAX_DEPTH = 200;

const SPACE = /\s*/y;
/** A bare word; a backslash escapes the next character. */
const WORD = /(?:\\[^]|[^\s()[\]"':=<>~!,\\|&])(?:\\[^]|[^\s()[\]"':=<>~,\\|&])*/uy;
const QUOTED = /"((?:\\[^]|[^"\\])*)"/y;
const OPERATOR = /==|~=|>=|<=|[:=<>]/y;
const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;

/**
 * Parses a query: `not` binds tightest, then `and`, then `or`; adjacent terms are alternatives.
 *
 * @throws QueryError with the position of the error
 */
export function parseQuery(text: string): Query {
  return new Parser(text).query();
}

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  query(): Query {
    const { length } = this.#text;
    if (length > MAX_CHARACTERS) {
      throw this.#error(
        `a query must have ${MAX_CHARACTERS} characters at most, got ${length}; search in several steps`,
      );
    }
    const query = this.#or();
    if (this.#at < this.#text.length) throw this.#error(`${this.#text[this.#at]} must not stand here`);
    return query;
  }

  #or(): Query {
    const operands = [this.#and()];
    for (;;) {
      const isStated = this.#takeWord("or") || this.#takeSign("||");
      if (!isStated && !this.#startsTerm()) break;
      operands.push(this.#and());
    }
    return operands.length === 1 ? operands[0] : { kind: "or", operands };
  }

  #and(): Query {
    const operands = [this.#unary()];
    while (this.#takeWord("and") || this.#takeSign("&&")) operands.push(this.#unary());
    return operands.length === 1 ? operands[0] : { kind: "and", operands };
  }

  #unary(): Query {
    if (this.#takeWord("not") || this.#takeSign("!")) {
      return { kind: "not", operand: this.#nested(() => this.#unary()) };
    }
    if (this.#takeSign("(")) {
      const query = this.#nested(() => this.#or());
      this.#expect(")");
      return query;
    }
    return this.#term();
  }

  #term(): Query {
    this.#skipSpace();
    const quoted = this.#take(QUOTED);
    if (quoted) return { kind: "text", value: globOf(quoted[1]) };
    const word = this.#takeValueWord("a field, a word or a text in double quotes");
    const isGlued = this.#match(OPERATOR) ?? this.#spacedOperator();
    if (!isGlued) return { kind: "text", value: globOf(word) };
    const operator = this.#take(OPERATOR)![0];
    return this.#test(unescapeName(word), operator);
  }

  /** An operator can follow a blank, as in `status > 3`. */
  #spacedOperator(): RegExpExecArray | null {
    this.#skipSpace();
    return this.#match(OPERATOR);
  }

  #test(field: string, operator: string): Query {
    this.#skipSpace();
    switch (operator) {
      case ":":
        return this.#holds(field);
      case "==":
        return { kind: "equals", field, value: this.#value() };
      case "~=":
        return this.#regex(field);
      default:
        return { kind: "compares", field, operator: operator as Comparison, value: this.#number(operator) };
    }
  }

  #holds(field: string): Query {
    if (this.#takeSign("(")) {
      const query = this.#nested(() => this.#valuesOr(field));
      this.#expect(")");
      return query;
    }
    if (this.#takeSign("[")) return this.#range(field);
    return { kind: "holds", field, value: this.#value() };
  }

  /** `field: (a or b)`: the field applies to each value inside. */
  #valuesOr(field: string): Query {
    const operands = [this.#valuesAnd(field)];
    for (;;) {
      const isStated = this.#takeWord("or") || this.#takeSign("||");
      if (!isStated && !this.#startsTerm()) break;
      operands.push(this.#valuesAnd(field));
    }
    return operands.length === 1 ? operands[0] : { kind: "or", operands };
  }

  #valuesAnd(field: string): Query {
    const operands = [this.#valuesUnary(field)];
    while (this.#takeWord("and") || this.#takeSign("&&")) operands.push(this.#valuesUnary(field));
    return operands.length === 1 ? operands[0] : { kind: "and", operands };
  }

  #valuesUnary(field: string): Query {
    if (this.#takeWord("not") || this.#takeSign("!")) {
      return { kind: "not", operand: this.#nested(() => this.#valuesUnary(field)) };
    }
    if (this.#takeSign("(")) {
      const query = this.#nested(() => this.#valuesOr(field));
      this.#expect(")");
      return query;
    }
    return { kind: "holds", field, value: this.#value() };
  }

  #range(field: string): Term {
    const least = this.#takeSign("*") ? -Infinity : this.#number();
    if (this.#takeWord("to")) throw this.#error("a range has a comma between its ends, and no word; write [1, 5]");
    this.#expect(",");
    const most = this.#takeSign("*") ? Infinity : this.#number();
    this.#expect("]");
    return { kind: "range", field, least, most };
  }

  #regex(field: string): Term {
    const offset = this.#at;
    const quoted = this.#take(QUOTED);
    // Only a quote is unescaped in a pattern: its other backslashes belong to the pattern.
    if (quoted) {
      return { kind: "matches", field, pattern: quoted[1].replaceAll('\\"', '"'), offset: offset + 1 };
    }
    const word = this.#take(/[^\s()]+/y);
    if (!word) throw this.#error("a pattern must stand here; put it in double quotes");
    return { kind: "matches", field, pattern: word[0], offset };
  }

  #value(): Glob {
    this.#skipSpace();
    const quoted = this.#take(QUOTED);
    return globOf(quoted ? quoted[1] : this.#takeValueWord("a word or a text in double quotes"));
  }

  #number(operator?: string): number {
    this.#skipSpace();
    const digits = this.#take(NUMBER);
    if (!digits) {
      const other = this.#match(/[^\s()[\],]+/y);
      const remedy = operator === "=" ? "; write == to compare texts" : "";
      throw this.#error(`a number must stand here${other ? `, got ${other[0]}${remedy}` : ""}`);
    }
    this.#skipSpace();
    return Number(digits[0]);
  }

  #takeValueWord(wanted: string): string {
    this.#skipSpace();
    const word = this.#take(WORD);
    if (word) return word[0];
    const { [this.#at]: character } = this.#text;
    if (character === undefined) throw this.#error(`${wanted} must stand at the end`);
    const remedy = character === "'" ? "; single quotes are no quotes of the query language" : "";
    throw this.#error(`${wanted} must stand here, got ${character}${remedy}`);
  }

  #startsTerm(): boolean {
    this.#skipSpace();
    const { [this.#at]: character } = this.#text;
    return (
      character !== undefined &&
      character !== ")" &&
      !/^(?:and|&&)(?![^\s(])/i.test(this.#text.slice(this.#at, this.#at + 4))
    );
  }

  /** A keyword, in any case, that is neither part of a longer word nor a field name. */
  #takeWord(word: string): boolean {
    this.#skipSpace();
    const pattern = new RegExp(`${word}(?=[\\s()"!]|$)(?!\\s*(?::|==|~=|>|<|=))`, "iy");
    return this.#take(pattern) !== null;
  }

  #takeSign(sign: string): boolean {
    this.#skipSpace();
    const isTaken = this.#text.startsWith(sign, this.#at);
    if (isTaken) this.#at += sign.length;
    return isTaken;
  }

  #expect(sign: string): void {
    if (!this.#takeSign(sign)) throw this.#error(`${sign} must stand here`);
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) throw this.#error(`a query must not be nested deeper than ${MAX_DEPTH}`);
    const result = read();
    this.#depth--;
    return result;
  }

  #skipSpace(): void {
    this.#take(SPACE);
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text);
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    const found = this.#match(pattern);
    if (found) this.#at += found[0].length;
    return found;
  }

  #error(message: string): QueryError {
    return new QueryError(`the query cannot be read: ${message}`, this.#at);
  }
}

/** Wildcards are operators, unless escaped by a backslash. */
function globOf(text: string): Glob {
  const pieces: (string | typeof ANY | typeof ONE)[] = [];
  let plain = "";
  const flush = (): void => {
    if (plain !== "") pieces.push(plain);
    plain = "";
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === "\\" && at + 1 < text.length) {
      const next = text[++at];
      plain += /[*?"\\:()]/.test(next) ? next : `\\${next}`;
    } else if (character === "*" || character === "?") {
      flush();
      pieces.push(character === "*" ? ANY : ONE);
    } else plain += character;
  }
  flush();
  return pieces;
}

function unescapeName(name: string): string {
  return name.replace(/\\([^])/g, "$1");
}

import { tokensOf, type Token } from "./lexer";
import { DialectError, type CallNode, type Node } from "./syntax";

/** Deeper nesting is refused, so that no text crashes the process. */
const MAX_DEPTH = 100;

/** The calls of a text in order, with or without separators between them. Throws `DialectError`. */
export function parseDialect(text: string): CallNode[] {
  const parser = new Parser(tokensOf(text));
  const calls: CallNode[] = [];
  while (!parser.isAtEnd) calls.push(parser.statement());
  return calls;
}

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: readonly Token[]) {}

  get isAtEnd(): boolean {
    return this.token.kind === "end";
  }

  statement(): CallNode {
    const start = this.token;
    const node = this.node();
    if (node.kind === "call") return node;
    throw new DialectError(`a statement must be a call, got ${start.text}`, start.line, start.column);
  }

  private get token(): Token {
    return this.tokens[this.at];
  }

  private node(): Node {
    if (++this.depth > MAX_DEPTH) throw this.wrong("fewer calls inside of each other");
    const node = this.nodeInside();
    this.depth--;
    return node;
  }

  private nodeInside(): Node {
    const { kind, text, line, column } = this.token;
    if (kind === "string") return this.literal(text);
    if (kind === "number") return this.literal(/^-?\d+$/.test(text) ? BigInt(text) : Number(text));
    if (kind === "mark" && (text === "(" || text === "[")) return this.items(text === "(" ? ")" : "]");
    if (kind !== "name") throw this.wrong("a value");
    if (text === "True" || text === "true") return this.literal(true);
    if (text === "False" || text === "false") return this.literal(false);
    if (text === "None" || text === "null") return this.literal(null);
    this.at++;
    return { kind: "call", name: text, line, column, ...this.callArguments() };
  }

  private literal(value: string | bigint | number | boolean | null): Node {
    this.at++;
    return { kind: "literal", value };
  }

  private items(closing: string): Node {
    this.at++;
    const items: Node[] = [];
    while (!this.takes(closing)) {
      items.push(this.node());
      if (!this.takes(",") && this.token.text !== closing) throw this.wrong(`, or ${closing}`);
    }
    return { kind: "items", items };
  }

  private callArguments(): Pick<CallNode, "positional" | "keywords"> {
    const positional: Node[] = [];
    const keywords = new Map<string, Node>();
    if (!this.takes("(")) throw this.wrong("(");
    while (!this.takes(")")) {
      const next = this.tokens[this.at + 1];
      if (this.token.kind === "name" && next.kind === "mark" && next.text === "=") {
        const { text: name } = this.token;
        if (keywords.has(name)) throw this.wrong(`${name} once`);
        this.at += 2;
        keywords.set(name, this.node());
      } else {
        if (keywords.size > 0) throw this.wrong("arguments with names after those without");
        positional.push(this.node());
      }
      if (!this.takes(",") && this.token.text !== ")") throw this.wrong(", or )");
    }
    return { positional, keywords };
  }

  private takes(mark: string): boolean {
    if (this.token.kind !== "mark" || this.token.text !== mark) return false;
    this.at++;
    return true;
  }

  private wrong(wanted: string): DialectError {
    const { text, line, column } = this.token;
    return new DialectError(`expected ${wanted}, got ${text}`, line, column);
  }
}

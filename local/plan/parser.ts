import { ExpressionError, type Expression } from "./expression";

/**
 * Parses a string of a synthesized plan. It contains text, the escapes `$${` and `%%{`, and `${...}` around a
 * reference, a quoted template, `jsonencode(...)` of one of them, `jsondecode(...)` with a path into it, or a
 * conditional on a reference: `${t.a.on ? "OPEN" : 0}`. Anything else throws {@link ExpressionError}.
 */
export function parseTemplate(source: string): Expression {
  return new Parser(source).template();
}

const ESCAPES: Record<string, string> = { n: "\n", r: "\r", t: "\t", '"': '"', "\\": "\\" };

class Parser {
  private position = 0;

  constructor(private readonly source: string) {}

  /** A whole string of the plan. JSON is already decoded, so it only contains template syntax. */
  template(): Expression {
    const parts: Expression[] = [];
    while (this.position < this.source.length) parts.push(this.part(undefined));
    return simplify(parts);
  }

  /** Text up to the next interpolation, or one interpolation. `quote` ends a quoted template. */
  private part(quote: '"' | undefined): Expression {
    if (this.source.startsWith("${", this.position)) return this.interpolation();
    let text = "";
    while (this.position < this.source.length && !this.source.startsWith("${", this.position)) {
      if (this.source.startsWith("%{", this.position)) throw this.unsupported(this.position);
      const character = this.source[this.position] as string;
      if (quote !== undefined && character === quote) break;
      text += quote !== undefined && character === "\\" ? this.escape() : this.character();
    }
    return { kind: "text", text };
  }

  /** One character of text; `$${` and `%%{` are escapes of `${` and `%{`. */
  private character(): string {
    if (this.take("$${")) return "${";
    if (this.take("%%{")) return "%{";
    return this.source[this.position++] as string;
  }

  /** A backslash escape of a quoted template. */
  private escape(): string {
    const start = this.position;
    const unicode = /\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})/y;
    unicode.lastIndex = start;
    const match = unicode.exec(this.source);
    if (match !== null) {
      this.position = unicode.lastIndex;
      const code = Number.parseInt((match[1] ?? match[2]) as string, 16);
      if (code > 0x10ffff) throw this.unsupported(start);
      return String.fromCodePoint(code);
    }
    const escaped = ESCAPES[this.source[start + 1] ?? ""];
    if (escaped === undefined) throw this.unsupported(start);
    this.position += 2;
    return escaped;
  }

  private interpolation(): Expression {
    const start = this.position;
    this.position += 2;
    const expression = this.choice(this.expression(start), start);
    if (!this.take("}")) throw this.unsupported(start);
    return expression;
  }

  /** The alternatives after a condition, if there are any. */
  private choice(condition: Expression, start: number): Expression {
    this.skipSpace();
    if (!this.take("?")) return condition;
    if (condition.kind !== "reference") throw this.unsupported(start);
    const yes = this.chosen(start);
    this.skipSpace();
    if (!this.take(":")) throw this.unsupported(start);
    const no = this.chosen(start);
    this.skipSpace();
    return { kind: "conditional", condition, yes, no };
  }

  private chosen(start: number): Expression {
    this.skipSpace();
    const value = this.integer();
    return value === undefined ? this.expression(start) : { kind: "number", value };
  }

  private expression(start: number): Expression {
    this.skipSpace();
    if (this.take('"')) return this.quoted(start);
    const nameStart = this.position;
    const name = this.identifier();
    if (name === undefined) throw this.unsupported(start);
    return this.take("(") ? this.call(name, start) : this.reference(name, nameStart, start);
  }

  private quoted(start: number): Expression {
    const parts: Expression[] = [];
    while (!this.take('"')) {
      if (this.position >= this.source.length) throw this.unsupported(start);
      parts.push(this.part('"'));
    }
    return simplify(parts);
  }

  private call(name: string, start: number): Expression {
    if (name !== "jsonencode" && name !== "jsondecode") throw this.unsupported(start);
    const argument = this.expression(start);
    this.skipSpace();
    if (!this.take(")")) throw this.unsupported(start);
    return name === "jsonencode" ? { kind: name, argument } : { kind: name, argument, path: this.steps(start) };
  }

  private reference(root: string, nameStart: number, start: number): Expression {
    const path = [root, ...this.steps(start)];
    // A reference to a resource has a type and a name, one to a variable only a name.
    if (path.length < (root === "var" ? 2 : 3)) throw this.unsupported(start);
    return { kind: "reference", path, source: this.source.slice(nameStart, this.position) };
  }

  private steps(start: number): (string | number)[] {
    const steps: (string | number)[] = [];
    for (let step = this.step(start); step !== undefined; step = this.step(start)) steps.push(step);
    return steps;
  }

  /** `.name`, `.0`, `[0]` or `["name"]`. */
  private step(start: number): string | number | undefined {
    if (this.take(".")) {
      const step = this.integer() ?? this.identifier();
      if (step === undefined) throw this.unsupported(start);
      return step;
    }
    if (!this.take("[")) return undefined;
    const index = this.integer() ?? this.key(start);
    if (index === undefined || !this.take("]")) throw this.unsupported(start);
    return index;
  }

  private key(start: number): string | undefined {
    if (!this.take('"')) return undefined;
    const key = this.quoted(start);
    return key.kind === "text" ? key.text : undefined;
  }

  private identifier(): string | undefined {
    return this.match(/[\p{L}_][\p{L}\p{N}_-]*/uy);
  }

  private integer(): number | undefined {
    const digits = this.match(/[0-9]+/y);
    return digits === undefined ? undefined : Number(digits);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.position += found.length;
    return found;
  }

  private skipSpace(): void {
    this.match(/\s*/y);
  }

  private take(text: string): boolean {
    if (!this.source.startsWith(text, this.position)) return false;
    this.position += text.length;
    return true;
  }

  private unsupported(start: number): ExpressionError {
    const end = this.source.indexOf("}", start);
    const quoted = this.source.slice(start, end < 0 ? start + 80 : end + 1);
    return new ExpressionError(`must hold only text, references, jsonencode() and jsondecode(), got ${quoted}`);
  }
}

function simplify(parts: Expression[]): Expression {
  if (parts.length === 0) return { kind: "text", text: "" };
  return parts.length === 1 ? (parts[0] as Expression) : { kind: "template", parts };
}

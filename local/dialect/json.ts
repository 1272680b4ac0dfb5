import type { Value } from "./values";

const BLANK = /[ \t\r\n]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\]|\\[^])*"/y;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
const MAX_DEPTH = 500;

/** Parses JSON: integers of any size stay exact, floats stay floats. `undefined` if it is not JSON. */
export function parseJson(text: string): Value | undefined {
  try {
    return new Reader(text).read();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  read(): Value {
    const value = this.value(0);
    this.take(BLANK);
    if (this.at < this.text.length) throw new SyntaxError("more after the value");
    return value;
  }

  private value(depth: number): Value {
    if (depth > MAX_DEPTH) throw new SyntaxError("too deep");
    this.take(BLANK);
    const start = this.text[this.at];
    if (start === "{") return this.object(depth);
    if (start === "[") return this.list(depth);
    if (start === '"') return this.string();
    const word = Object.keys(WORDS).find((one) => this.text.startsWith(one, this.at));
    if (word !== undefined) {
      this.at += word.length;
      return WORDS[word];
    }
    const number = this.take(NUMBER);
    if (!number) throw new SyntaxError("no value");
    return number[1] === undefined && number[2] === undefined ? BigInt(number[0]) : Number(number[0]);
  }

  private object(depth: number): Value {
    const members = new Map<string, Value>();
    this.sequence("}", () => {
      this.take(BLANK);
      const name = this.string();
      this.expect(":");
      members.set(name, this.value(depth + 1));
    });
    return members;
  }

  private list(depth: number): Value {
    const items: Value[] = [];
    this.sequence("]", () => items.push(this.value(depth + 1)));
    return items;
  }

  private sequence(closing: string, item: () => void): void {
    this.at++;
    this.take(BLANK);
    if (this.text[this.at] === closing) {
      this.at++;
      return;
    }
    for (;;) {
      item();
      this.take(BLANK);
      const mark = this.text[this.at++];
      if (mark === closing) return;
      if (mark !== ",") throw new SyntaxError("no comma");
    }
  }

  private string(): string {
    const found = this.take(STRING);
    if (!found) throw new SyntaxError("no string");
    return JSON.parse(found[0]) as string;
  }

  private expect(mark: string): void {
    this.take(BLANK);
    if (this.text[this.at++] !== mark) throw new SyntaxError(`no ${mark}`);
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }
}

import { RegexError } from "./regex";

/** The text of a pattern and the current position. */
export class Reader {
  position = 0;

  constructor(readonly text: string) {}

  get atEnd(): boolean {
    return this.position >= this.text.length;
  }

  /** The next character, without consuming it; empty at the end. */
  peek(): string {
    const code = this.text.codePointAt(this.position);
    return code === undefined ? "" : String.fromCodePoint(code);
  }

  next(): string {
    const character = this.peek();
    this.position += character.length;
    return character;
  }

  /** Consumes a text if it comes next. */
  take(expected: string): boolean {
    if (!this.text.startsWith(expected, this.position)) return false;
    this.position += expected.length;
    return true;
  }

  /** Consumes what a sticky pattern matches here. */
  takeMatch(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const match = pattern.exec(this.text);
    if (match) this.position += match[0].length;
    return match;
  }

  /** Consumes the text up to and including a terminator. */
  until(terminator: string, message: string): string {
    const start = this.position;
    const end = this.text.indexOf(terminator, start);
    if (end < 0) throw new RegexError(message, start);
    this.position = end + terminator.length;
    return this.text.slice(start, end);
  }
}

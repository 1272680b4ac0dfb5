import { checkItems } from "./length";
import { fail, type Value } from "./values";

/** Deeper nesting fails, as in the reference, because code that reads the value can be recursive. */
const MAX_DEPTH = 1000;
/** Python refuses to parse longer integers: the time grows faster than their length. */
const MAX_DIGITS = 4300;

const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
const CONSTANTS: readonly (readonly [string, Value])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
];

/**
 * Parses JSON as Python's `json.loads` does: `1` is an int and `1.0` a float, a dict keeps the order of its keys, the
 * last of equal keys wins, NaN and Infinity are numbers. Fails if the text is not JSON, with the offset in UTF-16
 * units.
 */
export function parseJson(text: string): Value {
  return new JsonReader(text).document();
}

/** The value of a JSON text; undefined if it is not JSON. */
export function tryParseJson(text: string): Value | undefined {
  try {
    return parseJson(text);
  } catch (error) {
    if ((error as { ruleFailure?: boolean }).ruleFailure) return undefined;
    throw error;
  }
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): Value {
    const value = this.#value();
    this.#skipSpace();
    if (this.#at < this.#text.length) this.#refuse("the end of the text");
    return value;
  }

  #value(): Value {
    this.#skipSpace();
    switch (this.#text.charCodeAt(this.#at)) {
      case 0x22: // "
        return this.#string();
      case 0x7b: // {
        return this.#dict();
      case 0x5b: // [
        return this.#list();
      default:
        return this.#number() ?? this.#constant();
    }
  }

  #dict(): Value {
    const dict = new Map<Value, Value>();
    this.#open();
    if (this.#closes(0x7d)) return dict;
    do {
      this.#skipSpace();
      if (this.#text.charCodeAt(this.#at) !== 0x22) this.#refuse("a key in double quotes");
      const key = this.#string();
      if (!this.#takes(0x3a)) this.#refuse('":"');
      dict.set(key, this.#value());
    } while (this.#takes(0x2c));
    if (!this.#closes(0x7d)) this.#refuse('"," or "}"');
    return dict;
  }

  #list(): Value {
    const list: Value[] = [];
    this.#open();
    if (this.#closes(0x5d)) return list;
    do checkItems(list.push(this.#value()));
    while (this.#takes(0x2c));
    if (!this.#closes(0x5d)) this.#refuse('"," or "]"');
    return list;
  }

  /** Reads an opening bracket. */
  #open(): void {
    if (++this.#depth > MAX_DEPTH) fail(`JSON must not be nested deeper than ${MAX_DEPTH} levels, at ${this.#at}`);
    this.#at++;
  }

  /** Reads a closing bracket, if it is the next character. */
  #closes(bracket: number): boolean {
    if (!this.#takes(bracket)) return false;
    this.#depth--;
    return true;
  }

  #string(): string {
    const start = this.#at;
    const text = this.#text;
    let at = start + 1;
    let plain = true;
    for (; ; at++) {
      const code = text.charCodeAt(at);
      if (code === 0x22) break;
      if (code === 0x5c) {
        plain = false;
        at++;
      } else if (!(code >= 0x20)) {
        // A control character, or NaN at the end of the text.
        this.#at = at;
        this.#refuse("the end of a string");
      }
    }
    this.#at = at + 1;
    return plain ? text.slice(start + 1, at) : this.#unescape(start);
  }

  #unescape(start: number): string {
    try {
      return JSON.parse(this.#text.slice(start, this.#at)) as string;
    } catch {
      this.#at = start;
      return this.#refuse("a string with valid escapes");
    }
  }

  #number(): Value | undefined {
    NUMBER.lastIndex = this.#at;
    const match = NUMBER.exec(this.#text);
    if (!match) return undefined;
    const [digits, fraction, exponent] = match as [string, string?, string?];
    if (fraction !== undefined || exponent !== undefined) {
      this.#at += digits.length;
      return Number(digits);
    }
    if (digits.length > MAX_DIGITS) this.#refuse(`an int of at most ${MAX_DIGITS} digits`);
    this.#at += digits.length;
    return BigInt(digits);
  }

  #constant(): Value {
    for (const [name, value] of CONSTANTS) {
      if (this.#text.startsWith(name, this.#at)) {
        this.#at += name.length;
        return value;
      }
    }
    return this.#refuse("a value");
  }

  /** Skips white space, and reads a character if it is next. */
  #takes(code: number): boolean {
    this.#skipSpace();
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    for (; ; this.#at++) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
    }
  }

  #refuse(wanted: string): never {
    const found = this.#at < this.#text.length ? JSON.stringify(this.#text.slice(this.#at, this.#at + 20)) : "its end";
    return fail(`JSON must have ${wanted} at ${this.#at}, got ${found}`);
  }
}

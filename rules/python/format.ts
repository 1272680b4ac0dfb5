import { TextBuilder } from "../run/length";
import { fail, isDict, isList, type Value } from "../run/values";
import { describe } from "./arguments";
import { format } from "./format-spec";
import { lookUp } from "./keys";
import { characterAt, positionOf } from "./points";
import { ascii, repr, str } from "./repr";

/** A parsed `str.format` template. */
export interface Template {
  (values: readonly Value[]): string;
  /** Minimum number of values that it needs. */
  readonly least: number;
}

type Piece = string | ((values: readonly Value[]) => string);

/** Parses a `str.format` template. Fails if it is invalid, or if a field names something other than a position. */
export function compileTemplate(text: string): Template {
  const numbering = new Numbering();
  const pieces = new TemplateReader(text, numbering).pieces(0);
  return Object.assign((values: readonly Value[]) => render(pieces, values), { least: numbering.least });
}

function render(pieces: readonly Piece[], values: readonly Value[]): string {
  const text = new TextBuilder();
  for (const piece of pieces) text.add(typeof piece === "string" ? piece : piece(values));
  return text.text;
}

/** Fields are numbered explicitly or automatically, never both in one template. */
class Numbering {
  #next = 0;
  #manual: boolean | undefined;
  /** One more than the largest number. */
  least = 0;
  #count = 0;

  /** Counts a field, or an access to an element of its value. */
  count(): void {
    if (++this.#count > MAX_FIELDS) fail(`A format must have at most ${MAX_FIELDS} fields and keys`);
  }

  number(name: string): number {
    const number = this.#numberOf(name);
    this.least = Math.max(this.least, number + 1);
    return number;
  }

  #numberOf(name: string): number {
    const manual = name !== "";
    if (this.#manual !== undefined && this.#manual !== manual) {
      fail("The fields of a format must all have numbers, or none of them");
    }
    this.#manual = manual;
    if (!manual) return this.#next++;
    if (!/^[0-9]+$/.test(name)) fail(`A field of a format must have no name but a number, got ${JSON.stringify(name)}`);
    return Number(name);
  }
}

const CONVERSIONS: Readonly<Record<string, (value: Value) => string>> = { r: repr, s: str, a: ascii };
/** Formats of fields can contain fields, but no further levels. */
const MAX_DEPTH = 2;
/** Maximum fields and keys of a template, which can come from an event: each takes about 300 bytes. */
const MAX_FIELDS = 10_000;

class TemplateReader {
  #at = 0;

  constructor(
    readonly text: string,
    readonly numbering: Numbering,
  ) {}

  pieces(depth: number): Piece[] {
    if (depth >= MAX_DEPTH) fail("The fields of a format must not be nested deeper than two levels");
    const pieces: Piece[] = [];
    let literal = new TextBuilder();
    while (this.#at < this.text.length) {
      literal.add(this.#plain());
      if (this.#at === this.text.length) break;
      const character = this.text[this.#at++];
      if (this.text[this.#at] === character && (character === "{" || depth === 0)) {
        literal.add(character);
        this.#at++;
      } else if (character === "}") fail(`A format must have } twice where it is none of a field, at ${this.#at - 1}`);
      else {
        pieces.push(literal.text, this.#field(depth));
        literal = new TextBuilder();
      }
    }
    pieces.push(literal.text);
    return pieces.filter((piece) => piece !== "");
  }

  /** The text before the next brace. */
  #plain(): string {
    const start = this.#at;
    while (this.#at < this.text.length && !isBrace(this.text.charCodeAt(this.#at))) this.#at++;
    return this.text.slice(start, this.#at);
  }

  #field(depth: number): Piece {
    this.numbering.count();
    const start = this.#at;
    const read = this.#name();
    const convert = this.#conversion();
    const formatValue = this.#format(depth);
    if (this.text[this.#at++] !== "}") fail(`A field of a format must end with }, at ${start - 1}`);
    if (convert === undefined) return (values) => formatValue(read(values), values);
    return (values) => formatValue(convert(read(values)), values);
  }

  /** The number of the field and the element accesses: `0[key][1]`. */
  #name(): (values: readonly Value[]) => Value {
    const [name] = this.#take(/[^{}[\].:!]*/y);
    const index = this.numbering.number(name);
    const keys: string[] = [];
    for (;;) {
      if (this.text[this.#at] === ".") fail("A field of a format must not ask for attributes");
      const [access, key] = this.#take(/\[([^\]]+)\]|/y);
      if (access === "") break;
      this.numbering.count();
      keys.push(key!);
    }
    return (values) => {
      if (index >= values.length) fail(`A format must have a value for each field, got ${values.length} values`);
      return keys.reduce(element, values[index]);
    };
  }

  #conversion(): ((value: Value) => string) | undefined {
    if (this.text[this.#at] !== "!") return undefined;
    const letter = this.text[this.#at + 1] ?? "";
    this.#at += 2;
    const convert = Object.hasOwn(CONVERSIONS, letter) ? CONVERSIONS[letter] : undefined;
    return convert ?? fail(`The conversion of a field must be !r, !s or !a, got !${letter}`);
  }

  #format(depth: number): (value: Value, values: readonly Value[]) => string {
    if (this.text[this.#at] !== ":") return (value) => format(value, "");
    const start = ++this.#at;
    for (let open = 1; this.#at < this.text.length; this.#at++) {
      if (this.text[this.#at] === "{") open++;
      else if (this.text[this.#at] === "}" && --open === 0) break;
    }
    const spec = this.text.slice(start, this.#at);
    if (!/[{}]/.test(spec)) return (value) => format(value, spec);
    const pieces = new TemplateReader(spec, this.numbering).pieces(depth + 1);
    return (value, values) => format(value, render(pieces, values));
  }

  #take(pattern: RegExp): [string, string | undefined] {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.text)!;
    this.#at += match[0].length;
    return [match[0], match[1]];
  }
}

function isBrace(unit: number): boolean {
  return unit === 0x7b || unit === 0x7d;
}

/** `value[key]`, where a key of digits is a number. */
function element(value: Value, key: string): Value {
  const index = /^[0-9]+$/.test(key) ? Number(key) : undefined;
  if (index !== undefined && isList(value)) return value[positionOf(value.length, index, "A field of a format")];
  if (index !== undefined && typeof value === "string") return characterAt(value, index, "A field of a format");
  const found = isDict(value) ? lookUp(value, index === undefined ? key : BigInt(index)) : undefined;
  if (found !== undefined) return found;
  return fail(`A field of a format asks for [${key}], which is not in ${describe(value)}`);
}

import type { Fields } from "../records/contracts";

/**
 * The shape that lines of one kind share: the same keys in the same order, the same kinds of values, the same spaces.
 * Such a line is read with one match of a pattern, and made an object by a function that names the keys.
 *
 * What it reads is exactly what JSON.parse reads. All text but the values is that of a line that JSON.parse took; in
 * place of a value stands one of the same kind, of those that need no care: a string without quote, backslash or
 * control character, a number of up to 15 digits before the point and no exponent (so never a big one), or a word. Any
 * other line is none of this shape.
 *
 * The function's code holds nothing of a line but brackets, commas, colons, spaces, and keys as string literals, which
 * JSON.stringify writes (JSON's strings are a part of JavaScript's); values reach it as arguments. A closure over the
 * keys would take four times as long to make an object. Where code from strings is forbidden there are no shapes.
 */
export class LineShape {
  /** Tells the shape from others: the text of the line, the kinds of its values in place of them. */
  readonly source: string;
  /** Undefined where a key is beyond ASCII. */
  readonly #ascii: RegExp | undefined;
  readonly #wide: RegExp;
  readonly #build: (match: RegExpExecArray) => Fields;

  private constructor(source: string, code: string) {
    this.source = source;
    // Other bytes, read one by one, may look like such a key.
    this.#ascii = ONLY_ASCII.test(source) ? new RegExp(source.replaceAll(STRING, ASCII_STRING), "y") : undefined;
    this.#wide = new RegExp(source.replaceAll(STRING, WIDE_STRING), "y");
    this.#build = new Function("match", `return (${code});`) as (match: RegExpExecArray) => Fields;
  }

  /**
   * The shape of a line; undefined where it holds an escape, is too long, nested too deeply or of too many values to be
   * like others, or is mostly numbers, which JSON.parse reads faster.
   *
   * @throws SyntaxError where the line is no JSON
   */
  static of(line: string): LineShape | undefined {
    if (line.length > MAX_LINE || line.includes("\\")) return undefined;
    JSON.parse(line);
    let [source, code] = ["", ""];
    let [behindValue, behindToken] = [0, 0];
    let values = 0;
    let strings = 0;
    let depth = 0;
    for (const { 0: token, 1: key, index } of line.matchAll(TOKEN)) {
      if (token === "{" || token === "[") depth++;
      else if (token === "}" || token === "]") depth--;
      if (depth > MAX_DEPTH) return undefined;
      if (token.length === 1 && BRACKETS.includes(token)) continue;

      code += line.slice(behindToken, index);
      behindToken = index + token.length;
      if (key !== undefined) {
        code += key === "__proto__" ? `["__proto__"]:` : `${JSON.stringify(key)}:`;
      } else {
        if (++values > MAX_VALUES) return undefined;
        const kind = kindOf(token);
        const quote = kind === STRING ? 1 : 0;
        strings += quote;
        source += `${escaped(line.slice(behindValue, index + quote))}(${kind})`;
        behindValue = behindToken - quote;
        code += CODE[kind](`match[${values}]`);
      }
    }
    if (values - strings > MAX_OTHERS + strings * OTHERS_PER_STRING) return undefined;
    return new LineShape(source + escaped(line.slice(behindValue)), code + line.slice(behindToken));
  }

  /**
   * Reads a line that stands in a text; undefined where it is not of this shape.
   *
   * @param wide whether it holds more than ASCII; where it does and this is not set, the line is none of this shape
   */
  read(text: string, start: number, end: number, wide: boolean): Fields | undefined {
    const pattern = wide ? this.#wide : this.#ascii;
    if (!pattern) return undefined;
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    return match && pattern.lastIndex === end ? this.#build(match) : undefined;
  }
}

/** A longer line is rarely like others, and its pattern would be large. */
const MAX_LINE = 16 * 1024;
const MAX_DEPTH = 32;

/** A pattern of many values takes long to compile; one of some thousand uses up the stack, which V8 tells at its first match. */
const MAX_VALUES = 100;

/** A string gains as much as three values of other kinds lose; a few of those cost nothing. */
const OTHERS_PER_STRING = 3;
const MAX_OTHERS = 8;

/** The tokens of valid JSON without backslashes that matter here; a key comes with its colon. */
const TOKEN = /"([^"]*)"\s*:|"[^"]*"|[^\s{}[\],]+|[{}[\]]/g;
const BRACKETS = "{}[]";

/** Stands for a string; what a string holds depends on whether the text is ASCII. No line holds it: it is escaped. */
const STRING = "<string>";
/** `0|[1-9]\d{0,14}` for the digits before the point would mean the same and take six times as long to compile. */
const NUMBER = String.raw`-?(?!0\d)\d{1,15}(?:\.\d+)?`;
const WORD = "true|false|null";

/** Whether a text holds nothing else; what are control characters elsewhere is not in JSON. */
const ONLY_ASCII = /^[\t\r -\x7f]*$/;

/** Characters of a string that stand for themselves. */
const ASCII_STRING = String.raw`[ !#-[\]-~]*`;
const WIDE_STRING = String.raw`[^"\\\x00-\x1f]*`;

type Kind = typeof STRING | typeof NUMBER | typeof WORD;

/** Code for a value, given that of its text. */
const CODE: Readonly<Record<Kind, (text: string) => string>> = {
  [STRING]: (text) => text,
  [NUMBER]: (text) => `+${text}`,
  [WORD]: (text) => `${text} === "null" ? null : ${text} === "true"`,
};

function kindOf(token: string): Kind {
  if (token.startsWith('"')) return STRING;
  return /^[tfn]/.test(token) ? WORD : NUMBER;
}

function escaped(text: string): string {
  return text.replace(/[$()*+.<>?[\\\]^{|}]/g, String.raw`\$&`);
}

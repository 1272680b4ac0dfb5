import type { Fields, FieldValue } from "../records";

/**
 * The shape that lines of one kind share: the same keys in the same order, the same kinds of values, the same spaces.
 * Such a line is read with one match, and its object is a copy of the first one's with other values: a third of the
 * time that JSON.parse takes.
 *
 * What it reads is exactly what JSON.parse reads. All text but the values is that of a line that JSON.parse took; in
 * place of a value stands one of the same kind, of those that need no care: a string without quote, backslash or
 * control character, a number of up to 15 digits before the point and no exponent (so never a big one), or a word. Any
 * other line is none of this shape.
 */
export class LineShape {
  /** Tells the shape from others: the text of the line, the kinds of its values in place of them. */
  readonly source: string;
  readonly #ascii: RegExp;
  readonly #wide: RegExp;
  readonly #layout: Layout;

  private constructor(source: string, layout: Layout) {
    this.source = source;
    this.#ascii = new RegExp(source.replaceAll(STRING, ASCII_STRING), "y");
    this.#wide = new RegExp(source.replaceAll(STRING, WIDE_STRING), "y");
    this.#layout = layout;
  }

  /**
   * The shape of a line; undefined where it holds what cannot be foretold: lists, escapes, equal keys, `__proto__`.
   *
   * @param line a JSON object
   * @param fields what JSON.parse reads in it
   */
  static of(line: string, fields: Fields): LineShape | undefined {
    if (line.includes("\\") || line.length > MAX_LINE) return undefined;
    let source = "";
    let copied = 0;
    let values = 0;
    let key = "";
    const open: Layout[] = [];
    let layout: Layout = { model: { root: fields }, leaves: [], nested: [] };
    for (const { 0: token, 1: colon, index } of line.matchAll(TOKEN)) {
      if (token === "[") return undefined;
      if (token === "}") {
        if (!isWhole(layout)) return undefined;
        layout = open.pop() as Layout;
      } else if (token === "{") {
        const model = layout.model[open.length === 0 ? "root" : key] as Fields;
        const inner: Layout = { model, leaves: [], nested: [] };
        layout.nested.push({ key, layout: inner });
        open.push(layout);
        layout = inner;
      } else if (colon !== undefined) {
        key = token.slice(1, token.lastIndexOf('"'));
      } else {
        const kind = kindOf(token);
        const quotes = kind === STRING ? 1 : 0;
        source += `${escaped(line.slice(copied, index + quotes))}(${kind})`;
        copied = index + token.length - quotes;
        layout.leaves.push({ key, group: ++values, read: READ[kind] });
      }
    }
    return new LineShape(source + escaped(line.slice(copied)), layout.nested[0].layout);
  }

  /**
   * Reads a line that stands in a text; undefined where it is not of this shape.
   *
   * @param wide whether it holds more than ASCII; where it does and this is not set, the line is none of this shape
   */
  read(text: string, start: number, end: number, wide: boolean): Fields | undefined {
    const pattern = wide ? this.#wide : this.#ascii;
    pattern.lastIndex = start;
    const match = pattern.exec(text);
    return match && pattern.lastIndex === end ? build(this.#layout, match) : undefined;
  }
}

/** How an object is made of what was matched: a copy of the model, so that V8 knows its layout, with other values. */
interface Layout {
  readonly model: Fields;
  readonly leaves: { readonly key: string; readonly group: number; readonly read?: (text: string) => FieldValue }[];
  readonly nested: { readonly key: string; readonly layout: Layout }[];
}

function build({ model, leaves, nested }: Layout, match: RegExpExecArray): Fields {
  const fields = { ...model };
  for (let at = 0; at < leaves.length; at++) {
    const { key, group, read } = leaves[at];
    fields[key] = read === undefined ? match[group] : read(match[group]);
  }
  for (let at = 0; at < nested.length; at++) fields[nested[at].key] = build(nested[at].layout, match);
  return fields;
}

/** Whether each key stands for a field of its own. */
function isWhole({ model, leaves, nested }: Layout): boolean {
  const keys = Object.keys(model);
  return keys.length === leaves.length + nested.length && !keys.includes("__proto__");
}

/** A longer one is rarely like others, and its pattern would be large. */
const MAX_LINE = 16 * 1024;

/** The tokens of valid JSON without backslashes that matter here; a key ends with its colon. */
const TOKEN = /"[^"]*"(\s*:)?|[{}[]|[^\s"{}[\],:]+/g;

/** Stands for a string; what a string holds depends on whether the text is ASCII. No line holds it: it is escaped. */
const STRING = "<string>";
const NUMBER = String.raw`-?(?:0|[1-9]\d{0,14})(?:\.\d+)?`;
const WORD = "true|false|null";

/** Characters of a string that stand for themselves. */
const ASCII_STRING = String.raw`[ !#-[\]-~]*`;
const WIDE_STRING = String.raw`[^"\\\x00-\x1f]*`;

const READ = {
  [STRING]: undefined,
  [NUMBER]: Number,
  [WORD]: (text: string) => (text === "null" ? null : text === "true"),
};

function kindOf(token: string): typeof STRING | typeof NUMBER | typeof WORD {
  if (token.startsWith('"')) return STRING;
  return /^[tfn]/.test(token) ? WORD : NUMBER;
}

function escaped(text: string): string {
  return text.replace(/[$()*+.<>?[\\\]^{|}]/g, String.raw`\$&`);
}

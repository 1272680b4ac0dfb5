import { replaceEach, TextBuilder } from "../run/length";
import { jsonText } from "../run/text";

/**
 * Converts Logstash's notation to JSON: `{"a" => 1 b => ['x']}` becomes `{"a" : 1, "b" : ["x"]}`. Strings get double
 * quotes, bare words get quotes, arrows become colons, comments are removed, and commas are added between the entries
 * of a hash. JSON and white space stay unchanged.
 */
export function logstashToJson(text: string): string {
  const result = new TextBuilder();
  let previous = "";
  // A comma is added directly after a value, before the following white space.
  let spaces = new TextBuilder();
  for (let at = 0, end: number; at < text.length; at = end) {
    end = endOfToken(text, at);
    const token = text.slice(at, end);
    if (isSpace(token)) spaces.add(token);
    else if (!token.startsWith("#")) {
      if (isValueEnd(previous) && isValueStart(token)) result.add(",");
      result.add(spaces.text).add(jsonToken(token));
      spaces = new TextBuilder();
      previous = token;
    }
  }
  return result.add(spaces.text).text;
}

/** End of the token at an offset. A single pattern would need memory for each character of a word. */
function endOfToken(text: string, at: number): number {
  const first = text[at];
  if (isSpace(first)) return next(text, at, /\S/g);
  if (first === "#") return next(text, at, /\n/g);
  if (text.startsWith("=>", at)) return at + 2;
  if (first === '"') return endOfString(text, at, /["\\]/g);
  if (first === "'") return endOfString(text, at, /['\\]/g);
  return PUNCTUATION.test(first) ? at + 1 : next(text, at + 1, /=>|[\s{}[\],:"'#]/g);
}

/** The first match of a pattern at or after an offset, or the end. */
function next(text: string, from: number, pattern: RegExp): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}

/** Position after the closing quote of a string, or the end if it is not closed. */
function endOfString(text: string, start: number, mark: RegExp): number {
  for (let at = start + 1; ; at += 2) {
    at = next(text, at, mark);
    if (text[at] !== "\\") return Math.min(at + 1, text.length);
    // A backslash at the very end is a separate token.
    if (at === text.length - 1) return at;
  }
}

function isSpace(token: string): boolean {
  return /^\s/.test(token);
}

const PUNCTUATION = /^(?:[{}[\],:]|=>)$/;
/** Values that JSON allows without quotes. */
const BARE = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/;

function isValueStart(token: string): boolean {
  return token === "{" || token === "[" || !PUNCTUATION.test(token);
}

function isValueEnd(token: string): boolean {
  return token === "}" || token === "]" || (token !== "" && !PUNCTUATION.test(token));
}

function jsonToken(token: string): string {
  if (token === "=>") return ":";
  if (PUNCTUATION.test(token) || token.startsWith('"') || BARE.test(token)) return token;
  if (!token.startsWith("'")) return jsonText(token);
  const body = token.slice(1, token.endsWith("'") && token.length > 1 ? -1 : undefined);
  const plain = replaceEach(body, /\\'/g, () => "'");
  return `"${replaceEach(plain, /\\[^]|"/g, ([piece]) => (piece === '"' ? '\\"' : piece))}"`;
}

import type { Random } from "../scan/random";

/** What texts are made of: what patterns look for, what JSON writes in several ways, and what nearly is one of these. */
const TOKENS = [
  ...'5aknsKI-. /\\":,{[\n\t\b\u0000\u001b\u007f',
  ...["500", "503", "1e5", "0.5", "panic", "Panic", "fatal", "timeout", "GET", "/api", "x:y", "a,b", "ok", "Error"],
  ...["é", "中文", "ſ", "\u212a", "İ", "ı", "\u{1f600}", "\ud83d", "\ude00", "\ufffd", "\u2028"],
  ...["d83d", "u001b", "1b[31m", "bfoo", "u0041", "true", "null", "\\u0041", "\\n"],
];

/** Numbers as JSON may write them, some of which read as another text. */
const NUMBERS = [
  ...["5", "500", "503", "5e2", "5E+2", "500.0", "50e1", "0.5e3", "1.50", "-0", "-0.0", "0", "0.000", "-500", "0.5"],
  ...["4.9999999999999999999", "499.99999999999999999", "0.0000005", "0.00000005", "5e-7", "1e21", "1E400", "5e22"],
  ...["123456789012345678901", "9007199254740993", "500000000000000000.25", "1700000000123", "0.1000000000000000055"],
];

export const FIELDS = [
  "status",
  "message",
  "a",
  "n/m",
  "x y",
  "中",
  "k",
  "__time__",
  "__source__",
  'q"',
  "__TIMESTAMP__",
  "__SOURCE__",
  "__TAG__",
  "__TAG__.a",
];

/** A text of some tokens. */
export function randomText(random: Random): string {
  return Array.from({ length: random.below(random.pick([2, 4, 8])) }, () => random.pick(TOKENS)).join("");
}

/** A part of one of some texts, or a token. */
function randomPart(random: Random, samples: readonly string[]): string {
  const characters = [...(samples.length > 0 && random.below(5) > 0 ? random.pick(samples) : random.pick(TOKENS))];
  const start = random.pick([0, 0, random.below(characters.length + 1)]);
  return characters.slice(start, start + random.pick([1, 3, 5, 99])).join("") || random.pick(TOKENS);
}

/** A line that holds one JSON object, written in one of its ways. */
export function randomLine(random: Random): string {
  const escapes = random.pick([0, 0, 0, 20, 3]);
  const spaces = random.pick([0, 0, 3]);
  const space = (): string => (random.below(4) < spaces ? random.pick([" ", "  ", "\t", "\r"]) : "");
  const member = (name: string, depth: number): string =>
    `${space()}${writtenString(random, name, escapes)}${space()}:${space()}${value(depth)}${space()}`;
  const value = (depth: number): string => {
    const kind = random.below(depth > 2 ? 8 : 10);
    if (kind < 5) return writtenString(random, randomText(random), escapes);
    if (kind < 7) return random.pick(NUMBERS);
    if (kind === 7) return random.pick(["true", "false", "null", "{}", "[]"]);
    if (kind === 8) return `[${Array.from({ length: random.below(4) }, () => space() + value(depth + 1)).join(",")}]`;
    return `{${Array.from({ length: random.below(4) }, () => member(random.pick(FIELDS), depth + 1)).join(",")}}`;
  };
  return `{${Array.from({ length: random.below(6) }, () => member(random.pick(FIELDS), 0)).join(",")}}`;
}

/** A string of JSON, in which one of so many characters has an escape that it does not need; 0 for none. */
export function writtenString(random: Random, text: string, escapes: number): string {
  const written = text.split("").map((unit) => {
    const needsEscape = /["\\\u0000-\u001f]/.test(unit);
    if (!needsEscape && (escapes === 0 || random.below(escapes) > 0)) return unit;
    return (random.below(3) > 0 ? SHORT[unit] : undefined) ?? hexEscape(random, unit);
  });
  return `"${written.join("")}"`;
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "/": "\\/",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function hexEscape(random: Random, unit: string): string {
  const digits = unit.charCodeAt(0).toString(16).padStart(4, "0");
  return `\\u${random.below(2) === 0 ? digits : digits.toUpperCase()}`;
}

/** A pattern that some of these texts may match. */
export function randomPattern(random: Random, samples: readonly string[]): string {
  const atom = (): string => {
    const kind = random.below(10);
    if (kind < 6)
      return [...randomPart(random, samples)]
        .map((one) => (random.below(12) === 0 ? classOf(random, one) : quoted(one)))
        .join("");
    if (kind === 6) return random.pick(["\\d", ".", "[45]", "[^5]", "\\w", "[a-z]", "[Kk]", "\\b", "$", "^", "\\Z"]);
    if (kind === 7)
      return random.below(2) === 0
        ? `(?:${choice()})`
        : `(${choice()})${random.pick(["*", "+", "?", "{2}", "{1,3}", ""])}`;
    if (kind === 8)
      return `${random.pick(["5", "n", "k", "\\d", "."])}${random.pick(["*", "+", "?", "{2}", "{3}", "{1,}"])}`;
    return ".*";
  };
  const sequence = (): string => Array.from({ length: random.pick([1, 1, 2, 3]) }, atom).join("");
  const choice = (): string => Array.from({ length: random.pick([1, 1, 2]) }, sequence).join("|");
  const flags = random.pick(["", "", "(?i)", "(?s)", "(?m)", "(?ia)"]);
  return `${flags}${random.pick(["", "^", ""])}${choice()}${random.pick(["", "$", ""])}`;
}

/** A class or a group that holds a character. */
function classOf(random: Random, character: string): string {
  const one = quoted(character);
  return random.pick([
    ".",
    `[${one}x]`,
    `(?:${one}|zz)`,
    `(?:yy|${one})`,
    `${one}+`,
    `${one}*`,
    `(?:${one}?)`,
    `[^\\x01]`,
  ]);
}

function quoted(character: string): string {
  return /[\w]/.test(character) || character > "\x7f"
    ? character
    : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`;
}

/** A query of `e_search`. */
export function randomQuery(random: Random, samples: readonly string[], depth = 0): string {
  const word = (): string => {
    const plain = randomPart(random, samples).replace(/[\\"*?]/g, "\\$&");
    return `"${random.pick(["", "", "*", "?"])}${plain}${random.pick(["", "", "*", "?x"])}"`;
  };
  const field = (): string => random.pick(["status", "message", "a", "k", "__source__", "__time__", "__tag__:a"]);
  const kind = random.below(depth > 2 ? 5 : 8);
  if (kind === 0) return word();
  if (kind === 1) return `${field()}: ${word()}`;
  if (kind === 2) return `${field()} == ${word()}`;
  if (kind === 3) return `${field()} ~= "${randomPattern(random, samples).replace(/"/g, "\\x22")}"`;
  if (kind === 4) return random.pick([`${field()} > 3`, `${field()}: [1, 500]`]);
  if (kind === 5) return `not (${randomQuery(random, samples, depth + 1)})`;
  return `(${randomQuery(random, samples, depth + 1)}) ${kind === 6 ? "and" : "or"} (${randomQuery(random, samples, depth + 1)})`;
}

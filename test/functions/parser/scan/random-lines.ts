import type { Random } from "./random";

/** Lines of a program, of which some share their keys. */
export function logLine(random: Random): string {
  const text = () =>
    random.pick([
      "",
      "ok",
      "GET",
      "10.0.0.1",
      "a longer text than a vector holds",
      "中文",
      "\u{1f600}",
      'say "x"',
      "a\n\tb",
      "/p?q=1",
    ]);
  const number = () =>
    random.pick([
      random.below(10),
      random.below(1e6) / 1000,
      random.below(2 ** 31),
      1787000000000 + random.below(1e9),
      -0,
      1e21,
      2 ** 53,
    ]);
  const kinds = [
    () => ({
      time: 1787000000000 + random.below(1e6),
      level: random.pick(["info", "error"]),
      message: text(),
      ms: number(),
    }),
    () => ({
      host: text(),
      status: String(200 + random.below(300)),
      ok: random.below(2) === 0,
      tag: { pod: text(), n: {} },
      note: null,
    }),
    () => ({ n: number() }),
    () => ({ samples: Array.from({ length: random.below(9) }, number), unit: text() }),
    () => Object.fromEntries(Array.from({ length: random.below(7) }, () => [`key${random.below(30)}`, text()])),
    () => ({ a: null, b: [], c: {}, d: [[number()]], e: { f: { g: [text(), { h: true }] } } }),
  ];
  return JSON.stringify(random.pick(kinds)());
}

/** JSON by its grammar, spaces, escapes and odd numbers included; `broken` has some of it wrong. */
export function grammarLine(random: Random): string {
  const space = () => random.pick(["", "", "", "", " ", "\t", "\r", "  "]);
  const string = () =>
    `"${Array.from({ length: random.below(random.pick([3, 8, 30])) }, () => random.pick(CHARACTERS)).join("")}"`;
  const digits = (most: number) => Array.from({ length: 1 + random.below(most) }, () => random.below(10)).join("");
  const number = () => {
    const whole = random.below(4) === 0 ? "0" : digits(random.pick([2, 5, 17, 25])).replace(/^0+(?=.)/, "");
    const fraction = random.below(2) === 0 ? "" : `.${digits(random.pick([2, 6, 20]))}`;
    const exponent =
      random.below(6) === 0 ? `${random.pick(["e", "E"])}${random.pick(["", "+", "-"])}${digits(3)}` : "";
    return `${random.pick(["", "", "-"])}${whole}${fraction}${exponent}`;
  };
  const value = (depth: number): string => {
    const kind = random.below(depth > 4 ? 4 : 6);
    if (kind < 2) return string();
    if (kind === 2) return number();
    if (kind === 3) return random.pick(["true", "false", "null", "0", '""', "{}", "[]"]);
    return kind === 4 ? list(depth + 1) : object(depth + 1);
  };
  const list = (depth: number) => `[${joined(random.below(5), () => value(depth))}]`;
  const object = (depth: number): string =>
    `{${joined(random.below(6), () => `${key()}${space()}:${space()}${value(depth)}`)}}`;
  const key = () => (random.below(3) === 0 ? string() : random.pick(KEYS));
  const joined = (count: number, make: () => string) =>
    space() + Array.from({ length: count }, () => `${make()}${space()}`).join(`,${space()}`);
  return `${space()}${object(0)}${space()}`;
}

const CHARACTERS = [
  ..."abcdefgh01 .:,{}[]/",
  '\\"',
  "\\\\",
  "\\n",
  "\\u0041",
  "\\ud800",
  "\\uDC00",
  "é",
  "中",
  "\u{1f600}",
  "\u2028",
  "\u007f",
];
const KEYS = [
  '"a"',
  '"b"',
  '"ab"',
  '"__proto__"',
  '"constructor"',
  '""',
  '"1"',
  '"键"',
  '"a longer key than a vector"',
  '"\\u0061"',
  '"timestamp"',
];

/** Bytes that are likely to matter to a reader of JSON. */
const TELLING = Buffer.from('"\\{}[]:,0123456789-+.eEtfnu \t\r/\u0000\u001f\u0080\u00ffx', "latin1");

/** A line with some of its bytes left out, doubled or replaced. */
export function mutated(random: Random, line: Buffer): Buffer {
  let bytes = line;
  for (let times = 1 + random.below(3); times > 0; times--) {
    const at = random.below(bytes.length + 1);
    const length = random.pick([0, 0, 1, 1, 1, 2, 5]);
    const other = Buffer.from(Array.from({ length: random.pick([0, 1, 1, 1, 2]) }, () => random.pick(TELLING)));
    const piece = random.below(8) === 0 ? bytes.subarray(at, at + random.below(20)) : other;
    bytes = Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + length)]);
  }
  return bytes;
}

import { normalize, type Ranges } from "./ranges";

/** `\d`, `\s` and `\w`, for all characters or only for ASCII (the flag `a`). */
export type Category = "digit" | "space" | "word";

const ASCII: Record<Category, Ranges> = {
  digit: [[0x30, 0x39]],
  space: [
    [0x09, 0x0d],
    [0x20, 0x20],
  ],
  word: [
    [0x30, 0x39],
    [0x41, 0x5a],
    [0x5f, 0x5f],
    [0x61, 0x7a],
  ],
};

/** Up to U+00FF, which covers most texts: known without the runtime's tables. */
const LATIN: Record<Category, Ranges> = {
  digit: ASCII.digit,
  space: [
    [0x09, 0x0d],
    [0x1c, 0x20],
    [0x85, 0x85],
    [0xa0, 0xa0],
  ],
  word: [
    ...ASCII.word,
    [0xaa, 0xaa],
    [0xb2, 0xb3],
    [0xb5, 0xb5],
    [0xb9, 0xba],
    [0xbc, 0xbe],
    [0xc0, 0xd6],
    [0xd8, 0xf6],
    [0xf8, 0xff],
  ],
};

/** Further characters accepted by Python's `str.isdecimal`, `str.isspace` and `str.isalnum` (and the underscore). */
const BEYOND: Record<Category, RegExp> = {
  digit: /\p{Nd}+/gu,
  space: /[\p{Z}]+/gu,
  word: /[\p{L}\p{N}]+/gu,
};

/** There are no letters, digits or spaces beyond plane 3. */
const LAST_OF_INTEREST = 0x3ffff;

export function asciiCategory(category: Category): Ranges {
  return ASCII[category];
}

export function latinCategory(category: Category): Ranges {
  return LATIN[category];
}

const whole = new Map<Category, Ranges>();

/** The ranges of a category; read from the runtime's tables at first use, in some milliseconds. */
export function category(name: Category): Ranges {
  const known = whole.get(name);
  if (known) return known;
  const ranges = normalize([...LATIN[name], ...runsOf(BEYOND[name])]);
  whole.set(name, ranges);
  return ranges;
}

function runsOf(pattern: RegExp): [number, number][] {
  const runs: [number, number][] = [];
  for (let block = 0x100; block <= LAST_OF_INTEREST; block += 0x1000) {
    const codes = Array.from({ length: Math.min(0x1000, LAST_OF_INTEREST + 1 - block) }, (_, index) => block + index);
    // Surrogates belong to no category, and two adjacent halves would be read as a character.
    const text = String.fromCodePoint(...codes.filter((code) => code < 0xd800 || code > 0xdfff));
    for (const run of text.matchAll(pattern)) {
      const start = text.codePointAt(run.index) ?? 0;
      runs.push([start, start + [...run[0]].length - 1]);
    }
  }
  return runs;
}

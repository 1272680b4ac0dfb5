import { clip, normalize, type Ranges } from "./ranges";

/** Which characters are equal ignoring case: none, ASCII letters, or all of Unicode as in Python. */
export type Fold = "none" | "ascii" | "unicode";

/** Letters beyond Latin-1 that Python considers equal to ASCII letters. */
const FAR_RELATIVES: Readonly<Record<string, readonly number[]>> = { i: [0x130, 0x131], k: [0x212a], s: [0x17f] };

/** Cased letters are in planes 0 and 1; the last ones are in the Adlam block. */
const LAST_CASED = 0x1e943;

/** A set extended by all characters that differ from its own only in case. */
export function foldRanges(ranges: Ranges, fold: Fold): Ranges {
  if (fold === "none") return ranges;
  const ascii = asciiRelatives(ranges);
  if (fold === "ascii") return normalize([...ranges, ...ascii]);
  if (ranges.every(([, end]) => end < 0x80)) return normalize([...ranges, ...ascii, ...farRelatives(ranges)]);
  const relatives: [number, number][] = [];
  for (const [code, family] of families()) {
    if (ranges.some(([start, end]) => code >= start && code <= end)) relatives.push(...family.map(single));
  }
  return normalize([...ranges, ...relatives]);
}

function asciiRelatives(ranges: Ranges): Ranges {
  return [...shift(clip(ranges, 0x41, 0x5a), 0x20), ...shift(clip(ranges, 0x61, 0x7a), -0x20)];
}

function shift(ranges: Ranges, by: number): Ranges {
  return ranges.map(([start, end]) => [start + by, end + by] as const);
}

function farRelatives(ranges: Ranges): Ranges {
  return Object.entries(FAR_RELATIVES).flatMap(([letter, relatives]) => {
    const code = letter.charCodeAt(0);
    const isMember = ranges.some(([start, end]) => [code, code - 0x20].some((one) => one >= start && one <= end));
    return isMember ? relatives.map(single) : [];
  });
}

function single(code: number): [number, number] {
  return [code, code];
}

let known: ReadonlyMap<number, readonly number[]> | undefined;

/** Each cased character, with those that differ only in case; computed at first use, in some milliseconds. */
function families(): ReadonlyMap<number, readonly number[]> {
  if (known) return known;
  const byUpper = new Map<string, number[]>();
  for (let code = 0x41; code <= LAST_CASED; code++) {
    if (code === 0xd800) code = 0xe000;
    const text = String.fromCodePoint(code);
    const lower = simpleLower(text);
    if (lower === text && text.toUpperCase() === text) continue;
    // Characters with the same lower-case letter belong together, and those whose lower-case letters have the same
    // upper-case letter.
    const upper = lower.toUpperCase();
    const family = byUpper.get(upper);
    if (family) family.push(code);
    else byUpper.set(upper, [code]);
  }
  const members = new Map<number, number[]>();
  for (const family of byUpper.values()) for (const code of family) members.set(code, family);
  return (known = members);
}

/** The lower-case letter, if it is one character. */
function simpleLower(text: string): string {
  if (text === "\u0130") return "i";
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text;
}

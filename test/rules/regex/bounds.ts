import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { compileRegex } from "../../../rules/regex/compile";
import { parseRegex } from "../../../rules/regex/parse";
import { makeProgram } from "../../../rules/regex/program";
import { generator, pick } from "../fuzz";
import { PEAK_MB } from "../peak-memory";

/** Patterns that grow, known for what they cost elsewhere. */
const FAMILIES: readonly ((size: number) => string)[] = [
  (size) => `(?:a?){${size}}a{${size}}b`,
  (size) => String.raw`(?:\w?\s?){${size}}\d{8}`,
  (size) => `(a|aa){1,${size}}$`,
  (size) => `(?:[ab]*a[ab]{${size}}c)`,
  (size) => `(?:.*,){${Math.ceil(size / 2)}}x`,
  (size) => Array.from({ length: size }, (_, at) => `(a{${at}}b)?`).join("") + "c",
  (size) => `(?i)(${Array.from({ length: size }, (_, at) => `aB${at}`).join("|")})+$`,
];

const TEXTS: readonly ((length: number) => string)[] = [
  (length) => "a".repeat(length),
  (length) => "ab,a b 1".repeat(Math.ceil(length / 8)).slice(0, length),
  (length) => "中a".repeat(Math.ceil(length / 2)).slice(0, length),
];

const PIECES = [
  "a",
  "b",
  "\\w",
  ".",
  "[^a]",
  "(",
  ")",
  "|",
  "*",
  "+",
  "?",
  "{2,9}",
  "{0,30}",
  "\\b",
  "$",
  ",",
  "*?",
  "é",
];

/** What a search took. */
export interface Measured {
  readonly pattern: string;
  /** Steps of the pattern's program. */
  readonly steps: number;
  /** UTF-16 units of the text. */
  readonly length: number;
  /** CPU time in milliseconds. */
  readonly ms: number;
  /** Nanoseconds for each step and unit. */
  readonly nsEach: number;
}

// The tables of all characters are made once a process, which is no pattern's cost.
compileRegex(String.raw`\w\s\d`).test("中");

/** Searches of each family, for sizes of the pattern and of the text. */
export function* families(sizes: readonly number[], lengths: readonly number[]): Generator<Measured> {
  for (const family of FAMILIES) {
    for (const size of sizes) {
      // Larger ones are refused.
      if (!isPattern(family(size))) continue;
      for (const text of TEXTS) for (const length of lengths) yield measure(family(size), text(length));
    }
  }
}

/** The most memory that a process of its own had in which each family searches the texts once, in MB. */
export function peakOfFamilies(size: number, length: number): number {
  const patterns = FAMILIES.map((family) => family(size)).filter(isPattern);
  const script = `
    const { compileRegex } = require("./dist/rules/regex/compile.js");
    for (const pattern of ${JSON.stringify(patterns)}) {
      for (const text of ${JSON.stringify(TEXTS.map((text) => text(8)))}) {
        compileRegex(pattern).search(text.repeat(${length / 8}));
      }
    }
    console.log(${PEAK_MB});`;
  const root = join(__dirname, "../../..");
  return Number(execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" }));
}

/** What may be a pattern, or none. */
export function randomPattern(random: () => number): string {
  return Array.from({ length: 3 + Math.floor(random() * 30) }, () => pick(PIECES, random)).join("");
}

/** Searches of random patterns. @param seed the same patterns for the same seed */
export function* randomPatterns(count: number, length: number, seed: number): Generator<Measured> {
  const random = generator(seed);
  for (let tried = 0; tried < count;) {
    const pattern = randomPattern(random);
    if (!isPattern(pattern)) continue;
    tried++;
    yield measure(pattern, pick(TEXTS, random)(length));
  }
}

/** Whether it is a pattern of the engine. */
export function isPattern(pattern: string): boolean {
  try {
    compileRegex(pattern);
    return true;
  } catch {
    return false;
  }
}

function measure(pattern: string, text: string): Measured {
  const { root, groupCount } = parseRegex(pattern);
  const steps = makeProgram(root, groupCount).instructions.length;
  const regex = compileRegex(pattern);
  const start = process.cpuUsage();
  regex.test(text);
  regex.search(text);
  regex.fullMatch(text);
  const { user, system } = process.cpuUsage(start);
  return {
    pattern,
    steps,
    length: text.length,
    ms: (user + system) / 1000,
    nsEach: ((user + system) * 1000) / (steps * text.length),
  };
}

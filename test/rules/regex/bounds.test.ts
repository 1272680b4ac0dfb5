import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { families, type Measured, randomPatterns } from "./bounds";
import { PEAK_MB } from "../peak-memory";

/** Nanoseconds of CPU for each step of the pattern and character of the text, on a busy machine. */
const MOST_NS = 2000;

/** Products below this are the fixed costs of a pattern. */
const LEAST_WORK = 100_000;

function expectBounded(measured: readonly Measured[]): void {
  const worst = measured.reduce((a, b) => (b.nsEach > a.nsEach ? b : a));
  const slowest = measured.reduce((a, b) => (b.ms > a.ms ? b : a));
  console.log(
    `${measured.length} searches; at most ${worst.nsEach.toFixed(0)} ns for each step and character ` +
      `(${worst.pattern.slice(0, 40)}), the slowest took ${slowest.ms.toFixed(0)} ms (${slowest.pattern.slice(0, 40)})`,
  );
  expect(worst.nsEach).toBeLessThan(MOST_NS);
}

it("takes time that is bounded by the length of the pattern times that of the text, for patterns that grow", () => {
  const measured = [...families([10, 60], [2_000, 8_000])];
  expectBounded(measured.filter(({ steps, length }) => steps * length >= LEAST_WORK));
});

it("takes time that is bounded likewise for random patterns, seeded; npm run fuzz tries more", () => {
  expectBounded([...randomPatterns(200, 30_000, 20261129)].filter(({ steps, length }) => steps * length >= LEAST_WORK));
});

/** Searches of a text of 1 MiB in a process of its own, which then tells the most memory that it had, in MB. */
function peakMemoryOf(patterns: readonly string[]): number {
  const script = `
    const { compileRegex } = require("./dist/rules/regex/compile.js");
    const text = "127.0.0.1 a_b ".repeat(75000).slice(0, 1 << 20);
    for (const pattern of ${JSON.stringify(patterns)}) {
      const regex = compileRegex(pattern);
      regex.test(text); regex.search(text); regex.fullMatch(text); regex.prefixMatch(text);
    }
    console.log(${PEAK_MB});`;
  return Number(execFileSync(process.execPath, ["-e", script], { cwd: join(__dirname, "../../.."), encoding: "utf8" }));
}

it("takes little memory for long texts, whatever the pattern", () => {
  const [empty, full] = [
    peakMemoryOf([]),
    peakMemoryOf([
      String.raw`(\w+)@(\w+)`,
      String.raw`(\S+) (\S+) (\S+) \[`,
      String.raw`(?:(\d+)\.){3}(\d+) x`,
      String.raw`^(.+) (.+) (.+)$`,
      String.raw`(?:a?){60}a{60}b`,
      String.raw`(\w+\s?)*!`,
      String.raw`([ab_]*a[ab_ ]{40}c)`,
    ]),
  ];
  console.log(`${full.toFixed(0)} MB at the most for texts of 1 MiB, ${empty.toFixed(0)} MB of them Node's own`);
  expect(full - empty).toBeLessThan(64);
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LinearMatcher } from "../../../rules/regex/linear";
import { parseRegex } from "../../../rules/regex/parse";
import { PikeMatcher } from "../../../rules/regex/pike";
import { makeProgram } from "../../../rules/regex/program";

type Case = readonly [pattern: string, text: string];

const cases = JSON.parse(readFileSync(join(__dirname, "python-cases.json"), "utf8")) as Case[];

it(`finds what the Pike machine finds, from each offset and under each constraint, for ${cases.length} patterns`, () => {
  let searches = 0;
  for (const [pattern, text] of cases) {
    const { root, groupCount } = parseRegex(pattern);
    const pike = new PikeMatcher(makeProgram(root, groupCount));
    const linear = new LinearMatcher(root, groupCount);
    for (let from = 0; from <= text.length; from++) {
      if (from > 0 && /[\ud800-\udbff]/.test(text[from - 1]) && /[\udc00-\udfff]/.test(text[from] ?? "")) continue;
      for (const constraints of [{}, { anchored: true }, { anchored: true, full: true }, { advance: true }]) {
        searches++;
        const found = linear.find(text, from, constraints);
        expect({ pattern, text, from, constraints, found }).toEqual({
          pattern,
          text,
          from,
          constraints,
          found: pike.find(text, from, constraints),
        });
      }
    }
    expect(linear.test(text)).toBe(pike.find(text, 0, {}) !== null);
    expect(linear.testFull(text)).toBe(pike.find(text, 0, { anchored: true, full: true }) !== null);
  }
  expect(searches).toBeGreaterThan(10_000);
});

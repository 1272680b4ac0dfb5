import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compileRegex } from "../../../rules/regex/compile";
import { parseRegex } from "../../../rules/regex/parse";
import { PikeMatcher } from "../../../rules/regex/pike";
import { makeProgram } from "../../../rules/regex/program";
import type { RegexMatch } from "../../../rules/regex/regex";

/** A match as Python told it: its ends in UTF-16 units, and its groups. */
type Row = readonly [start: number, end: number, groups: readonly (string | null)[]] | null;

type Case = readonly [pattern: string, text: string, full: Row, prefix: Row, all: readonly Row[], replaced: string];

/** What Python 3.11 made of random patterns; `python-cases.py` wrote it. */
const cases = JSON.parse(readFileSync(join(__dirname, "python-cases.json"), "utf8")) as Case[];

function row(match: RegexMatch | null): Row {
  return match && [match.start, match.end, match.groups.map((group) => group ?? null)];
}

function replace(text: string, matches: readonly RegexMatch[]): string {
  let end = 0;
  const parts = matches.map((match) => {
    const before = text.slice(end, match.start);
    end = match.end;
    return `${before}<>`;
  });
  return parts.join("") + text.slice(end);
}

it(`gives what Python gives, for ${cases.length} random patterns`, () => {
  for (const [pattern, text, full, prefix, all, replaced] of cases) {
    const regex = compileRegex(pattern);
    const matches = [...regex.matches(text)];
    expect({ pattern, text, full: row(regex.fullMatch(text)), prefix: row(regex.prefixMatch(text)) }).toEqual({
      pattern,
      text,
      full,
      prefix,
    });
    expect({ pattern, text, all: matches.map(row), replaced: replace(text, matches) }).toEqual({
      pattern,
      text,
      all,
      replaced,
    });
    expect({ pattern, text, first: row(regex.search(text)) }).toEqual({ pattern, text, first: all[0] ?? null });
    expect({ pattern, text, any: regex.test(text), whole: regex.testFull(text) }).toEqual({
      pattern,
      text,
      any: all.length > 0,
      whole: full !== null,
    });
  }
});

it("gives the same where V8 has no linear engine and our own matcher does all the work", () => {
  for (const [pattern, text, full, , all] of cases) {
    const { root, groupCount } = parseRegex(pattern);
    const matcher = new PikeMatcher(makeProgram(root, groupCount));
    const ends = (slots: Int32Array | null) => slots && [slots[0], slots[1]];
    expect({ pattern, text, first: ends(matcher.find(text, 0, {})) }).toEqual({
      pattern,
      text,
      first: all[0]?.slice(0, 2) ?? null,
    });
    expect({ pattern, text, full: ends(matcher.find(text, 0, { anchored: true, full: true })) }).toEqual({
      pattern,
      text,
      full: full?.slice(0, 2) ?? null,
    });
  }
});

it.each([
  ["(a){0}b", "ab", [[1, 2, [null]]]],
  ["(a){0}(b)", "ab", [[1, 2, [null, "b"]]]],
  [
    "((a)(b)){0}?(c)?",
    "c",
    [
      [0, 1, [null, null, null, "c"]],
      [1, 1, [null, null, null, null]],
    ],
  ],
] as [string, string, Row[]][])("keeps the groups that no iteration comes by: %s", (pattern, text, rows) => {
  const regex = compileRegex(pattern);
  expect([...regex.matches(text)].map(row)).toEqual(rows);
  expect(row(regex.search(text))).toEqual(rows[0]);
});

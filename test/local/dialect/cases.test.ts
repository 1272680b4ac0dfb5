import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Program } from "../../../local/dialect/program";

/** Conformance cases that stand beside some checkouts of this repository. */
const CASES = join(__dirname, "../../../../shared/cases/rules.json");

type Row = Readonly<Record<string, string>>;

interface Case {
  readonly id: string;
  readonly tier: string;
  readonly dsl: string;
  readonly input: readonly Row[];
  readonly expected: readonly Row[];
}

const WANTED = 0.95;

const all = existsSync(CASES) ? (JSON.parse(readFileSync(CASES, "utf8")) as { cases: Case[] }).cases : [];
const cases = all.filter(({ tier }) => tier === "CLS");

// The cases stand outside of the tree: a clone without them has nothing to compare.
(cases.length > 0 ? it : it.skip)("the cases of CLS's dialect come out word for word", () => {
  const misses = cases.flatMap((one) => missOf(one) ?? []);
  console.log(`tier CLS: ${cases.length - misses.length} of ${cases.length} cases pass`);
  const share = 1 - misses.length / cases.length;
  expect(share < WANTED ? misses : []).toEqual([]);
});

function missOf(one: Case): string | undefined {
  let got: unknown;
  try {
    const program = new Program(one.dsl);
    got = one.input.flatMap((row) => {
      const { outputs, rest } = program.run(row);
      return [...outputs.map((output) => output.row), ...rest].map((left) => left.toJSON());
    });
  } catch (error) {
    got = error instanceof Error ? error.message : error;
  }
  if (sorted(got) === sorted(one.expected)) return undefined;
  return `${one.id}\n${one.dsl}\n  expected ${JSON.stringify(one.expected)}\n  got      ${JSON.stringify(got)}`;
}

/** Rows are unordered maps. */
function sorted(rows: unknown): string {
  if (!Array.isArray(rows)) return JSON.stringify(rows);
  return JSON.stringify(rows.map((row: Row) => Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1))));
}

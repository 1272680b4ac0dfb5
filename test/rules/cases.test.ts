import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileRules } from "../../rules/run/engine";
import { Event } from "../../rules/run/event";
import { parts, type Row } from "./support";

/** Conformance cases that stand beside some checkouts of this repository. */
const CASES = join(__dirname, "../../../shared/cases/rules.json");

interface Case {
  readonly id: string;
  readonly tier: "A" | "B" | "CLS";
  readonly dsl: string;
  readonly input: readonly Row[];
  readonly expected: readonly Row[];
  readonly compare?: "bool" | "json" | "ws";
}

/** Share of the cases that must pass, by tier. */
const WANTED = { A: 1, B: 0.98 };

const all = existsSync(CASES) ? (JSON.parse(readFileSync(CASES, "utf8")) as { cases: Case[] }).cases : [];

describe.each(["A", "B"] as const)("the conformance cases of tier %s", (tier) => {
  const cases = all.filter((one) => one.tier === tier);
  // The cases stand outside of the tree: a clone without them has nothing to compare.
  const runs = cases.length > 0 ? it : it.skip;

  runs("come out as the reference says", () => {
    const misses = cases.filter((one) => !passes(one));
    console.log(`tier ${tier}: ${cases.length - misses.length} of ${cases.length} cases pass`);
    const share = 1 - misses.length / cases.length;
    expect({ share, misses: share < WANTED[tier] ? misses.map(describeMiss) : [] }).toEqual({
      share: expect.any(Number) as number,
      misses: [],
    });
    expect(share).toBeGreaterThanOrEqual(WANTED[tier]);
  });
});

function passes(one: Case): boolean {
  try {
    return JSON.stringify(normalize(one, run(one))) === JSON.stringify(normalize(one, one.expected));
  } catch {
    return false;
  }
}

function run({ dsl, input }: Case): Row[] {
  const rules = compileRules(dsl, { parts, environment: {} });
  return input.flatMap((row) => rules.run(new Event(row)).emitted.map(({ event }) => ({ ...event.fields }) as Row));
}

/** Events are unordered maps of texts. */
function normalize({ compare }: Case, rows: readonly Row[]): unknown {
  return rows.map((row) =>
    Object.entries(row)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, comparable(value, compare)])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}

function comparable(value: string, compare: Case["compare"]): unknown {
  if (compare === "bool") return value.replace(/^(?:True|False)$/i, (text) => text.toLowerCase());
  if (compare === "ws") return value.replace(/\s+/g, " ");
  if (compare === "json") {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  return value;
}

function describeMiss(one: Case): string {
  let got: string;
  try {
    got = JSON.stringify(run(one));
  } catch (error) {
    got = (error as Error).message;
  }
  return `${one.id}\n${one.dsl}\n  in       ${JSON.stringify(one.input)}\n  expected ${JSON.stringify(one.expected)}\n  got      ${got}`;
}

import { all, either, type Needed } from "../../rules/literals/literal";
import { needsOfField, needsOfPattern } from "../../rules/literals/needs";
import { compileLinePattern, type LinePattern } from "../../rules/regex/javascript";
import type { Comparison, Match, Monitor, Pattern } from "../definition/types";
import { type RecordView, textOf, TIME_FIELD } from "./record";

/** Whether a record is like a condition says. */
type Test = (record: RecordView) => boolean;

/** A condition at work. */
interface Condition {
  readonly test: Test;
  readonly needed: Needed;
}

/** What rules made of a record: each event that they keep is one that matched. */
export interface RulesOutcome {
  readonly kept: readonly RecordView[];
  /** Why a step failed; it may quote the record, and is for no log. */
  readonly failure?: string;
}

/** A rule text at work. It stands in a part of its own, which only functions with rule texts carry. */
export interface MonitorRules {
  /**
   * Literals of which one must stand in the bytes of a record for anything to be kept of it, or for a step to fail: none at all
   * for what never matches, undefined where nothing is known. A record whose bytes hold none need not be run.
   */
  readonly needed: Needed;
  /** Loads what the rules read beside the records, or what of it changed. */
  refresh(): Promise<void>;
  run(record: RecordView): RulesOutcome;
}

/** Makes a rule text work. Throws where it has errors. */
export type CompileRules = (text: string) => MonitorRules;

/** A monitor's condition at work: what of a record matches it is nothing, the record, or what rules made of it. */
export type CompiledMatch = MonitorRules;

const NOTHING: RulesOutcome = { kept: [] };
const nothingToLoad = (): Promise<void> => Promise.resolve();

/** Compiles what a monitor looks for. @param compileRules needed for one with a rule text */
export function compileMatch({ name, match, rules }: Monitor, compileRules?: CompileRules): CompiledMatch {
  if (match) {
    const { needed, test } = conditionOf(match);
    return { needed, refresh: nothingToLoad, run: (record) => (test(record) ? { kept: [record] } : NOTHING) };
  }
  // One that looks for silence only.
  if (rules === undefined) return { needed: [], refresh: nothingToLoad, run: () => NOTHING };
  if (compileRules) return compileRules(rules);
  throw new Error(`the rule text of monitor ${name} must be compiled by the part rules.js, got none`);
}

function conditionOf(match: Match): Condition {
  if ("any" in match) {
    const conditions = match.any.map(conditionOf);
    return {
      test: (record) => conditions.some(({ test }) => test(record)),
      needed: either(conditions.map(({ needed }) => needed)),
    };
  }
  if ("all" in match) {
    const conditions = match.all.map(conditionOf);
    return {
      test: (record) => conditions.every(({ test }) => test(record)),
      needed: all(conditions.map(({ needed }) => needed)),
    };
  }
  if ("not" in match) {
    const { test } = conditionOf(match.not);
    return { test: (record) => !test(record), needed: undefined };
  }
  if ("text" in match) {
    const pattern = compilePattern(match.text);
    return { test: anyField(pattern), needed: needsOfPattern(pattern.pattern) };
  }
  const { field } = match;
  if ("pattern" in match) {
    const pattern = compilePattern(match.pattern);
    return {
      test: (record) => record.has(field) && pattern.test(textOf(record.get(field))),
      needed: orNull(needsOfField(field, pattern.pattern)),
    };
  }
  const compare = COMPARISONS[match.compare];
  return {
    test: (record) => {
      const number = numberOf(record.get(field));
      return number !== undefined && compare(number, match.value);
    },
    // A number has too many ways to be written.
    needed: undefined,
  };
}

/** The text of null is empty to rules, from which the search of a field has its meaning, and "null" to monitors. */
function orNull(needed: Needed): Needed {
  return needed?.map((one) =>
    "field" in one && "null".includes(one.text) ? { field: one.field, test: "exists", text: "" } : one,
  );
}

function compilePattern({ source, flags }: Pattern): LinePattern {
  return compileLinePattern(source, flags);
}

function anyField(pattern: LinePattern): Test {
  return ({ fields }) => {
    for (const name of Object.keys(fields)) {
      if (name !== TIME_FIELD && pattern.test(textOf(fields[name]))) return true;
    }
    return false;
  };
}

const COMPARISONS: Readonly<Record<Comparison, (value: number, wanted: number) => boolean>> = {
  "<": (value, wanted) => value < wanted,
  "<=": (value, wanted) => value <= wanted,
  ">": (value, wanted) => value > wanted,
  ">=": (value, wanted) => value >= wanted,
  "=": (value, wanted) => value === wanted,
  "!=": (value, wanted) => value !== wanted,
};

const NUMBER = /^\s*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?\s*$/;

/** A number, or a text that is one, as most logs have them. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && NUMBER.test(value) ? Number(value) : undefined;
}

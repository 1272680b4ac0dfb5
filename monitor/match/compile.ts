import { all, either, type Needed } from "../../rules/literals/literal";
import { needsOfField, needsOfPattern } from "../../rules/literals/needs";
import { compileLinePattern, type LinePattern } from "../../rules/regex/javascript";
import type { Comparison, Match, Monitor, Pattern } from "../definition/types";
import { type RecordView, textOf, TIME_FIELD } from "./record";

/** Whether a record meets a condition. */
type Test = (record: RecordView) => boolean;

/** A compiled condition. */
interface Condition {
  readonly test: Test;
  readonly needed: Needed;
}

/** Result of rules on a record: each event that they keep is a match. */
export interface RulesOutcome {
  readonly kept: readonly RecordView[];
  /** Why a step failed. It can quote the record, so it must not be logged. */
  readonly failure?: string;
}

/** A compiled rule text. It is in a separate part, which only functions with rule texts include. */
export interface MonitorRules {
  /**
   * Literals of which at least one must be in the bytes of a record for the rules to keep anything, or for a step to
   * fail. Empty for rules that never match, undefined if nothing is known. A record that contains none of them need not
   * be run.
   */
  readonly needed: Needed;
  /** Loads the data that the rules read in addition to records, or its changes. */
  refresh(): Promise<void>;
  run(record: RecordView): RulesOutcome;
}

/** Compiles a rule text. Throws if it has errors. */
export type CompileRules = (text: string) => MonitorRules;

/** A compiled monitor. Its result for a record is nothing, the record, or the events from the rules. */
export type CompiledMatch = MonitorRules;

const NOTHING: RulesOutcome = { kept: [] };
const nothingToLoad = (): Promise<void> => Promise.resolve();

/** Compiles a monitor's condition. @param compileRules required if it has a rule text */
export function compileMatch({ name, match, rules }: Monitor, compileRules?: CompileRules): CompiledMatch {
  if (match) {
    const { needed, test } = conditionOf(match);
    return { needed, refresh: nothingToLoad, run: (record) => (test(record) ? { kept: [record] } : NOTHING) };
  }
  // The monitor only detects missing records.
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
    // A number can be written in too many ways.
    needed: undefined,
  };
}

/** The text of null is empty in rules, on which the search of a field is based, but "null" in monitors. */
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

/** A number, or a string that contains one, as in most logs. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" && NUMBER.test(value) ? Number(value) : undefined;
}

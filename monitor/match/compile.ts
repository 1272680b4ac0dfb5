import { compileLinePattern, type LinePattern } from "../../rules/regex/javascript";
import type { Comparison, Match, Monitor, Pattern } from "../definition/types";
import { type RecordView, textOf, TIME_FIELD } from "./record";

/** Whether a record is like a condition says. */
export type Test = (record: RecordView) => boolean;

/** What rules made of a record: each event that they keep is one that matched. */
export interface RulesOutcome {
  readonly kept: readonly RecordView[];
  /** Why a step failed; it may quote the record, and is for no log. */
  readonly failure?: string;
}

/** A rule text at work. It stands in a part of its own, which only functions with rule texts carry. */
export interface MonitorRules {
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
    const test = compileTest(match);
    return { refresh: nothingToLoad, run: (record) => (test(record) ? { kept: [record] } : NOTHING) };
  }
  // One that looks for silence only.
  if (rules === undefined) return { refresh: nothingToLoad, run: () => NOTHING };
  if (compileRules) return compileRules(rules);
  throw new Error(`the rule text of monitor ${name} must be compiled by the part rules.js, got none`);
}

/** Compiles a condition. */
export function compileTest(match: Match): Test {
  if ("any" in match) {
    const tests = match.any.map(compileTest);
    return (record) => tests.some((test) => test(record));
  }
  if ("all" in match) {
    const tests = match.all.map(compileTest);
    return (record) => tests.every((test) => test(record));
  }
  if ("not" in match) {
    const test = compileTest(match.not);
    return (record) => !test(record);
  }
  if ("text" in match) return anyField(compilePattern(match.text));
  const { field } = match;
  if ("pattern" in match) {
    const pattern = compilePattern(match.pattern);
    return (record) => record.has(field) && pattern.test(textOf(record.get(field)));
  }
  const compare = COMPARISONS[match.compare];
  return (record) => {
    const number = numberOf(record.get(field));
    return number !== undefined && compare(number, match.value);
  };
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

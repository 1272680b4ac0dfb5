import { join } from "node:path";
import { checkRules, compileRules, RulesError, type RulesOptions } from "../../rules/run/engine";
import { parseParameters, valueOfDefault } from "../../rules/check/parameters";
import { FUNCTIONS } from "../../rules/functions";
import type { Run } from "../../rules/run/implementation";
import type { Value } from "../../rules/run/values";
import { Event } from "../../rules/run/event";
import { rulePartsIn } from "../../functions/runtime/loader";
import { renderProblem } from "../../rules/check/problem";
import type { Fields } from "../../functions/records/contracts";

/** The library groups as they are deployed. */
export const parts = rulePartsIn(join(__dirname, "../../dist/parts"));

/** An event as tests write it. */
export type Row = Record<string, string>;

/** Everything that leaves the rules, whatever its output; fails where a step fails. */
export function runRules(text: string, rows: readonly Fields[], options: Partial<RulesOptions> = {}): Row[] {
  const rules = compileRules(text, { parts, environment: {}, ...options });
  return rows.flatMap((row) => {
    const { emitted, failure } = rules.run(new Event(row));
    if (failure !== undefined) throw new Error(failure);
    return emitted.map(({ event }) => JSON.parse(JSON.stringify(event.fields)) as Row);
  });
}

/** The value that an expression has on an event. */
export function valueOf(expression: string, row: Fields = {}, options: Partial<RulesOptions> = {}): string | undefined {
  return runRules(`e_set("result", ${expression})`, [row], options)[0].result;
}

/** Why the rules fail on an event, or are refused before there is one. */
export function failureOf(text: string, row: Fields = {}): string | undefined {
  try {
    return compileRules(text, { parts, environment: {} }).run(new Event(row)).failure;
  } catch (error) {
    if (error instanceof RulesError) return error.message;
    throw error;
  }
}

/** What is wrong with a text, as people read it. */
export function problemsOf(text: string, options: Partial<RulesOptions> = {}): string[] {
  return checkRules(text, { parts, ...options }).problems.map((problem) => renderProblem(text, problem));
}

/** What a function of values gives, called as the engine calls it: what is left out has its default. */
export function resultOf(name: string, values: readonly Value[], run?: Run): Value {
  const definition = FUNCTIONS.get(name)!;
  const { positional } = parseParameters(definition.parameters);
  const defaults = positional.map((one) => (one.default ? valueOfDefault(one.default.expression) : undefined));
  const all = [...values, ...defaults.slice(values.length)];
  if ("pure" in definition) return (definition.pure as (...all: unknown[]) => Value)(...all);
  return (definition as unknown as { impure: (...all: unknown[]) => Value }).impure(run, ...all);
}

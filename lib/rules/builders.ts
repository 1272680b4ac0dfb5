import { type FunctionName, FUNCTIONS, kindOf, type OperationName } from "../../rules";
import { printCall, RuleExpression, RuleOperation, type RuleArgument } from "./rule-call";

/** `e_drop_fields` as `eDropFields`. */
type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name;

type Builder<Name extends FunctionName> = (
  ...values: RuleArgument[]
) => Name extends OperationName ? RuleOperation : RuleExpression;

/** A builder for each function of the rule language, under its name in camel case. */
export type RuleFunctions = { readonly [Name in FunctionName as CamelCase<Name>]: Builder<Name> } & {
  /** Drops the event; `DROP` in rule texts. */
  readonly drop: RuleOperation;
  /** Keeps the event unchanged; `KEEP` in rule texts. */
  readonly keep: RuleOperation;
};

/**
 * Builders for the functions of the rule language. Each returns the text of its call:
 *
 * ```ts
 * const { eIf, eSearch, eSet } = ruleFunctions;
 * LogRules.of(eIf(eSearch("ret: pass"), eSet("result", "pass")));
 * ```
 */
export const ruleFunctions = Object.fromEntries([
  ...Array.from(FUNCTIONS, ([name, definition]) => [camelCase(name), builder(name, kindOf(definition))]),
  ["drop", new RuleOperation("DROP")],
  ["keep", new RuleOperation("KEEP")],
]) as RuleFunctions;

function builder(name: string, kind: "operation" | "expression") {
  const Call = kind === "operation" ? RuleOperation : RuleExpression;
  return (...values: RuleArgument[]) => new Call(printCall(name, values));
}

function camelCase(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

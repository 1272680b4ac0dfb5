import type { Expression } from "../language/syntax-tree";
import { pairs, together } from "./arguments";
import { call } from "./text";
import type { NativeCall, NativeSteps } from "./types";

/** Conditional operations. */
export const flowSteps: NativeSteps = {
  e_if: (one) => {
    if (one.rest.length % 2 === 1) one.refuse("e_if with a last operation of its own; use e_if_else", one.rest.at(-1));
    return pairs(one.rest).flatMap(([condition, operation]) => ifThen(one, condition, one.steps(operation)));
  },
  e_if_else: (one) => {
    const otherwise = one.given("op_false");
    const condition = one.condition(one.given("cond")!);
    return ifElse(condition, one.steps(one.given("op_true")!), otherwise ? one.steps(otherwise) : []);
  },
  // CLS's own switch discards events that match no case.
  e_switch: (one) => {
    const fallback = one.given("default");
    return pairs(one.rest).reduceRight<string[]>(
      (otherwise, [condition, operation]) => ifElse(one.condition(condition), one.steps(operation), otherwise),
      fallback ? one.steps(fallback) : [],
    );
  },
  e_compose: (one) => one.rest.flatMap((operation) => one.steps(operation)),
};

function ifThen(one: NativeCall, condition: Expression, steps: readonly string[]): string[] {
  const test = one.condition(condition);
  return steps.length === 0 ? [] : [call("t_if", test, together(steps))];
}

function ifElse(condition: string, yes: readonly string[], no: readonly string[]): string[] {
  if (yes.length === 0 && no.length === 0) return [];
  if (no.length === 0) return [call("t_if", condition, together(yes))];
  if (yes.length === 0) return [call("t_if_not", condition, together(no))];
  return [call("t_if_else", condition, together(yes), together(no))];
}

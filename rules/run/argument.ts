import { valueOfDefault, type Parameter } from "../check/parameters";
import type { Span } from "../check/problem";
import type { Expression } from "../language/syntax-tree";
import type { Argument } from "./implementation";
import type { Value } from "./values";

/** An argument that is the same for all events. */
export function constant(span: Span, value: Value): Argument {
  return { span, evaluate: () => value, constant: { value }, stable: true };
}

/** An operation as an argument. It has no value: `step` compiles it. */
export interface OperationArgument extends Argument {
  readonly node: Expression;
}

export function operationArgument(node: Expression): OperationArgument {
  const isNone = node.kind === "literal" && node.value === null;
  return { node, span: node.span, evaluate: () => null, stable: false, ...(isNone && { constant: { value: null } }) };
}

/** Defaults of the parameters that a call omits; errors in them are reported at the call's name. */
export function defaultsOf(parameters: readonly Parameter[], span: Span): ReadonlyMap<string, Argument> {
  const defaults = new Map<string, Argument>();
  for (const { names, type, default: fallback } of parameters) {
    if (!fallback) continue;
    const { expression } = fallback;
    const argument =
      type === "op" ? operationArgument({ ...expression, span }) : constant(span, valueOfDefault(expression));
    defaults.set(names[0], { ...argument, isDefault: true });
  }
  return defaults;
}

/** The argument, or the default if it is None. */
export function withDefault(argument: Argument, fallback: Argument | undefined): Argument {
  const value = fallback?.constant?.value ?? null;
  if (!fallback || value === null) return argument;
  if (argument.constant) return argument.constant.value === null ? fallback : argument;
  return { ...argument, evaluate: (event, run) => argument.evaluate(event, run) ?? value };
}

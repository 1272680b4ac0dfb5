import type { BoundCall, Derived } from "../../run/implementation";
import type { Value } from "../../run/values";
import { textOf } from "./options";

/** Selects in a value; undefined where the expression fails on it. */
export type Select = (value: Value) => Value | undefined;

/** What the part `jmes` exports beside its functions. */
export interface JmesPart {
  compile(expression: string): Select;
  /** What is wrong with an expression. */
  checkJmes(expression: string): JmesFault | undefined;
}

/** What is wrong with an expression, or only likely to be. */
export interface JmesFault {
  readonly message: string;
  /** Where in the expression, in UTF-16 units. */
  readonly offset: number;
  readonly isHint?: boolean;
}

/** What the parameter `jmes` of a call selects; undefined where the text gives no expression, or an empty one. */
export function jmesSelection(call: BoundCall): Derived<Select | undefined> | undefined {
  const argument = call.argument("jmes");
  if (argument.constant?.value === "" || argument.constant?.value === null) return undefined;
  const { compile } = call.part<JmesPart>("jmes");
  return call.derive(argument, (expression) => {
    const text = textOf(expression);
    return text === "" ? undefined : compile(text);
  });
}

import type { BoundCall, Derived } from "../../run/implementation";
import type { Value } from "../../run/values";
import { textOf } from "./options";

/** Selects from a value; undefined if the expression fails on it. */
export type Select = (value: Value) => Value | undefined;

/** What the part `jmes` exports in addition to its functions. */
export interface JmesPart {
  compile(expression: string): Select;
  /** The error in an expression, if any. */
  checkJmes(expression: string): JmesFault | undefined;
}

/** An error, or a probable error, in an expression. */
export interface JmesFault {
  readonly message: string;
  /** Position in the expression, in UTF-16 units. */
  readonly offset: number;
  readonly isHint?: boolean;
}

/** The selection of a call's parameter `jmes`; undefined if there is no expression, or an empty one. */
export function jmesSelection(call: BoundCall): Derived<Select | undefined> | undefined {
  const argument = call.argument("jmes");
  if (argument.constant?.value === "" || argument.constant?.value === null) return undefined;
  const { compile } = call.part<JmesPart>("jmes");
  return call.derive(argument, (expression) => {
    const text = textOf(expression);
    return text === "" ? undefined : compile(text);
  });
}

import type { Bound } from "../check/binding";
import type { CallNode, Expression } from "../language/syntax-tree";
import type { Value } from "../run/values";

/** A value in the CLS dialect. */
export interface NativeValue {
  readonly text: string;
  /** Type of the value, if the text determines it. */
  readonly type: "text" | "number" | "boolean" | "any";
}

/** Services for the translation of a call. */
export interface NativeCall {
  readonly node: CallNode;
  /** Alias of the destination for events without one. */
  readonly defaultOutput: string | undefined;
  /** The expression of a parameter. */
  given(parameter: string): Expression | undefined;
  /** Expressions of the positional parameters, in order: from the text, or the defaults. */
  readonly ordered: readonly (Expression | undefined)[];
  /** The expressions of the variadic parameter. */
  readonly rest: readonly Expression[];
  readonly bound: Bound;
  /** The constant value of a parameter, from the text or the default. Refuses values that depend on the event. */
  constant(parameter: string): Value;
  /** The same, for a string. */
  text(parameter: string): string;
  flag(parameter: string): boolean;
  /** The constant value of an expression; refuses others. */
  constantOf(expression: Expression, what: string): Value;
  /** Whether the expression is a constant. */
  isConstant(expression: Expression): boolean;
  value(expression: Expression): NativeValue;
  /** An expression as a condition, with the truth values of the rule language, which differ from those of CLS. */
  condition(expression: Expression): string;
  /** Operations, each as a call of the CLS dialect. */
  steps(expression: Expression): string[];
  /** Reports that CLS does not support this, and ends the translation of the statement's call. */
  refuse(reason: string, at?: Expression): never;
  /** Reports that CLS behaves differently, according to its documentation. */
  note(text: string): void;
}

/** How functions are translated to the CLS dialect. */
export type NativeExpressions = Readonly<Record<string, (call: NativeCall) => NativeValue>>;
export type NativeSteps = Readonly<Record<string, (call: NativeCall) => string[]>>;

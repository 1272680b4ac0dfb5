import type { Bound } from "../check/binding";
import type { CallNode, Expression } from "../language/syntax-tree";
import type { Value } from "../run/values";

/** A value in the CLS dialect. */
export interface NativeValue {
  readonly text: string;
  /** What the value is, as far as the text tells. */
  readonly type: "text" | "number" | "boolean" | "any";
}

/** What the translation of a call may use. */
export interface NativeCall {
  readonly node: CallNode;
  /** Alias of the destination for events that name none. */
  readonly defaultOutput: string | undefined;
  /** The expression of a parameter. */
  given(parameter: string): Expression | undefined;
  /** The expressions of the parameters that are taken by position, in their order: what the text gives, else defaults. */
  readonly ordered: readonly (Expression | undefined)[];
  /** The expressions of the variadic parameter. */
  readonly rest: readonly Expression[];
  readonly bound: Bound;
  /** The constant value of a parameter: what the text gives, else the default. Refuses what the event gives. */
  constant(parameter: string): Value;
  /** Likewise, a text. */
  text(parameter: string): string;
  flag(parameter: string): boolean;
  /** The constant value of an expression; refuses others. */
  constantOf(expression: Expression, what: string): Value;
  /** Whether the expression is a constant. */
  isConstant(expression: Expression): boolean;
  value(expression: Expression): NativeValue;
  /** An expression where a condition stands: the truth of the rule language, which is not CLS's. */
  condition(expression: Expression): string;
  /** Operations, each of them a call of the CLS dialect. */
  steps(expression: Expression): string[];
  /** Tells that CLS cannot do this, and ends the translation of the statement's call. */
  refuse(reason: string, at?: Expression): never;
  /** Tells where CLS does a thing otherwise, as its documentation has it. */
  note(text: string): void;
}

/** How a function is told in the CLS dialect. */
export type NativeExpressions = Readonly<Record<string, (call: NativeCall) => NativeValue>>;
export type NativeSteps = Readonly<Record<string, (call: NativeCall) => string[]>>;

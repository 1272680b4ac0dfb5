import type { Span } from "../check/problem";
import type { Value } from "../run/values";

/** An expression of the rule text. */
export type Expression = Literal | Name | CallNode | Sequence | DictLiteral | Logical;

/** A string, number or constant in the rule text. */
export interface Literal {
  readonly kind: "literal";
  readonly span: Span;
  readonly value: Value;
}

/** A bare name: an operation such as `DROP`, or a constant such as `F_TIME`. */
export interface Name {
  readonly kind: "name";
  readonly span: Span;
  readonly name: string;
}

/** A call; comparisons, `not` and a minus sign are calls of `op_eq`, `op_not`, `op_neg` and so on. */
export interface CallNode {
  readonly kind: "call";
  readonly span: Span;
  readonly name: string;
  /** Position of the function's name, or of the operator. */
  readonly nameSpan: Span;
  readonly positional: readonly Expression[];
  readonly keywords: readonly Keyword[];
}

/** `name=value` in a call. */
export interface Keyword {
  readonly name: string;
  readonly span: Span;
  readonly value: Expression;
}

/** A list or a tuple. */
export interface Sequence {
  readonly kind: "sequence";
  readonly span: Span;
  readonly items: readonly Expression[];
}

export interface DictLiteral {
  readonly kind: "dict";
  readonly span: Span;
  readonly entries: readonly (readonly [Expression, Expression])[];
}

/** `a and b`, `a or b`: the value is that of the deciding operand, as in Python. */
export interface Logical {
  readonly kind: "and" | "or";
  readonly span: Span;
  readonly operands: readonly Expression[];
}

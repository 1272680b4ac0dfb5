/** A literal, or a call with its arguments: the syntax of CLS's processing language. */
export type Node = Literal | Items | CallNode;

export interface Literal {
  readonly kind: "literal";
  readonly value: string | bigint | number | boolean | null;
}

/** `(a, b)` or `[a, b]`. */
export interface Items {
  readonly kind: "items";
  readonly items: readonly Node[];
}

export interface CallNode {
  readonly kind: "call";
  readonly name: string;
  readonly positional: readonly Node[];
  readonly keywords: ReadonlyMap<string, Node>;
  readonly line: number;
  readonly column: number;
}

/** A text that CLS would refuse: `3:7 unknown function e_set`. */
export class DialectError extends Error {
  override readonly name = "DialectError";

  constructor(
    message: string,
    /** Both from 1. */
    readonly line: number,
    readonly column: number,
  ) {
    super(`${line}:${column} ${message}`);
  }
}

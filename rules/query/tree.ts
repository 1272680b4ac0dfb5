/** A parsed query of `e_search`. */
export type Query =
  | { readonly kind: "or" | "and"; readonly operands: readonly Query[] }
  | { readonly kind: "not"; readonly operand: Query }
  | Term;

/** One test of an event. */
export type Term =
  /** Any field contains the text. */
  | { readonly kind: "text"; readonly value: Glob }
  /** The field contains the text. */
  | { readonly kind: "holds"; readonly field: string; readonly value: Glob }
  /** The field equals the text. */
  | { readonly kind: "equals"; readonly field: string; readonly value: Glob }
  | { readonly kind: "matches"; readonly field: string; readonly pattern: string; readonly offset: number }
  /** The field is a number in a closed range; each end can be open. */
  | { readonly kind: "range"; readonly field: string; readonly least: number; readonly most: number }
  | { readonly kind: "compares"; readonly field: string; readonly operator: Comparison; readonly value: number };

export type Comparison = ">" | ">=" | "<" | "<=" | "=";

/** A text with wildcards: plain text with `*` (any characters) and `?` (one character) between. */
export type Glob = readonly (string | typeof ANY | typeof ONE)[];

export const ANY = Symbol("*");
export const ONE = Symbol("?");

/** The query cannot be parsed. */
export class QueryError extends Error {
  override readonly name = "QueryError";

  constructor(
    message: string,
    /** Position in the query, in UTF-16 units. */
    readonly offset: number,
  ) {
    super(message);
  }
}

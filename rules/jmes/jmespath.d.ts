/**
 * The part of the library that is used here: the tree of an expression. Its own types are only for ES modules, and
 * include nodes that the reference's JMESPath does not have, which `compile.ts` refuses.
 */
declare module "@jmespath-community/jmespath" {
  interface Binary<Type extends string> {
    readonly type: Type;
    readonly left: Node;
    readonly right: Node;
  }

  interface Unary<Type extends string> {
    readonly type: Type;
    readonly child: Node;
  }

  type Literal = string | number | boolean | null | readonly Literal[] | { readonly [key: string]: Literal };

  export type Node =
    | { readonly type: "Identity" | "Current" }
    | { readonly type: "Field"; readonly name: string }
    | { readonly type: "Literal"; readonly value: Literal }
    | { readonly type: "Index"; readonly value: number }
    | {
        readonly type: "Slice";
        readonly start: number | null;
        readonly stop: number | null;
        readonly step: number | null;
      }
    | Binary<"Subexpression" | "IndexExpression" | "Pipe" | "AndExpression" | "OrExpression">
    | Binary<"Projection" | "ValueProjection">
    | Unary<"Flatten" | "NotExpression" | "ExpressionReference">
    | (Binary<"FilterProjection"> & { readonly condition: Node })
    | (Binary<"Comparator"> & { readonly name: "EQ" | "NE" | "LT" | "LTE" | "GT" | "GTE" })
    | { readonly type: "MultiSelectList"; readonly children: readonly Node[] }
    | {
        readonly type: "MultiSelectHash";
        readonly children: readonly { readonly name: string; readonly value: Node }[];
      }
    | { readonly type: "Function"; readonly name: string; readonly children: readonly Node[] };

  export interface Token {
    readonly type: string;
    readonly value: unknown;
    readonly start: number;
  }

  interface Options {
    /** Whether a literal such as `` `text` `` is allowed without quotes, as in the reference. */
    readonly enable_legacy_literals?: boolean;
  }

  export function compile(expression: string, options?: Options): Node;
  export function tokenize(expression: string, options?: Options): Token[];
}

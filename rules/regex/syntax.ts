import type { CharSet } from "./charset";

/** Positions between characters: `textEnd` is `\Z`, `end` is `$`, which also matches before a newline at the end. */
export type Assertion = "textStart" | "textEnd" | "end" | "lineStart" | "lineEnd" | "boundary" | "noBoundary";

/** The tree of a pattern. Offsets are in the pattern's text, in UTF-16 units. */
export type Node =
  | { readonly kind: "set"; readonly set: CharSet }
  | { readonly kind: "assertion"; readonly assertion: Assertion; readonly ascii: boolean }
  | { readonly kind: "sequence"; readonly items: readonly Node[] }
  | { readonly kind: "choice"; readonly options: readonly Node[] }
  | Repeat
  /** A group that stores its match; groups with the same name share a number, and the last match counts. */
  | { readonly kind: "capture"; readonly index: number; readonly body: Node }
  | Backtracking;

export interface Repeat {
  readonly kind: "repeat";
  readonly body: Node;
  readonly min: number;
  /** `Infinity` if there is no limit. */
  readonly max: number;
  readonly greedy: boolean;
  readonly offset: number;
}

/** Constructs that only a backtracking engine supports. */
export type Backtracking =
  | {
      readonly kind: "look";
      readonly behind: boolean;
      readonly negative: boolean;
      readonly body: Node;
      readonly offset: number;
    }
  | { readonly kind: "reference"; readonly index: number; readonly ignoreCase: boolean; readonly offset: number }
  | { readonly kind: "atomic"; readonly body: Node; readonly what: string; readonly offset: number }
  | {
      readonly kind: "condition";
      readonly index: number;
      readonly yes: Node;
      readonly no: Node;
      readonly offset: number;
    };

/** A parsed pattern. */
export interface Syntax {
  readonly root: Node;
  readonly groupCount: number;
  /** Number of each named group, from 1. */
  readonly groupNames: ReadonlyMap<string, number>;
}

export const EMPTY: Node = { kind: "sequence", items: [] };

/** The parts of a node. */
export function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case "sequence":
      return node.items;
    case "choice":
      return node.options;
    case "repeat":
    case "capture":
    case "look":
    case "atomic":
      return [node.body];
    case "condition":
      return [node.yes, node.no];
    default:
      return [];
  }
}

import { LONGEST_PATTERN } from "./bounds";
import { parseRegex } from "./parse";
import { RegexError, type RegexEngine } from "./regex";
import { children, type Backtracking, type Node, type Syntax } from "./syntax";
import { findBacktracking } from "./traits";
import { isNullable } from "./width";

/** Larger counts would produce huge programs; the limit is that of RE2. */
const LARGEST_COUNT = 1000;

/**
 * Maximum steps of a program. The largest grok pattern, for NetScreen logs, has 22,267. Larger ones result from nested
 * counts such as `((a{100}){100}){100}`.
 */
const LARGEST_PROGRAM = 30_000;

/** A pattern that an engine can run. */
export interface CheckedSyntax extends Syntax {
  /** Maximum number of steps of its program. */
  readonly size: number;
}

/** The error in a pattern, if any. It runs nothing, so the result does not depend on the JavaScript engine. */
export function checkRegex(pattern: string, engine: RegexEngine = "linear"): RegexError | undefined {
  try {
    check(pattern, engine);
    return undefined;
  } catch (error) {
    if (error instanceof RegexError) return error;
    throw error;
  }
}

/** The tree of a pattern that an engine can run; throws a `RegexError` if it cannot. */
export function check(pattern: string, engine: RegexEngine): CheckedSyntax {
  if (pattern.length > LONGEST_PATTERN) {
    const remedy = "match in several steps";
    throw new RegexError(
      `the pattern must have ${LONGEST_PATTERN} characters at most, got ${pattern.length}; ${remedy}`,
      0,
    );
  }
  const syntax = parseRegex(pattern);
  refuseLargeCounts(syntax.root);
  const size = sizeOf(syntax.root);
  if (size > LARGEST_PROGRAM) {
    const counts = "lower its counts, the inner ones above all, or match in several steps";
    throw new RegexError(`the pattern must make ${LARGEST_PROGRAM} steps at most, got ${size}; ${counts}`, 0);
  }
  const backtracking = findBacktracking(syntax.root);
  if (backtracking && engine === "linear") {
    throw new RegexError(
      `the pattern has ${describe(backtracking)}, which no engine matches in linear time`,
      backtracking.offset,
      true,
    );
  }
  return { ...syntax, size };
}

function refuseLargeCounts(node: Node): void {
  if (node.kind === "repeat") {
    const count = node.max === Infinity ? node.min : node.max;
    if (count > LARGEST_COUNT) {
      throw new RegexError(
        `a repetition must count to ${LARGEST_COUNT} at most, got ${count}; lower it, or set no limit, as in {1,}`,
        node.offset,
      );
    }
  }
  children(node).forEach(refuseLargeCounts);
}

/** Maximum number of steps of a program. */
function sizeOf(node: Node): number {
  const inside = children(node).reduce((size, child) => size + sizeOf(child), 0);
  if (node.kind !== "repeat") return inside + Math.max(1, children(node).length) + 1;
  const copies = node.max === Infinity ? node.min + 1 : node.max;
  // A part that can match the empty string is compiled twice: for iterations that matched nothing, and for others.
  return copies * (inside + 1) * (isNullable(node.body) ? 2 : 1) + 1;
}

function describe(node: Backtracking): string {
  switch (node.kind) {
    case "look":
      return `${node.behind ? "a look-behind" : "a look-ahead"} (?${node.behind ? "<" : ""}${node.negative ? "!" : "="}`;
    case "reference":
      return `a reference to the group ${node.index}`;
    case "atomic":
      return node.what;
    case "condition":
      return "a conditional group (?(";
  }
}

import { children, type Backtracking, type Node } from "./syntax";
import { isNullable } from "./width";

/** The first part of a pattern that only a backtracking engine supports. */
export function findBacktracking(node: Node): Backtracking | undefined {
  if (node.kind === "look" || node.kind === "reference" || node.kind === "atomic" || node.kind === "condition")
    return node;
  for (const child of children(node)) {
    const found = findBacktracking(child);
    if (found) return found;
  }
  return undefined;
}

/** Whether a part of the tree has a property. */
export function some(node: Node, is: (node: Node) => boolean): boolean {
  return is(node) || children(node).some((child) => some(child, is));
}

/**
 * Whether JavaScript stores the same groups as Python. Both store the text of the last iteration, but JavaScript clears
 * a group that the last iteration did not use, and stores nothing for an iteration that matched nothing.
 */
export function keepsGroupsAlike(node: Node): boolean {
  if (node.kind === "repeat" && node.max > 1) {
    const inside = capturesIn(node.body);
    const certain = certainCaptures(node.body);
    if (inside.length > certain.size) return false;
    if (inside.length > 0 && isNullable(node.body)) return false;
  }
  return children(node).every(keepsGroupsAlike);
}

/** Numbers of the groups inside, one for each group in the pattern. */
function capturesIn(node: Node): readonly number[] {
  const inside = children(node).flatMap(capturesIn);
  return node.kind === "capture" ? [node.index, ...inside] : inside;
}

/** Groups that participate in every match. */
function certainCaptures(node: Node): ReadonlySet<number> {
  switch (node.kind) {
    case "capture":
      return new Set([node.index, ...certainCaptures(node.body)]);
    case "sequence":
      return new Set(node.items.flatMap((item) => [...certainCaptures(item)]));
    case "choice": {
      const [first, ...others] = node.options.map(certainCaptures);
      return new Set([...first].filter((index) => others.every((other) => other.has(index))));
    }
    case "repeat":
      return node.min > 0 ? certainCaptures(node.body) : new Set();
    default:
      return new Set();
  }
}

/**
 * Whether a loop can have iterations that match nothing. JavaScript then backtracks for another match of the iteration,
 * while Python ends the loop, so the first match can differ (but not whether there is one).
 */
export function hasEmptyIterations(node: Node): boolean {
  return some(node, (part) => part.kind === "repeat" && part.max > 1 && isNullable(part.body));
}

/** Whether the empty string is the last alternative that it tries, if it can match it. */
export function triesEmptyLast(node: Node): boolean {
  switch (node.kind) {
    case "sequence":
      return !isNullable(node) || node.items.every(triesEmptyLast);
    case "choice":
      return !node.options.slice(0, -1).some(isNullable) && triesEmptyLast(node.options[node.options.length - 1]);
    case "repeat":
      return node.min > 0
        ? !isNullable(node.body) || triesEmptyLast(node.body)
        : node.greedy && triesEmptyLast(node.body);
    case "capture":
      return triesEmptyLast(node.body);
    default:
      return true;
  }
}

/** Whether it can match only at the start of the text. */
export function isAnchored(node: Node): boolean {
  switch (node.kind) {
    case "assertion":
      return node.assertion === "textStart";
    case "sequence":
      return node.items.length > 0 && isAnchored(node.items[0]);
    case "choice":
      return node.options.every(isAnchored);
    case "capture":
      return isAnchored(node.body);
    default:
      return false;
  }
}

import type { CharSet } from "./charset";
import { children, type Node, type Repeat } from "./syntax";
import { isAnchored } from "./traits";
import { isNullable, widthOf } from "./width";

/** Maximum steps of a search in V8: some milliseconds in the worst case. */
const MOST_STEPS = 1024 * 1024;

/** Maximum text for V8, in UTF-16 units: it records each iteration of a loop, for backtracking. */
const LONGEST_TEXT = 64 * 1024;

/** Maximum parts of a pattern for V8, with each count expanded. */
const MOST_PARTS = 2000;

/**
 * Number of ways in which a part can match the same text: `factor` times the text's length to the power of `degree`.
 */
interface Ways {
  readonly factor: number;
  readonly degree: number;
}

const ONE: Ways = { factor: 1, degree: 0 };
const TOO_MANY: Ways = { factor: Infinity, degree: 0 };

/** Characters up to U+00FF and the end of the text, as bits. */
type Characters = bigint;

const NOTHING: Characters = 0n;
const NEWLINE: Characters = 1n << 10n;
const END: Characters = 1n << 256n;
const ALL: Characters = (1n << 257n) - 1n;

/**
 * The longest text, of characters up to U+00FF, that V8 searches in a limited number of steps; 0 if there is none.
 *
 * V8 backtracks if a part can match in several ways. If the next character decides (`\w+=`, `\d{1,3}\.`), there is no
 * choice: every other way fails at once. A part with a choice (`.*?b`, `(?:a|ab)`) multiplies the ways through the
 * pattern, and a search tries them from each character.
 */
export function longestForV8(root: Node): number {
  if (partsOf(root) > MOST_PARTS) return 0;
  const { factor, degree } = waysThrough(root, END);
  const { max: width } = widthOf(root);
  const starts = isAnchored(root) ? 0 : 1;
  const options = optionsOf(root);
  // For a text of length n: n starts, factor * n ** degree ways, each as long as a match, at most n.
  const stepsFor = (length: number): number => options * factor * length ** (degree + starts) * Math.min(length, width);
  if (stepsFor(1) > MOST_STEPS) return 0;
  let [short, long] = [1, LONGEST_TEXT + 1];
  while (long - short > 1) {
    const middle = (short + long) >> 1;
    if (stepsFor(middle) <= MOST_STEPS) short = middle;
    else long = middle;
  }
  return short;
}

/** @param next what can follow: if it leaves the part a choice, the ways multiply */
function waysThrough(node: Node, next: Characters): Ways {
  switch (node.kind) {
    case "set":
    case "assertion":
      return ONE;
    case "capture":
      return waysThrough(node.body, next);
    case "sequence": {
      let ways = ONE;
      let behind = next;
      for (const item of [...node.items].reverse()) {
        ways = times(ways, waysThrough(item, behind));
        behind = firstOf(item, behind);
      }
      return ways;
    }
    case "choice": {
      const all = node.options.map((option) => waysThrough(option, next));
      const degree = Math.max(...all.map((ways) => ways.degree));
      const factors = all.map(({ factor }) => factor);
      const isDecided = areDisjoint(node.options.map((option) => firstOf(option, next)));
      const factor = isDecided ? Math.max(...factors) : factors.reduce((sum, one) => sum + one, 0);
      return { factor, degree };
    }
    case "repeat":
      return waysOfRepeat(node, next);
    default:
      return TOO_MANY;
  }
}

function waysOfRepeat({ body, min, max }: Repeat, next: Characters): Ways {
  if (max === 0) return ONE;
  if (isNullable(body)) {
    // Without an iteration, or with one that matches nothing.
    return max > 1 ? TOO_MANY : times(waysThrough(body, next), { factor: 2, degree: 0 });
  }
  const again = firstOf(body, NOTHING);
  const inside = waysThrough(body, max > 1 ? again | next : next);
  const isDecided = min === max || areDisjoint([again, next]);
  if (max === Infinity) {
    if (inside.factor > 1 || inside.degree > 0) return TOO_MANY;
    return isDecided ? ONE : { factor: 1, degree: 1 };
  }
  const iterations = { factor: inside.factor ** max, degree: inside.degree * max };
  return isDecided ? iterations : times(iterations, { factor: max - min + 1, degree: 0 });
}

function times(a: Ways, b: Ways): Ways {
  return { factor: a.factor * b.factor, degree: a.degree + b.degree };
}

/** The characters with which a part can begin; if it can be empty, including those that can follow. */
function firstOf(node: Node, next: Characters): Characters {
  switch (node.kind) {
    case "set":
      return membersOf(node.set);
    case "assertion":
      // At the end, only the newline before which `$` matches can follow; elsewhere an assertion decides nothing.
      if (node.assertion === "textEnd") return END;
      return node.assertion === "end" ? NEWLINE | END : ALL;
    case "capture":
      return firstOf(node.body, next);
    case "sequence":
      return [...node.items].reverse().reduce((behind, item) => firstOf(item, behind), next);
    case "choice":
      return node.options.reduce((first, option) => first | firstOf(option, next), NOTHING);
    case "repeat":
      if (node.max === 0) return next;
      return firstOf(node.body, NOTHING) | (node.min === 0 || isNullable(node.body) ? next : NOTHING);
    default:
      return ALL;
  }
}

const known = new WeakMap<CharSet, Characters>();

function membersOf(set: CharSet): Characters {
  let members = known.get(set);
  if (members === undefined) {
    members = NOTHING;
    for (const [start, end] of set.latin()) members |= ((1n << BigInt(end - start + 1)) - 1n) << BigInt(start);
    known.set(set, members);
  }
  return members;
}

function areDisjoint(sets: readonly Characters[]): boolean {
  let all = NOTHING;
  for (const one of sets) {
    if (all & one) return false;
    all |= one;
  }
  return true;
}

/** Maximum number of options to try at one character. */
function optionsOf(node: Node): number {
  const inside = children(node).reduce((sum, child) => sum + optionsOf(child) - 1, 1);
  return node.kind === "choice" ? inside + node.options.length - 1 : inside;
}

/** Number of parts of a pattern, with counts multiplied. */
function partsOf(node: Node): number {
  switch (node.kind) {
    case "sequence":
      return node.items.reduce((sum, item) => sum + partsOf(item), 1);
    case "choice":
      return node.options.reduce((sum, option) => sum + partsOf(option), 1);
    case "capture":
      return partsOf(node.body) + 1;
    case "repeat":
      return partsOf(node.body) * Math.max(node.max === Infinity ? node.min : node.max, 1) + 1;
    default:
      return 1;
  }
}

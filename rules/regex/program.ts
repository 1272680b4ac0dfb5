import { ASCII_WORD, WORD, type CharSet } from "./charset";
import type { Assertion, Node, Repeat } from "./syntax";
import { isNullable, widthOf } from "./width";

/** One step of a program; numbers are indexes of steps. */
export type Instruction =
  | { readonly op: "set"; readonly set: CharSet; readonly next: number }
  /** Tries `next`, then `alternative`. */
  | { readonly op: "split"; next: number; alternative: number }
  | { readonly op: "save"; readonly slot: number; readonly next: number }
  | { readonly op: "assert"; readonly assertion: Assertion; readonly word: CharSet; readonly next: number }
  | { readonly op: "match" }
  | BacktrackingInstruction;

/** Steps that only the backtracking matcher supports. `body` is a program that ends with its own match. */
export type BacktrackingInstruction =
  | {
      readonly op: "look";
      readonly body: number;
      /** Characters to step back first. */
      readonly back: number;
      readonly negative: boolean;
      readonly next: number;
    }
  | { readonly op: "atomic"; readonly body: number; readonly next: number; readonly nextEmpty: number }
  | {
      readonly op: "reference";
      readonly index: number;
      readonly ignoreCase: boolean;
      readonly next: number;
      readonly nextEmpty: number;
    }
  | { readonly op: "condition"; readonly index: number; readonly next: number; readonly alternative: number };

/** A pattern as steps; groups store their ends in the slots `2 * index` and `2 * index + 1`. */
export interface Program {
  readonly instructions: readonly Instruction[];
  readonly start: number;
  readonly slots: number;
}

export function makeProgram(root: Node, groupCount: number): Program {
  const builder = new Builder();
  const start = builder.capture(0, root, builder.match, builder.match);
  return { instructions: builder.instructions, start, slots: 2 * (groupCount + 1) };
}

/**
 * Builds programs from the end to the start. Each node gets the step that follows a non-empty match, and the one that
 * follows an empty match. An iteration that matched nothing therefore ends its loop, as in Python.
 */
class Builder {
  readonly instructions: Instruction[] = [];
  readonly match = this.#emit({ op: "match" });

  capture(index: number, body: Node, next: number, nextEmpty: number): number {
    const close = this.#emit({ op: "save", slot: 2 * index + 1, next });
    const closeEmpty = next === nextEmpty ? close : this.#emit({ op: "save", slot: 2 * index + 1, next: nextEmpty });
    return this.#emit({ op: "save", slot: 2 * index, next: this.#node(body, close, closeEmpty) });
  }

  #node(node: Node, next: number, nextEmpty: number): number {
    // A node that never matches the empty string needs no second continuation.
    if (!isNullable(node)) nextEmpty = next;
    switch (node.kind) {
      case "set":
        return this.#emit({ op: "set", set: node.set, next });
      case "assertion":
        return this.#emit({
          op: "assert",
          assertion: node.assertion,
          word: node.ascii ? ASCII_WORD : WORD,
          next: nextEmpty,
        });
      case "sequence":
        return this.#sequence(node.items, next, nextEmpty);
      case "choice":
        return node.options
          .map((option) => this.#node(option, next, nextEmpty))
          .reduceRight((alternative, option) => this.#emit({ op: "split", next: option, alternative }));
      case "capture":
        return this.capture(node.index, node.body, next, nextEmpty);
      case "repeat":
        return this.#repeat(node, next, nextEmpty);
      case "look": {
        const body = this.#node(node.body, this.match, this.match);
        const back = node.behind ? widthOf(node.body).min : 0;
        return this.#emit({ op: "look", body, back, negative: node.negative, next: nextEmpty });
      }
      case "atomic":
        return this.#emit({ op: "atomic", body: this.#node(node.body, this.match, this.match), next, nextEmpty });
      case "reference":
        return this.#emit({ op: "reference", index: node.index, ignoreCase: node.ignoreCase, next, nextEmpty });
      case "condition": {
        const yes = this.#node(node.yes, next, nextEmpty);
        const no = this.#node(node.no, next, nextEmpty);
        return this.#emit({ op: "condition", index: node.index, next: yes, alternative: no });
      }
    }
  }

  #sequence(items: readonly Node[], next: number, nextEmpty: number): number {
    let [rest, restEmpty] = [next, nextEmpty];
    for (const item of [...items].reverse()) {
      // The match before the item may be empty or not; both continuations are the same step if they lead to the same
      // place.
      const isOne = rest === restEmpty;
      restEmpty = this.#node(item, rest, restEmpty);
      rest = isOne ? restEmpty : this.#node(item, rest, rest);
    }
    return restEmpty;
  }

  #repeat(repeat: Repeat, next: number, nextEmpty: number): number {
    const { body, min, max, greedy } = repeat;
    const required = Array<Node>(min).fill(body);
    if (max === Infinity) {
      const rest: Node = { ...repeat, min: 0 };
      return min > 0 ? this.#sequence([...required, rest], next, nextEmpty) : this.#star(body, greedy, next, nextEmpty);
    }
    let [rest, restEmpty] = [next, nextEmpty];
    for (let count = min; count < max; count++) {
      const isOne = rest === restEmpty;
      restEmpty = this.#either(greedy, this.#node(body, rest, nextEmpty), nextEmpty);
      rest = isOne ? restEmpty : this.#either(greedy, this.#node(body, rest, next), next);
    }
    for (let count = 0; count < min; count++) {
      const isOne = rest === restEmpty;
      restEmpty = this.#node(body, rest, restEmpty);
      rest = isOne ? restEmpty : this.#node(body, rest, rest);
    }
    return restEmpty;
  }

  #star(body: Node, greedy: boolean, next: number, nextEmpty: number): number {
    const again = this.#either(greedy, next, next);
    const head = this.instructions[again] as { next: number; alternative: number };
    const iteration = this.#node(body, again, next);
    if (greedy) head.next = iteration;
    else head.alternative = iteration;
    return next === nextEmpty ? again : this.#either(greedy, this.#node(body, again, nextEmpty), nextEmpty);
  }

  /** A split: greedy tries the iteration first, otherwise the end of the loop first. */
  #either(greedy: boolean, iteration: number, end: number): number {
    return this.#emit(
      greedy ? { op: "split", next: iteration, alternative: end } : { op: "split", next: end, alternative: iteration },
    );
  }

  #emit(instruction: Instruction): number {
    return this.instructions.push(instruction) - 1;
  }
}

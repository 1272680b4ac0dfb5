import { fail } from "../run/values";
import { MOST_STEPS } from "./bounds";
import type { Constraints, Matcher } from "./matcher";
import type { Program } from "./program";
import { codeAt, holds, unitsOf } from "./text";

/** Approximate number of slots that are copied in the time of a step. */
const SLOTS_OF_A_STEP = 16;

/** Maximum slots of all threads at a character: 16 MiB. */
const MOST_SLOTS = 4 * 1024 * 1024;

/**
 * Runs all threads of a program at once, character by character. Time grows with the length of the text times the
 * length of the program, for any pattern. It handles texts that need too many states for an automaton.
 */
export class PikeMatcher implements Matcher {
  readonly #program: Program;
  readonly #mostSteps: number;
  #current: Threads;
  #next: Threads;
  readonly #slots: Int32Array;
  /** Steps still to follow, and slots to restore: pairs of a step and 0, or of the slot's complement and its value. */
  readonly #stack: number[] = [];

  /** @param mostSteps maximum threads of a search, counted per character */
  constructor(program: Program, mostSteps: number = MOST_STEPS.text) {
    this.#program = program;
    this.#mostSteps = mostSteps;
    this.#current = new Threads(program);
    this.#next = new Threads(program);
    this.#slots = new Int32Array(program.slots);
  }

  find(text: string, from: number, { anchored, full, advance, work }: Constraints): Int32Array | null {
    const { instructions, start } = this.#program;
    let best: Int32Array | null = null;
    this.#current.clear();
    let steps = work?.steps ?? 0;
    const weight = 1 + Math.floor(this.#slots.length / SLOTS_OF_A_STEP);
    for (let offset = from; ;) {
      if (!best && (!anchored || offset === from)) {
        this.#slots.fill(-1);
        this.#follow(this.#current, start, text, offset);
      }
      steps += weight * this.#current.count;
      if (work) work.steps = steps;
      if (steps > this.#mostSteps) refuse(instructions.length, text.length, this.#mostSteps);
      const code = codeAt(text, offset);
      const after = code < 0 ? offset : offset + unitsOf(code);
      this.#next.clear();
      for (let index = 0; index < this.#current.count; index++) {
        const instruction = instructions[this.#current.steps[index]];
        if (instruction.op === "set") {
          if (code < 0 || !instruction.set.has(code)) continue;
          this.#slots.set(this.#current.slotsOf(index));
          this.#follow(this.#next, instruction.next, text, after);
        } else if ((!full || code < 0) && (!advance || offset !== from)) {
          best = this.#current.slotsOf(index).slice();
          // Threads after this one are those that a backtracking engine would only try if it failed.
          break;
        }
      }
      [this.#current, this.#next] = [this.#next, this.#current];
      if (code < 0 || (this.#current.count === 0 && (best || anchored))) return best;
      offset = after;
    }
  }

  /** Adds the threads that are reachable from a step without a character, in order of preference. */
  #follow(threads: Threads, first: number, text: string, offset: number): void {
    const { instructions } = this.#program;
    const stack = this.#stack;
    stack.push(first, 0);
    while (stack.length > 0) {
      const value = stack.pop() as number;
      let step = stack.pop() as number;
      if (step < 0) {
        this.#slots[~step] = value;
        continue;
      }
      while (threads.visit(step)) {
        const instruction = instructions[step];
        if (instruction.op === "split") {
          stack.push(instruction.alternative, 0);
          step = instruction.next;
        } else if (instruction.op === "save") {
          stack.push(~instruction.slot, this.#slots[instruction.slot]);
          this.#slots[instruction.slot] = offset;
          step = instruction.next;
        } else if (instruction.op === "assert") {
          if (!holds(instruction.assertion, instruction.word, text, offset)) break;
          step = instruction.next;
        } else {
          threads.add(step, this.#slots);
          break;
        }
      }
    }
  }
}

function refuse(steps: number, characters: number, most: number): never {
  fail(
    `a pattern of ${steps} steps must take ${most} at most on a text, got more on one of ${characters} characters; ` +
      "match in several steps, or only a part of the text",
  );
}

/** Threads in order of preference, each with its slots; no step occurs twice. */
class Threads {
  count = 0;
  readonly steps: Int32Array;
  readonly #slots: number;
  #saved: Int32Array;
  readonly #visited: Uint32Array;
  #visit = 0;

  constructor({ instructions, slots }: Program) {
    this.steps = new Int32Array(instructions.length);
    this.#visited = new Uint32Array(instructions.length);
    this.#slots = slots;
    this.#saved = new Int32Array(slots * 16);
  }

  clear(): void {
    this.count = 0;
    if (++this.#visit > 0xfffffffe) {
      this.#visited.fill(0);
      this.#visit = 1;
    }
  }

  /** Whether the step is visited for the first time. */
  visit(step: number): boolean {
    if (this.#visited[step] === this.#visit) return false;
    this.#visited[step] = this.#visit;
    return true;
  }

  add(step: number, slots: Int32Array): void {
    const start = this.count * this.#slots;
    if (start === this.#saved.length) {
      if (2 * start > MOST_SLOTS) {
        fail(
          `a pattern must keep ${MOST_SLOTS} ends of groups at most, got more; use (?:...) for groups without a name`,
        );
      }
      const larger = new Int32Array(2 * start);
      larger.set(this.#saved);
      this.#saved = larger;
    }
    this.#saved.set(slots, start);
    this.steps[this.count++] = step;
  }

  slotsOf(index: number): Int32Array {
    return this.#saved.subarray(index * this.#slots, (index + 1) * this.#slots);
  }
}

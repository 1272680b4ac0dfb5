import { CharSet } from "./charset";
import { fail } from "../run/values";
import type { Constraints, Matcher } from "./matcher";
import type { Program } from "./program";
import { codeAt, codeBefore, holds, unitsOf } from "./text";

/** Time limit of one match, in milliseconds. */
const TIME_LIMIT_MS = 100;

/** Steps between two checks of the clock: well below a millisecond. */
const STEPS_BETWEEN_LOOKS = 4096;

/**
 * Runs a program like Python, trying one alternative after the other. It supports look-around and group references, and
 * can take exponential time, up to the time limit.
 */
export class BacktrackingMatcher implements Matcher {
  readonly #program: Program;
  readonly #pattern: string;
  #slots: Int32Array;
  #text = "";
  #steps = 0;
  #deadline = 0;
  /** Where a match can end; only for the whole pattern, not for a look-around. */
  #mayEnd: (offset: number) => boolean = () => true;

  constructor(program: Program, pattern: string) {
    this.#program = program;
    this.#pattern = pattern;
    this.#slots = new Int32Array(program.slots);
  }

  find(text: string, from: number, { anchored, full, advance }: Constraints): Int32Array | null {
    this.#text = text;
    this.#steps = 0;
    this.#deadline = performance.now() + TIME_LIMIT_MS;
    this.#mayEnd = (offset) => (!full || offset === text.length) && (!advance || offset !== from);
    for (let offset = from; offset <= text.length; offset += unitsOf(codeAt(text, offset))) {
      this.#slots.fill(-1);
      if (this.#run(this.#program.start, offset, true) >= 0) return this.#slots.slice();
      if (anchored) return null;
    }
    return null;
  }

  /** Runs from a step on; returns the end offset of the match, or -1. */
  #run(first: number, start: number, isWhole: boolean): number {
    const { instructions } = this.#program;
    const text = this.#text;
    // Pairs: a step and the offset to try it at, or the complement of a slot and its previous value.
    const ways = [first, start];
    while (ways.length > 0) {
      let offset = ways.pop() as number;
      let step = ways.pop() as number;
      if (step < 0) {
        this.#slots[~step] = offset;
        continue;
      }
      for (let isAlive = true; isAlive;) {
        if (++this.#steps % STEPS_BETWEEN_LOOKS === 0) this.#watch();
        const instruction = instructions[step];
        switch (instruction.op) {
          case "set": {
            const code = codeAt(text, offset);
            isAlive = code >= 0 && instruction.set.has(code);
            offset += unitsOf(code);
            break;
          }
          case "split":
            ways.push(instruction.alternative, offset);
            break;
          case "save":
            this.#save(instruction.slot, offset, ways);
            break;
          case "assert":
            isAlive = holds(instruction.assertion, instruction.word, text, offset);
            break;
          case "match":
            if (!isWhole || this.#mayEnd(offset)) return offset;
            isAlive = false;
            break;
          case "look": {
            const before = stepBack(text, offset, instruction.back);
            isAlive = before >= 0 && this.#runApart(instruction.body, before, ways, instruction.negative) >= 0;
            if (instruction.negative) isAlive = !isAlive;
            break;
          }
          case "atomic": {
            const end = this.#runApart(instruction.body, offset, ways, false);
            isAlive = end >= 0;
            step = end === offset ? instruction.nextEmpty : instruction.next;
            offset = end;
            continue;
          }
          case "reference": {
            const length = this.#referenceLength(instruction.index, instruction.ignoreCase, offset);
            isAlive = length >= 0;
            step = length === 0 ? instruction.nextEmpty : instruction.next;
            offset += length;
            continue;
          }
          case "condition":
            step = this.#slots[2 * instruction.index + 1] >= 0 ? instruction.next : instruction.alternative;
            continue;
        }
        if (isAlive && "next" in instruction) step = instruction.next;
      }
    }
    return -1;
  }

  /** Runs a look-around or an atomic group: once it has matched, no alternative within it is tried. */
  #runApart(body: number, offset: number, ways: number[], isForgotten: boolean): number {
    const before = this.#slots.slice();
    const end = this.#run(body, offset, false);
    if (isForgotten || end < 0) {
      this.#slots = before;
      return end;
    }
    for (let slot = 0; slot < before.length; slot++) {
      if (this.#slots[slot] !== before[slot]) ways.push(~slot, before[slot]);
    }
    return end;
  }

  #save(slot: number, offset: number, ways: number[]): void {
    ways.push(~slot, this.#slots[slot]);
    this.#slots[slot] = offset;
  }

  /** Length of the text at an offset that equals a group's match, or -1. */
  #referenceLength(index: number, ignoreCase: boolean, offset: number): number {
    const start = this.#slots[2 * index];
    const end = this.#slots[2 * index + 1];
    if (start < 0 || end < 0) return -1;
    const wanted = this.#text.slice(start, end);
    if (!ignoreCase) return this.#text.startsWith(wanted, offset) ? wanted.length : -1;
    let length = 0;
    for (const character of wanted) {
      const code = codeAt(this.#text, offset + length);
      if (code < 0 || !CharSet.single(character.codePointAt(0) as number, "unicode").has(code)) return -1;
      length += unitsOf(code);
    }
    return length;
  }

  #watch(): void {
    if (performance.now() < this.#deadline) return;
    fail(
      `the pattern ${JSON.stringify(this.#pattern)} did not come to an end within ${TIME_LIMIT_MS} ms on a text of ` +
        `${this.#text.length} characters; write it without repetitions inside of repetitions, or without look-around ` +
        "and references to groups",
    );
  }
}

/** The offset that many characters before, or -1 if there are not enough. */
function stepBack(text: string, offset: number, characters: number): number {
  for (let count = 0; count < characters; count++) {
    const code = codeBefore(text, offset);
    if (code < 0) return -1;
    offset -= unitsOf(code);
  }
  return offset;
}

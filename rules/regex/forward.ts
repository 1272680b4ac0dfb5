import { ALL_BITS, bitsBefore, type CharacterClasses, holdsBetween } from "./classes";
import type { Instruction, Program } from "./program";
import { keyOf, StateTable } from "./state-table";
import { codeAt, codeBefore, unitsOf } from "./text";

/** There is no match. */
export const NO_MATCH = -1;

/** The text needs more states than there is room for; the Pike machine is then faster. */
export const GAVE_UP = -2;

/** An automaton gives up if it fills its memory after reading fewer characters per state than this, as in RE2. */
const CHARACTERS_A_STATE = 10;

/** The state from which nothing matches. */
const DEAD = 1;

interface State {
  /** The steps of the program to continue with, in order of preference. */
  readonly steps: Uint16Array;
  /** Properties of the preceding character for assertions. */
  readonly bits: number;
  /** Whether a match can begin here. */
  readonly searching: boolean;
}

const NOTHING: State = { steps: new Uint16Array(0), bits: 0, searching: false };

/** What an automaton looks for. */
interface Search {
  /** Whether a match must begin at the start of the search. */
  readonly anchored: boolean;
  /** Which end of a match to report: the one that Python prefers, or the last one. */
  readonly end: "preferred" | "last";
}

/**
 * Runs a program as a deterministic automaton that finds the end of a match. It reads a text once, with one lookup per
 * character, for any pattern. Assertions depend on the following character, so a match is reported when that character
 * is read.
 */
export class ForwardAutomaton {
  readonly #program: Program;
  readonly #classes: CharacterClasses;
  readonly #anchored: boolean;
  readonly #isPreferred: boolean;
  readonly #mask: number;
  /** Each entry is twice the next state, plus 1 if a match ends before the character. */
  readonly #table: StateTable<State>;
  /** Initial states of searches, by the properties of the preceding character; 0 if not created yet. */
  readonly #starts = new Int32Array(ALL_BITS + 1);
  /** Position up to which the last search has read. */
  readTo = 0;
  /** Where the memory was last full in the current search; -1 for not yet. */
  #filledAt = -1;
  readonly #visited: Uint32Array;
  #visit = 0;

  constructor(program: Program, classes: CharacterClasses, { anchored, end }: Search) {
    this.#program = program;
    this.#classes = classes;
    this.#anchored = anchored;
    this.#isPreferred = end === "preferred";
    this.#mask = classes.maskOf(bitsBefore);
    this.#table = new StateTable(classes, NOTHING, () => void this.#starts.fill(0));
    this.#visited = new Uint32Array(program.instructions.length);
  }

  /**
   * The end of the first match that begins at an offset, or after it if the search is not anchored.
   *
   * @param isAny whether the end of any match is sufficient
   */
  find(text: string, from: number, isAny = false): number {
    const { latin } = this.#classes;
    const table = this.#table;
    // The last character is handled separately if it is a newline before which `$` matches.
    const stop = this.#classes.mindsLastNewline && text.endsWith("\n") ? text.length - 1 : text.length;
    let end = NO_MATCH;
    let state = this.#start(codeBefore(text, from));
    for (let offset = from; ;) {
      const { entries, stride } = table;
      while (offset < stop) {
        const code = text.charCodeAt(offset);
        if (code > 0xff) break;
        const entry = entries[state * stride + latin[code]];
        // The entry is missing or leads nowhere, or a match ends here.
        if (entry <= 2 * DEAD || entry & 1) break;
        state = entry >> 1;
        offset++;
      }
      const code = codeAt(text, offset);
      const entry = this.#enter(state, this.#classes.at(code, offset === stop), offset);
      if (entry < 0) return GAVE_UP;
      if (entry & 1) end = offset;
      this.readTo = offset;
      if (isAny && end >= 0) return end;
      state = entry >> 1;
      if (state === DEAD || code < 0) return end;
      offset += unitsOf(code);
    }
  }

  /** Releases the memory of its states. */
  forget(): void {
    this.#table.forget();
  }

  #start(codeBefore: number): number {
    const bits = this.#classes.bits[this.#classes.at(codeBefore, false)] & this.#mask;
    this.#table.fitClasses();
    this.#filledAt = -1;
    if (this.#starts[bits] !== 0) return this.#starts[bits];
    const steps = this.#anchored ? Uint16Array.of(this.#program.start) : NOTHING.steps;
    return (this.#starts[bits] = this.#add({ steps, bits, searching: !this.#anchored }));
  }

  /** The table's entry, created if missing; negative if the automaton gives up. */
  #enter(state: number, next: number, offset: number): number {
    const table = this.#table;
    table.fitClasses();
    const known = table.entries[state * table.stride + next];
    if (known !== 0) return known;
    const current = table.states[state];
    if (table.isFull) {
      const isWorth = offset - this.#filledAt >= CHARACTERS_A_STATE * table.states.length;
      if (this.#filledAt >= 0 && !isWorth) return GAVE_UP;
      this.#filledAt = offset;
      table.forget();
      state = this.#add(current);
    }
    const { successor, isMatch } = this.#step(current, next);
    const target = successor.steps.length === 0 && !successor.searching ? DEAD : this.#add(successor);
    return (table.entries[state * table.stride + next] = 2 * target + (isMatch ? 1 : 0));
  }

  /** Consumes a character: the next steps, and whether a match ends before it. */
  #step({ steps, bits, searching }: State, next: number): { readonly successor: State; readonly isMatch: boolean } {
    const behind = this.#classes.bits[next];
    const taking: number[] = [];
    let isMatch = false;
    this.#visit++;
    for (const step of steps) {
      isMatch = this.#follow(step, bits, behind, taking) || isMatch;
      // Steps after a match are those that a backtracking engine would only try if it failed.
      if (isMatch && this.#isPreferred) break;
    }
    const isOver = (): boolean => isMatch && this.#isPreferred;
    if (searching && !isOver()) isMatch = this.#follow(this.#program.start, bits, behind, taking) || isMatch;
    const code = this.#classes.examples[next];
    const taken = code < 0 ? NOTHING.steps : this.#take(code, taking);
    return {
      successor: { steps: taken, bits: behind & this.#mask, searching: searching && !isOver() && code >= 0 },
      isMatch,
    };
  }

  /** Adds the character-consuming steps that are reachable without a character; returns whether a match is reached. */
  #follow(first: number, before: number, behind: number, taking: number[]): boolean {
    const { instructions } = this.#program;
    const stack = [first];
    let isMatch = false;
    while (stack.length > 0) {
      let step = stack.pop() as number;
      while (this.#visited[step] !== this.#visit) {
        this.#visited[step] = this.#visit;
        const instruction = instructions[step];
        if (instruction.op === "split") {
          stack.push(instruction.alternative);
          step = instruction.next;
        } else if (instruction.op === "save") {
          step = instruction.next;
        } else if (instruction.op === "assert" && holdsBetween(instruction, before, behind)) {
          step = instruction.next;
        } else if (instruction.op === "set") {
          taking.push(step);
        } else if (instruction.op === "match") {
          isMatch = true;
          if (this.#isPreferred) return true;
        }
      }
    }
    return isMatch;
  }

  /** The steps after those that consume a character. */
  #take(code: number, taking: readonly number[]): Uint16Array {
    const after: number[] = [];
    this.#visit++;
    for (const step of taking) {
      const { set, next } = this.#program.instructions[step] as Extract<Instruction, { op: "set" }>;
      if (this.#visited[next] === this.#visit || !set.has(code)) continue;
      this.#visited[next] = this.#visit;
      after.push(next);
    }
    const steps = Uint16Array.from(after);
    return this.#isPreferred ? steps : steps.sort();
  }

  #add(state: State): number {
    return this.#table.add(keyOf(2 * state.bits + (state.searching ? 1 : 0), state.steps), () => state);
  }
}

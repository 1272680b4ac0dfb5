import { ALL_BITS, bitsBehind, type CharacterClasses, holdsBetween } from "./classes";
import { GAVE_UP, NO_MATCH } from "./forward";
import type { Program } from "./program";
import { keyOf, StateTable } from "./state-table";
import { codeAt, codeBefore, unitsOf } from "./text";

/** Maximum length of a match whose groups it finds, in UTF-16 units: it stores 4 bytes for each. */
const LONGEST_TRAIL = 1024 * 1024;

interface State {
  /** The steps from which a match can continue from here to its end, given the following character. */
  readonly steps: Uint16Array;
  /** Properties of the following character for assertions. */
  readonly bits: number;
}

/** The state from which nothing matches. */
const DEAD = 1;

const NOTHING: State = { steps: new Uint16Array(0), bits: 0 };

/** Approximate size of a passage in addition to its bits. */
const NUMBERS_A_PASSAGE = 16;

/** What is known about an offset. */
interface Passage {
  /** The steps from which the end of the match is reachable, as bits. */
  readonly live: Uint32Array;
  /** Whether a match can begin here. */
  readonly isStart: boolean;
  /** The next state. */
  readonly target: number;
  /** The path from the step that was last requested to the next character: it is mostly requested again. */
  way: Way;
}

/** A path through the program from a step to the next character. */
interface Way {
  readonly from: number;
  /** The step after the character; -1 if the match ends. */
  readonly next: number;
  /** The slots that are set on the path. */
  readonly slots: readonly number[];
}

const NO_WAY: Way = { from: -1, next: -1, slots: [] };

/**
 * The passages for the offsets of the current search, from its first one on. It is shared, because searches do not
 * overlap.
 */
let trail = new Int32Array(1024);

const NO_PASSAGE: Passage = { live: new Uint32Array(0), isStart: false, target: DEAD, way: NO_WAY };

/**
 * Runs a program as a deterministic automaton that reads a text backward from the end of a match. It finds where the
 * match begins and, for each offset, which steps lead to the end, so that groups are found without backtracking.
 */
export class BackwardAutomaton {
  readonly #program: Program;
  readonly #classes: CharacterClasses;
  readonly #mask: number;
  /** Each entry is the number of a passage. */
  readonly #table: StateTable<State>;
  #passages = [NO_PASSAGE];
  /** Initial states of searches, by the properties of the following character; 0 if not created yet. */
  readonly #starts = new Int32Array(ALL_BITS + 1);
  readonly #visited: Uint32Array;
  #visit = 0;
  /** The steps that end a match. */
  readonly #ends: Uint16Array;
  /** For each step: the steps that lead to it without a character, and those that consume one. */
  readonly #before: readonly (readonly number[])[];
  readonly #takingBefore: readonly (readonly number[])[];

  constructor(program: Program, classes: CharacterClasses) {
    this.#program = program;
    this.#classes = classes;
    this.#mask = classes.maskOf(bitsBehind);
    this.#table = new StateTable(classes, NOTHING, () => {
      this.#starts.fill(0);
      this.#passages = [NO_PASSAGE];
    });
    this.#visited = new Uint32Array(program.instructions.length);
    const before: number[][] = program.instructions.map(() => []);
    const takingBefore: number[][] = program.instructions.map(() => []);
    program.instructions.forEach((instruction, step) => {
      if (instruction.op === "match") return;
      (instruction.op === "set" ? takingBefore : before)[instruction.next].push(step);
      if (instruction.op === "split") before[instruction.alternative].push(step);
    });
    this.#ends = Uint16Array.from(program.instructions.flatMap(({ op }, step) => (op === "match" ? [step] : [])));
    this.#before = before;
    this.#takingBefore = takingBefore;
  }

  /** The first offset, from `first` on, at which a match that ends at `end` begins. */
  findStart(text: string, first: number, end: number): number {
    if (end - first > LONGEST_TRAIL) return GAVE_UP;
    if (trail.length <= end - first) trail = new Int32Array(Math.min(2 * (end - first), LONGEST_TRAIL) + 1);
    const { latin } = this.#classes;
    const table = this.#table;
    const last = text.length - 1;
    let start = NO_MATCH;
    let state = this.#start(this.#classes.at(codeAt(text, end), end === last));
    for (let offset = end; ;) {
      const { entries, stride } = table;
      while (offset > first && offset <= last) {
        const code = text.charCodeAt(offset - 1);
        if (code > 0xff) break;
        const number = entries[state * stride + latin[code]];
        if (number === 0) break;
        trail[offset - first] = number;
        const { isStart, target } = this.#passages[number];
        if (isStart) start = offset;
        if (target === DEAD) return start;
        state = target;
        offset--;
      }
      const code = codeBefore(text, offset);
      const number = this.#enter(state, this.#classes.at(code, offset > last));
      if (number === GAVE_UP) return GAVE_UP;
      trail[offset - first] = number;
      const { isStart, target } = this.#passages[number];
      if (isStart) start = offset;
      state = target;
      if (state === DEAD || code < 0 || offset <= first) return start;
      offset -= unitsOf(code);
    }
  }

  /**
   * The group positions of the match that {@link findStart} found, on the path that Python prefers.
   *
   * @param start result of findStart
   */
  groups(text: string, first: number, start: number): Int32Array {
    const slots = new Int32Array(this.#program.slots).fill(-1);
    let step = this.#program.start;
    for (let offset = start; ;) {
      const passage = this.#passages[trail[offset - first]];
      if (passage.way.from !== step) passage.way = this.#wayFrom(step, passage.live);
      const { slots: set, next } = passage.way;
      for (let at = 0; at < set.length; at++) slots[set[at]] = offset;
      if (next < 0) return slots;
      offset += unitsOf(codeAt(text, offset));
      step = next;
    }
  }

  /** The path that Python prefers among those that lead to the end. */
  #wayFrom(from: number, live: Uint32Array): Way {
    const slots: number[] = [];
    for (let step = from; ;) {
      const instruction = this.#program.instructions[step];
      if (instruction.op === "set") return { from, next: instruction.next, slots };
      if (instruction.op === "match") return { from, next: -1, slots };
      if (instruction.op === "save") slots.push(instruction.slot);
      step = instruction.next;
      if (instruction.op === "split" && !(live[step >> 5] & (1 << (step & 31)))) step = instruction.alternative;
    }
  }

  /** Releases the memory of its states. */
  forget(): void {
    this.#table.forget();
  }

  #start(next: number): number {
    if (this.#table.isFull) this.#table.forget();
    this.#table.fitClasses();
    const bits = this.#classes.bits[next] & this.#mask;
    return (this.#starts[bits] ||= this.#add({ steps: this.#ends, bits }));
  }

  /** The table's entry, created if missing; negative if the automaton gives up. */
  #enter(state: number, next: number): number {
    const table = this.#table;
    table.fitClasses();
    const known = table.entries[state * table.stride + next];
    if (known !== 0) return known;
    // Later offsets refer to what would be removed.
    if (table.isFull) return GAVE_UP;
    const { steps, bits } = table.states[state];
    const before = this.#classes.bits[next];
    const alive = this.#follow(steps, before, bits);
    const live = new Uint32Array((this.#program.instructions.length + 31) >> 5);
    for (const step of alive) live[step >> 5] |= 1 << (step & 31);
    const isStart = this.#visited[this.#program.start] === this.#visit;
    const taken = this.#take(this.#classes.examples[next], alive);
    const target = taken.length === 0 ? DEAD : this.#add({ steps: taken, bits: before & this.#mask });
    const number = this.#passages.push({ live, isStart, target, way: NO_WAY }) - 1;
    table.take(live.length + NUMBERS_A_PASSAGE);
    return (table.entries[state * table.stride + next] = number);
  }

  /** The steps that lead to some steps without a character, including these. */
  #follow(steps: Uint16Array, before: number, behind: number): number[] {
    const { instructions } = this.#program;
    const alive: number[] = [];
    this.#visit++;
    const add = (step: number): void => {
      if (this.#visited[step] === this.#visit) return;
      this.#visited[step] = this.#visit;
      alive.push(step);
    };
    steps.forEach(add);
    for (let at = 0; at < alive.length; at++) {
      for (const step of this.#before[alive[at]]) {
        const instruction = instructions[step];
        if (instruction.op !== "assert" || holdsBetween(instruction, before, behind)) add(step);
      }
    }
    return alive;
  }

  /** The steps that consume a character and lead to one of some steps. */
  #take(code: number, alive: readonly number[]): Uint16Array {
    if (code < 0) return NOTHING.steps;
    const { instructions } = this.#program;
    const taken: number[] = [];
    for (const step of alive) {
      for (const taking of this.#takingBefore[step]) {
        const instruction = instructions[taking];
        if (instruction.op === "set" && instruction.set.has(code)) taken.push(taking);
      }
    }
    return Uint16Array.from(taken).sort();
  }

  #add(state: State): number {
    return this.#table.add(keyOf(state.bits, state.steps), () => state);
  }
}

import { ALL_BITS, bitsBehind, type CharacterClasses, holdsBetween } from "./classes";
import { GAVE_UP, NO_MATCH } from "./forward";
import type { Program } from "./program";
import { keyOf, StateTable } from "./state-table";
import { codeAt, codeBefore, unitsOf } from "./text";

/** Longest match whose groups it finds, in UTF-16 units: it notes 4 bytes for each. */
const LONGEST_TRAIL = 1024 * 1024;

interface State {
  /** The steps at which a match can go on from here to its end, by the character behind. */
  readonly steps: Uint16Array;
  /** What assertions ask of the character behind. */
  readonly bits: number;
}

/** The state from which nothing matches any more. */
const DEAD = 1;

const NOTHING: State = { steps: new Uint16Array(0), bits: 0 };

/** What a passage takes beside its bits, roughly. */
const NUMBERS_A_PASSAGE = 16;

/** What is known of an offset. */
interface Passage {
  /** The steps from which the end of the match can be reached, as bits. */
  readonly live: Uint32Array;
  /** Whether a match can begin here. */
  readonly isStart: boolean;
  /** The next state. */
  readonly target: number;
  /** The way from the step that was asked for last to the next character: mostly the one that is asked for again. */
  way: Way;
}

/** A way through the program from a step to the next character. */
interface Way {
  readonly from: number;
  /** The step behind the character, -1 where the match is at its end. */
  readonly next: number;
  /** The slots that are set on it. */
  readonly slots: readonly number[];
}

const NO_WAY: Way = { from: -1, next: -1, slots: [] };

/** The passages of the offsets of the search under way, from its first one on; one for all, since no two are at a time. */
let trail = new Int32Array(1024);

const NO_PASSAGE: Passage = { live: new Uint32Array(0), isStart: false, target: DEAD, way: NO_WAY };

/**
 * A program as a deterministic automaton that reads a text backward from the end of a match: it finds where the match
 * begins, and at each offset which steps lead to the end, so that the groups are found without trying a way in vain.
 */
export class BackwardAutomaton {
  readonly #program: Program;
  readonly #classes: CharacterClasses;
  readonly #mask: number;
  /** An entry is the number of a passage. */
  readonly #table: StateTable<State>;
  #passages = [NO_PASSAGE];
  /** The states that searches begin in, by what assertions ask of the character behind; 0 where it is not made. */
  readonly #starts = new Int32Array(ALL_BITS + 1);
  readonly #visited: Uint32Array;
  #visit = 0;
  /** The steps that end a match. */
  readonly #ends: Uint16Array;
  /** By step: those that lead to it without a character, and those that take one. */
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

  /** The first offset, not before another one, at which a match begins that ends at an offset. */
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
   * The ends of the groups of the match that {@link findStart} found: the way through the program that Python prefers.
   *
   * @param start what it gave
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

  /** The way that Python prefers among those that lead to the end. */
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

  /** Gives back the room that its states have taken. */
  forget(): void {
    this.#table.forget();
  }

  #start(next: number): number {
    if (this.#table.isFull) this.#table.forget();
    this.#table.fitClasses();
    const bits = this.#classes.bits[next] & this.#mask;
    return (this.#starts[bits] ||= this.#add({ steps: this.#ends, bits }));
  }

  /** The table's entry, made where it is missing; negative where the automaton gives up. */
  #enter(state: number, next: number): number {
    const table = this.#table;
    table.fitClasses();
    const known = table.entries[state * table.stride + next];
    if (known !== 0) return known;
    // Offsets behind this one are noted with what would be forgotten.
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

  /** The steps that lead to some steps without a character, and these. */
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

  /** The steps that take a character and lead to one of some steps. */
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

import type { CharacterClasses } from "./classes";

/** Room of an automaton, in numbers of 4 bytes: half a megabyte. */
const MOST_NUMBERS = 128 * 1024;

const FIRST_STRIDE = 8;

/** What a state takes beside its key and its row, roughly. */
const NUMBERS_A_STATE = 32;

/** The states of an automaton that is made as texts bring them, and what each does with each class of characters. */
export class StateTable<State> {
  /** By state times stride plus class; 0 where it is not made. */
  entries = new Int32Array(0);
  stride = FIRST_STRIDE;
  states: State[] = [];
  readonly #classes: CharacterClasses;
  #numberOf = new Map<string, number>();
  #numbers = 0;

  /** @param first states that are there always, without keys */
  constructor(
    classes: CharacterClasses,
    private readonly first: readonly State[],
  ) {
    this.#classes = classes;
    this.clear();
  }

  get isFull(): boolean {
    return this.#numbers + this.states.length * this.stride >= MOST_NUMBERS;
  }

  /** Forgets all states but the first ones. */
  clear(): void {
    this.states = [...this.first];
    this.#numberOf = new Map();
    this.#numbers = 0;
    this.entries = new Int32Array(8 * this.stride);
  }

  /** Counts what is kept for the states elsewhere. */
  take(numbers: number): void {
    this.#numbers += numbers;
  }

  /** The number of the state with a key, which is made where it is new. */
  add(key: string, make: () => State): number {
    const known = this.#numberOf.get(key);
    if (known !== undefined) return known;
    const number = this.states.push(make()) - 1;
    this.#numberOf.set(key, number);
    this.#numbers += 2 * key.length + NUMBERS_A_STATE;
    if (this.states.length * this.stride > this.entries.length) {
      const larger = new Int32Array(2 * this.entries.length);
      larger.set(this.entries);
      this.entries = larger;
    }
    return number;
  }

  /** Makes the rows longer where texts have brought more classes of characters. */
  fitClasses(): void {
    if (this.#classes.count <= this.stride) return;
    const { entries, stride } = this;
    while (this.stride < this.#classes.count) this.stride *= 2;
    this.entries = new Int32Array((entries.length / stride) * this.stride);
    for (let state = 0; state < this.states.length; state++) {
      this.entries.set(entries.subarray(state * stride, (state + 1) * stride), state * this.stride);
    }
  }
}

/** Steps, and bits beside them, as a key. */
export function keyOf(bits: number, steps: Uint16Array): string {
  let key = String.fromCharCode(bits);
  for (let at = 0; at < steps.length; at += 4096) key += String.fromCharCode(...steps.subarray(at, at + 4096));
  return key;
}

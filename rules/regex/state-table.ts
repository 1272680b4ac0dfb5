import type { CharacterClasses } from "./classes";
import { giveBack, take, type Tenant } from "./room";

/** Maximum 4-byte numbers of one automaton: half a megabyte. */
const MOST_NUMBERS = 128 * 1024;

const FIRST_STRIDE = 8;

/** Approximate size of a state in addition to its key and its row. */
const NUMBERS_A_STATE = 32;

/** The states of an automaton, created as texts need them, with their transitions for each class of characters. */
export class StateTable<State> implements Tenant {
  /** By state times stride plus class; 0 if not created yet. */
  entries = new Int32Array(0);
  stride = FIRST_STRIDE;
  states: State[] = [];
  taken = 0;
  readonly #classes: CharacterClasses;
  readonly #nothing: State;
  readonly #onForget: () => void;
  #numberOf = new Map<string, number>();

  /**
   * @param nothing the states 0 and 1, which have no key
   * @param onForget called when all other states are removed
   */
  constructor(classes: CharacterClasses, nothing: State, onForget: () => void = () => undefined) {
    this.#classes = classes;
    this.#nothing = nothing;
    this.#onForget = onForget;
    this.forget();
  }

  get isFull(): boolean {
    return this.taken >= MOST_NUMBERS;
  }

  forget(): void {
    this.states = [this.#nothing, this.#nothing];
    this.#numberOf = new Map();
    this.entries = new Int32Array(4 * this.stride);
    giveBack(this);
    this.#onForget();
  }

  /** Counts numbers that are stored for the states elsewhere. */
  take(numbers: number): void {
    take(this, numbers);
  }

  /** The number of the state with a key; created if it is new. */
  add(key: string, make: () => State): number {
    const known = this.#numberOf.get(key);
    if (known !== undefined) return known;
    const number = this.states.push(make()) - 1;
    this.#numberOf.set(key, number);
    take(this, 2 * key.length + this.stride + NUMBERS_A_STATE);
    if (this.states.length * this.stride > this.entries.length) {
      const larger = new Int32Array(2 * this.entries.length);
      larger.set(this.entries);
      this.entries = larger;
    }
    return number;
  }

  /** Extends the rows if texts contained new classes of characters. */
  fitClasses(): void {
    if (this.#classes.count <= this.stride) return;
    const { entries, stride } = this;
    while (this.stride < this.#classes.count) this.stride *= 2;
    const rows = entries.length / stride;
    this.entries = new Int32Array(rows * this.stride);
    for (let state = 0; state < this.states.length; state++) {
      this.entries.set(entries.subarray(state * stride, (state + 1) * stride), state * this.stride);
    }
    take(this, this.states.length * (this.stride - stride));
  }
}

/** Steps and additional bits, as a key. */
export function keyOf(bits: number, steps: Uint16Array): string {
  let key = String.fromCharCode(bits);
  for (let at = 0; at < steps.length; at += 4096) key += String.fromCharCode(...steps.subarray(at, at + 4096));
  return key;
}

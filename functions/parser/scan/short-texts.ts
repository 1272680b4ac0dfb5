/** How many are kept; a power of two. */
const TEXTS = 1024;
const SHIFT = 22;

/** Longest text that the tape tells by its bytes. */
export const SHORT_LENGTH = 8;

/**
 * The short texts that values hold again and again, such as a level, a status or a method: each is made once, and its hash, by
 * which whoever counts looks it up, is computed once. A text is told by its bytes, as the tape has them in two words.
 */
export class ShortTexts {
  readonly #low = new Int32Array(TEXTS);
  readonly #high = new Int32Array(TEXTS);
  readonly #texts = new Array<string | undefined>(TEXTS).fill(undefined);

  /** The text of these bytes; undefined where it is not known, or was not met before. */
  find(low: number, high: number): string | undefined {
    const slot = slotOf(low, high);
    return this.#low[slot] === low && this.#high[slot] === high ? this.#texts[slot] : undefined;
  }

  /** Takes a text that was not found; one that is met for the first time in a while is not kept. */
  add(low: number, high: number, text: string): string {
    const slot = slotOf(low, high);
    if (this.#low[slot] === low && this.#high[slot] === high) return (this.#texts[slot] = shared(text));
    this.#low[slot] = low;
    this.#high[slot] = high;
    this.#texts[slot] = undefined;
    return text;
  }
}

function slotOf(low: number, high: number): number {
  return (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77)) >>> SHIFT;
}

/** V8 keeps one string of each name of a property, and compares such by identity. */
function shared(text: string): string {
  return Object.keys({ [text]: 0 })[0];
}

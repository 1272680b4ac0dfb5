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

  /** How often each was met again while it was not kept. */
  readonly #again = new Uint8Array(TEXTS);

  /** The text of so many of these bytes, which are ASCII. One that is met for the first or second time in a while is not kept. */
  text(low: number, high: number, length: number): string {
    // The tape has no bytes of it.
    if (length === 0) return "";
    const slot = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77)) >>> SHIFT;
    const isMetAgain = this.#low[slot] === low && this.#high[slot] === high;
    if (isMetAgain) {
      const known = this.#texts[slot];
      if (known !== undefined) return known;
      // To make one that is shared takes as long as to make many others: numbers are met again by chance.
      if (this.#again[slot]++ > 0) return (this.#texts[slot] = shared(textOf(low, high, length)));
    } else {
      this.#low[slot] = low;
      this.#high[slot] = high;
      this.#texts[slot] = undefined;
      this.#again[slot] = 0;
    }
    return textOf(low, high, length);
  }
}

/** As fast as a piece of a longer text, which would have to be made of all that was scanned. */
function textOf(low: number, high: number, length: number): string {
  const [a, b, c, d] = [low & 0xff, (low >> 8) & 0xff, (low >> 16) & 0xff, low >> 24];
  const [e, f, g, h] = [high & 0xff, (high >> 8) & 0xff, (high >> 16) & 0xff, high >> 24];
  switch (length) {
    case 1:
      return String.fromCharCode(a);
    case 2:
      return String.fromCharCode(a, b);
    case 3:
      return String.fromCharCode(a, b, c);
    case 4:
      return String.fromCharCode(a, b, c, d);
    case 5:
      return String.fromCharCode(a, b, c, d, e);
    case 6:
      return String.fromCharCode(a, b, c, d, e, f);
    case 7:
      return String.fromCharCode(a, b, c, d, e, f, g);
    default:
      return String.fromCharCode(a, b, c, d, e, f, g, h);
  }
}

/** V8 keeps one string of each name of a property, and compares such by identity. */
function shared(text: string): string {
  return Object.keys({ [text]: 0 })[0];
}

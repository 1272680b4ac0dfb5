/** Number of cached strings; a power of two. */
const TEXTS = 1024;
const SHIFT = 22;

/** Maximum length of a string whose bytes are on the tape. */
export const SHORT_LENGTH = 8;

/**
 * Cache of short strings that occur again and again, such as levels, statuses or methods. Each is created once, and its
 * hash, which counting code needs, is computed once. A string is identified by its bytes, which the tape contains in
 * two words.
 */
export class ShortTexts {
  readonly #low = new Int32Array(TEXTS);
  readonly #high = new Int32Array(TEXTS);
  readonly #texts = new Array<string | undefined>(TEXTS).fill(undefined);

  /** How often each string occurred again while it was not cached. */
  readonly #again = new Uint8Array(TEXTS);

  /** The string of these bytes, which are ASCII. It is cached only after it has occurred a few times. */
  text(low: number, high: number, length: number): string {
    // The tape contains no bytes of it.
    if (length === 0) return "";
    const slot = (Math.imul(low, 0x9e3779b1) ^ Math.imul(high, 0x85ebca77)) >>> SHIFT;
    const isMetAgain = this.#low[slot] === low && this.#high[slot] === high;
    if (isMetAgain) {
      const known = this.#texts[slot];
      if (known !== undefined) return known;
      // Creating a shared string takes as long as creating many others, and numbers repeat by chance.
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

/** As fast as a substring of a longer string, which would have to be created from all scanned text. */
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

/** V8 stores one string per property name, and compares these by identity. */
function shared(text: string): string {
  return Object.keys({ [text]: 0 })[0];
}

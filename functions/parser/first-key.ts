const [QUOTE, COMMA, OPEN, CLOSE] = [0x22, 0x2c, 0x7b, 0x7d];

/** Maximum length of a first key that is used to find the next object. */
const KEY_BYTES = 256;

/**
 * The first key of the objects of a list, which is used to find the next object after a broken one. A nested list in
 * the broken object whose objects begin with the same key cannot be told apart.
 */
export class FirstKey {
  /**
   * The first key of the last complete object (or of a broken one if there was none), and that of the current object,
   * with quotes.
   */
  #good: number[] = [];
  #key: number[] = [];
  #isOpen = false;
  #isWhole = false;
  /** How much of the next object was found: its comma, its brace, and the number of matching bytes of the key. */
  #found = 0;
  #foundByte = 0;
  #foundKey = 0;

  /** Another object begins. */
  clear(): void {
    [this.#key, this.#isOpen, this.#isWhole] = [[], false, false];
  }

  /** A string begins: the first one is the key. */
  open(): void {
    if (this.#isOpen || this.#isWhole) return;
    [this.#key, this.#isOpen] = [[QUOTE], true];
  }

  /** Adds bytes of the current string. @param isEnd whether it ends there */
  keep(chunk: Buffer, start: number, end: number, isEnd: boolean): void {
    if (!this.#isOpen) return;
    const last = Math.min(end, start + KEY_BYTES - this.#key.length);
    for (let at = start; at < last; at++) this.#key.push(chunk[at]);
    if (isEnd) [this.#isOpen, this.#isWhole] = [false, true];
  }

  /** The current object is complete, so its first key is a valid example. */
  good(): void {
    if (this.#isWhole) this.#good = this.#key;
  }

  /** Starts the search for the next object. */
  lookFor(): void {
    if (this.#good.length === 0) this.good();
    this.#found = 0;
  }

  /** Whether the current position can be inside a key, where spaces count. */
  get isInKey(): boolean {
    return this.#found === 3 && this.#foundKey > 0;
  }

  /** Examines the next byte. Returns where the next object begins once its brace and its key were read. */
  find(byte: number, place: number): number | undefined {
    const key = this.#good;
    if (key.length === 0) return undefined;
    if (byte === CLOSE) this.#found = 1;
    else if (this.#found === 1 && byte === COMMA) this.#found = 2;
    else if (this.#found === 2 && byte === OPEN) [this.#found, this.#foundByte, this.#foundKey] = [3, place, 0];
    else if (this.#found !== 3 || byte !== key[this.#foundKey]) this.#found = 0;
    else if (++this.#foundKey === key.length) return this.#foundByte;
    return undefined;
  }

  /** The start of the object that was found: its brace and its key, which is now the key of the current object. */
  begin(): Buffer {
    [this.#key, this.#isWhole] = [this.#good, true];
    return Buffer.from([OPEN, ...this.#good]);
  }
}

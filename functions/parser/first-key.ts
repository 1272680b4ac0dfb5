const [QUOTE, COMMA, OPEN, CLOSE] = [0x22, 0x2c, 0x7b, 0x7d];

/** Longest first key by which the next object is found. */
const KEY_BYTES = 256;

/**
 * The first key of the objects of a list, by which the next one is found behind a broken one. A list in the broken one whose
 * objects begin with the same key cannot be told from it.
 */
export class FirstKey {
  /** Of the last object that was whole, or of one that was not where none was, and of the one at hand, with their quotes. */
  #good: number[] = [];
  #key: number[] = [];
  #isOpen = false;
  #isWhole = false;
  /** What was found of the next object: its comma, its brace, so many bytes of the key. */
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

  /** Keeps what a string goes on with. @param isEnd whether it ends there */
  keep(chunk: Buffer, start: number, end: number, isEnd: boolean): void {
    if (!this.#isOpen) return;
    const last = Math.min(end, start + KEY_BYTES - this.#key.length);
    for (let at = start; at < last; at++) this.#key.push(chunk[at]);
    if (isEnd) [this.#isOpen, this.#isWhole] = [false, true];
  }

  /** The object at hand begins as others do. */
  good(): void {
    if (this.#isWhole) this.#good = this.#key;
  }

  /** From here on the next object is looked for. */
  lookFor(): void {
    if (this.#good.length === 0) this.good();
    this.#found = 0;
  }

  /** Whether the bytes looked at may end within a key, where spaces count. */
  get isInKey(): boolean {
    return this.#found === 3 && this.#foundKey > 0;
  }

  /** Looks at the next byte; returns where the next object begins once its brace and its key were read. */
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

  /** The start of the object that was found: its brace and its key, which is that of the object at hand now. */
  begin(): Buffer {
    [this.#key, this.#isWhole] = [this.#good, true];
    return Buffer.from([OPEN, ...this.#good]);
  }
}

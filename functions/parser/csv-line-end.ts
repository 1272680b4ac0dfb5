import type { CsvFormat } from "./csv";

export const LINE_FEED = 0x0a;
export const CARRIAGE_RETURN = 0x0d;

/** Number of bytes that are examined if the first line seems to end with only a carriage return. */
const LOOKED_AT = 64 * 1024;

/**
 * Detects from the start of CSV whether lines end with a line feed, as usual, or with only a carriage return. The first
 * line end outside quotes decides. If it is a lone carriage return, it could also be part of a value, so the more
 * frequent of the two outside quotes decides.
 */
export class CsvLineEnd {
  /** The byte that ends lines, once it is known. */
  found: typeof LINE_FEED | typeof CARRIAGE_RETURN | undefined;
  readonly #delimiter: number;
  readonly #quote: number;
  readonly #escape: number;
  readonly #comment: number;
  #looked = 0;
  #returns = 0;
  #feeds = 0;
  /** Number of carriage returns directly before the current byte. */
  #pending = 0;
  #isQuoted = false;
  #isEscaped = false;
  #isComment = false;
  #beginsLine = true;
  #beginsValue = true;

  constructor({ delimiter, quote, escape = quote, comment = "" }: CsvFormat) {
    [this.#delimiter, this.#quote, this.#escape, this.#comment] = [delimiter, quote, escape, comment].map((mark) =>
      mark === "" ? -1 : mark.charCodeAt(0),
    );
  }

  /** Examines the next bytes. @returns whether the line end is now known */
  look(bytes: Uint8Array): boolean {
    for (let at = 0; at < bytes.length && this.found === undefined; at++) {
      this.#lookAt(bytes[at]);
      if (this.#returns === 0 && this.#feeds > 0) this.found = LINE_FEED;
      else if (++this.#looked === LOOKED_AT) this.end();
    }
    return this.found !== undefined;
  }

  /** Called at the end of the input. */
  end(): void {
    this.#countPending();
    this.found ??= this.#returns > this.#feeds ? CARRIAGE_RETURN : LINE_FEED;
  }

  #lookAt(byte: number): void {
    if (this.#isEscaped) {
      this.#isEscaped = false;
    } else if (this.#isQuoted) {
      // A doubled quote ends the value and begins another one, which is equivalent here.
      if (byte === this.#escape && this.#escape !== this.#quote) this.#isEscaped = true;
      else if (byte === this.#quote) [this.#isQuoted, this.#beginsValue] = [false, this.#escape === this.#quote];
    } else if (byte === CARRIAGE_RETURN) {
      this.#pending++;
      this.#beginLine();
    } else if (byte === LINE_FEED) {
      this.#pending = 0;
      this.#feeds++;
      this.#beginLine();
    } else {
      this.#countPending();
      this.#lookInside(byte);
    }
  }

  #lookInside(byte: number): void {
    if (this.#isComment) return;
    if (this.#beginsLine && byte === this.#comment) this.#isComment = true;
    else if (this.#beginsValue && byte === this.#quote) this.#isQuoted = true;
    this.#beginsLine = false;
    this.#beginsValue = byte === this.#delimiter;
  }

  #beginLine(): void {
    this.#isComment = false;
    this.#beginsLine = this.#beginsValue = true;
  }

  /** Some tools write several carriage returns before a line feed. They end lines only if no line feed follows. */
  #countPending(): void {
    this.#returns += this.#pending;
    this.#pending = 0;
  }
}

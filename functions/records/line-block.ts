/** Above this number of bytes, a native copy is faster than a loop. */
const MANY_BYTES = 512;

/**
 * Bytes that are copied at a time, as a double. Reading and writing a double keeps its bits, even if they are not a
 * number.
 */
const WORD_BYTES = 8;

/**
 * Memory into which lines are written, one after the other. The caller makes sure that there is room. Most pieces of
 * lines are so short that a native call for each would take longer than copying its bytes in JavaScript.
 */
export class LineBlock {
  readonly bytes: Buffer;
  /** Number of bytes written. */
  used = 0;
  readonly #view: DataView;
  /** The last source of a copy, and a view of it. */
  #source: Uint8Array;
  #sourceView: DataView;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#source = bytes;
    this.#view = this.#sourceView = viewOf(bytes);
  }

  get room(): number {
    return this.bytes.length - this.used;
  }

  byte(value: number): void {
    this.bytes[this.used++] = value;
  }

  /** @throws RangeError if the bytes do not exist, for example because user code transferred them to another thread */
  copy(from: Uint8Array, start: number, end: number): void {
    if (end > from.length) throw new RangeError(`bytes to copy must end at ${from.length} at the latest, got ${end}`);
    if (end - start > MANY_BYTES) this.bytes.set(from.subarray(start, end), this.used);
    else this.#copyWords(from, start, end);
    this.used += end - start;
  }

  #copyWords(from: Uint8Array, start: number, end: number): void {
    if (from !== this.#source) {
      this.#source = from;
      this.#sourceView = viewOf(from);
    }
    const [source, view] = [this.#sourceView, this.#view];
    let [at, to] = [start, this.used];
    for (const last = end - WORD_BYTES; at <= last; at += WORD_BYTES, to += WORD_BYTES)
      view.setFloat64(to, source.getFloat64(at, true), true);
    for (; at < end; at++, to++) view.setUint8(to, source.getUint8(at));
  }

  /** Writes a text in which each character is one byte. */
  latin1(text: string): void {
    const { bytes, used } = this;
    for (let at = 0; at < text.length; at++) bytes[used + at] = text.charCodeAt(at);
    this.used = used + text.length;
  }

  /** Writes the JSON of a text. */
  jsonText(text: string): void {
    const { bytes } = this;
    let to = this.used;
    bytes[to++] = QUOTE;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      if (unit < 0x20 || unit > 0x7e || unit === QUOTE || unit === BACKSLASH) return this.json(text);
      bytes[to++] = unit;
    }
    bytes[to++] = QUOTE;
    this.used = to;
  }

  /** Writes the JSON of any value. */
  json(value: unknown): void {
    this.used += this.bytes.write(JSON.stringify(value), this.used);
  }
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

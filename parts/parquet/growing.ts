/** Above this size a native call copies faster than a loop. */
const MANY_BYTES = 256;

/** Loops copy eight bytes at a time, and so up to seven too many, which later writes overwrite. */
const SLACK = 8;

/** Caches views of the last bytes that were read: those of a line, and those of a number. */
class Viewed {
  #bytes: Uint8Array = Buffer.alloc(0);
  #view = viewOf(this.#bytes);
  #others = this.#bytes;
  #otherView = this.#view;

  of(bytes: Uint8Array): DataView {
    return bytes === this.#bytes ? this.#view : this.#turn(bytes);
  }

  #turn(bytes: Uint8Array): DataView {
    const view = bytes === this.#others ? this.#otherView : viewOf(bytes);
    this.#others = this.#bytes;
    this.#otherView = this.#view;
    this.#bytes = bytes;
    return (this.#view = view);
  }
}

export const viewed = new Viewed();

/** An append-only list of bytes in growing memory. */
export class GrowingBytes {
  buffer: Buffer;
  view: DataView;
  /** Number of bytes for which there is room without growing. */
  capacity: number;
  length = 0;

  constructor(capacity = 64) {
    this.capacity = capacity;
    this.buffer = Buffer.allocUnsafeSlow(capacity + SLACK);
    this.view = viewOf(this.buffer);
  }

  /** Makes room; returns where it begins. */
  reserve(bytes: number): number {
    const start = this.length;
    const end = start + bytes;
    if (end > this.capacity) this.#grow(end);
    this.length = end;
    return start;
  }

  #grow(end: number): void {
    this.capacity = Math.max(2 * this.capacity, end);
    const larger = Buffer.allocUnsafeSlow(this.capacity + SLACK);
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
    this.view = viewOf(larger);
  }

  add(bytes: Uint8Array, start: number, end: number): void {
    let to = this.reserve(end - start);
    if (end - start > MANY_BYTES || end + SLACK > bytes.length) {
      this.buffer.set(bytes.subarray(start, end), to);
      return;
    }
    const source = viewed.of(bytes);
    const { view } = this;
    for (let at = start; at < end; at += 8, to += 8) {
      view.setInt32(to, source.getInt32(at, true), true);
      view.setInt32(to + 4, source.getInt32(at + 4, true), true);
    }
  }

  addText(text: string): void {
    const start = this.reserve(Buffer.byteLength(text));
    this.buffer.write(text, start);
  }

  addUint32(value: number): void {
    const start = this.reserve(4);
    this.view.setUint32(start, value, true);
  }

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }
}

function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** An append-only list of numbers in growing memory. */
export class GrowingNumbers {
  numbers = new Int32Array(16);
  length = 0;

  add(number: number): void {
    if (this.length === this.numbers.length) {
      const larger = new Int32Array(2 * this.length);
      larger.set(this.numbers);
      this.numbers = larger;
    }
    this.numbers[this.length++] = number;
  }
}

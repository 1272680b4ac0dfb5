const FEW_BYTES = 160;

/** Bytes that are added at the end, in memory that grows. */
export class GrowingBytes {
  buffer: Buffer;
  length = 0;

  constructor(capacity = 64) {
    this.buffer = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room; returns where it begins. */
  reserve(bytes: number): number {
    const start = this.length;
    const end = start + bytes;
    if (end > this.buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.buffer.length, end));
      this.buffer.copy(larger, 0, 0, start);
      this.buffer = larger;
    }
    this.length = end;
    return start;
  }

  /** Up to some dozens of bytes a loop is faster than a call of the platform. */
  add(bytes: Uint8Array, start: number, end: number): void {
    let to = this.reserve(end - start);
    const { buffer } = this;
    if (end - start > FEW_BYTES) buffer.set(bytes.subarray(start, end), to);
    else for (let at = start; at < end; at++) buffer[to++] = bytes[at];
  }

  addText(text: string): void {
    const start = this.reserve(Buffer.byteLength(text));
    this.buffer.write(text, start);
  }

  addUint32(value: number): void {
    const start = this.reserve(4);
    this.buffer.writeUInt32LE(value, start);
  }

  get bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }
}

/** Numbers that are added at the end, in memory that grows. */
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

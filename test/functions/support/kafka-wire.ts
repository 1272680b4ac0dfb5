/** Reads Kafka's encoding of numbers, texts and lists: big endian, with preceding lengths. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int8 = (): number => this.#bytes.readInt8(this.#take(1));
  int16 = (): number => this.#bytes.readInt16BE(this.#take(2));
  int32 = (): number => this.#bytes.readInt32BE(this.#take(4));
  uint32 = (): number => this.#bytes.readUInt32BE(this.#take(4));
  int64 = (): number => Number(this.#bytes.readBigInt64BE(this.#take(8)));

  /** Seven bits per byte, lowest first, with the sign in the lowest bit. */
  varint(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#bytes.readUInt8(this.#take(1));
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number((value >> 1n) ^ -(value & 1n));
    }
  }

  raw(length: number): Buffer {
    const start = this.#take(length);
    return this.#bytes.subarray(start, start + length);
  }

  rest(): Buffer {
    return this.raw(this.#bytes.length - this.#at);
  }

  string(): string | undefined {
    const length = this.int16();
    return length < 0 ? undefined : this.raw(length).toString();
  }

  data(): Buffer {
    return this.raw(this.int32());
  }

  array<T>(item: () => T): T[] {
    return Array.from({ length: this.int32() }, item);
  }

  #take(length: number): number {
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new RangeError(`bytes must go on, got only ${this.#bytes.length}`);
    return start;
  }
}

/** Writes the format that {@link WireReader} reads. */
export class WireWriter {
  readonly #parts: Buffer[] = [];

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  int8 = (value: number): this => this.#add(1, (bytes) => bytes.writeInt8(value));
  int16 = (value: number): this => this.#add(2, (bytes) => bytes.writeInt16BE(value));
  int32 = (value: number): this => this.#add(4, (bytes) => bytes.writeInt32BE(value));
  int64 = (value: number): this => this.#add(8, (bytes) => bytes.writeBigInt64BE(BigInt(value)));

  raw(bytes: Buffer): this {
    this.#parts.push(bytes);
    return this;
  }

  string(text: string | undefined): this {
    if (text === undefined) return this.int16(-1);
    return this.int16(Buffer.byteLength(text)).raw(Buffer.from(text));
  }

  data(bytes: Buffer): this {
    return this.int32(bytes.length).raw(bytes);
  }

  /** The function writes each item to this writer. */
  array<T>(items: readonly T[], write: (item: T) => unknown): this {
    this.int32(items.length);
    for (const item of items) write(item);
    return this;
  }

  #add(length: number, write: (bytes: Buffer) => void): this {
    const bytes = Buffer.alloc(length);
    write(bytes);
    return this.raw(bytes);
  }
}

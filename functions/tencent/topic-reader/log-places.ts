/** Where logs are in bytes: the first byte of each, and the byte after its last. */
export interface LogPlaces {
  readonly bytes: Buffer;
  readonly starts: Readonly<Uint32Array>;
  readonly ends: Readonly<Uint32Array>;
}

// Tag and type in one byte: those of a group's logs, of a log's time and pairs, of a pair's key and value.
const LOGS = 0x0a;
const TIME = 0x08;
const PAIRS = 0x12;
const KEY = 0x0a;
const VALUE = 0x12;

/** Wire type in the lowest bits of a tag: bytes. */
const BYTES_TYPE = 2;

/**
 * Finds the logs of a group; undefined unless each is encoded as by CLS's own writers: a time, then pairs of a key and,
 * unless empty, a value. Everything else, including errors, is left to the normal decoder.
 *
 * It checks the structure field by field without reading the texts, so that a search in the bytes can rely on it.
 */
export function placesIn(bytes: Buffer, from: number): LogPlaces | undefined {
  const walk = new Walk(bytes, from);
  const starts: number[] = [];
  const ends: number[] = [];
  while (walk.at < bytes.length) {
    const tag = bytes[walk.at++];
    const isLog = tag === LOGS;
    if (tag >= 128 || (tag & 7) !== BYTES_TYPE) return undefined;
    const length = walk.number(bytes.length);
    const end = walk.at + length;
    if (length < 0 || end > bytes.length) return undefined;
    if (isLog) {
      starts.push(walk.at);
      ends.push(end);
      if (!walk.isLog(end)) return undefined;
    }
    walk.at = end;
  }
  return { bytes, starts: Uint32Array.from(starts), ends: Uint32Array.from(ends) };
}

/** Walks through protobuf bytes with one-byte tags. */
class Walk {
  constructor(
    private readonly bytes: Buffer,
    public at: number,
  ) {}

  /** The varint at the current offset, or -1 if it does not end in time, is longer than necessary, or exceeds 2^28. */
  number(end: number): number {
    const { bytes } = this;
    let byte = bytes[this.at++];
    if (byte < 128) return this.at <= end ? byte : -1;
    let value = byte & 127;
    for (let shift = 7; shift < 28; shift += 7) {
      if (this.at >= end) return -1;
      byte = bytes[this.at++];
      value |= (byte & 127) << shift;
      if (byte < 128) return byte === 0 ? -1 : value;
    }
    return -1;
  }

  /** Whether the bytes up to `end` are a time and pairs. */
  isLog(end: number): boolean {
    const { bytes } = this;
    let hasTime = false;
    while (this.at < end) {
      const tag = bytes[this.at++];
      if (tag === TIME) {
        if (!this.#passTime(end)) return false;
        hasTime = true;
      } else if (tag !== PAIRS || !this.#passPair(end)) return false;
    }
    return hasTime;
  }

  #passTime(end: number): boolean {
    const last = Math.min(end, this.at + 10);
    while (this.at < last) if (this.bytes[this.at++] < 128) return true;
    return false;
  }

  #passPair(outer: number): boolean {
    const { bytes } = this;
    const length = this.number(outer);
    const end = this.at + length;
    if (length < 2 || end > outer || bytes[this.at++] !== KEY) return false;
    const keyLength = this.number(end);
    if (keyLength < 0) return false;
    this.at += keyLength;
    if (this.at === end) return true;
    if (this.at > end || bytes[this.at++] !== VALUE) return false;
    const valueLength = this.number(end);
    if (valueLength < 0) return false;
    this.at += valueLength;
    return this.at === end;
  }
}

import { Slabs, type Stretch } from "./slabs";

/** Logs that share where they come from. */
export interface ClsLogGroup {
  /** Each as {@link LogEncoder} left it. */
  readonly logs: readonly Stretch[];
  readonly source?: string;
  readonly tags?: readonly (readonly [key: string, value: string])[];
}

/**
 * Logs as a `LogGroupList`, in protobuf (https://cloud.tencent.com/document/product/614/59470):
 * `LogGroupList { 1: LogGroup }`, `LogGroup { 1: Log, 4: source, 5: LogTag }`, `Log { 1: time, 2: Content }`,
 * `LogTag` and `Content { 1: key, 2: value }`.
 */
export function encodeLogGroupList(groups: readonly ClsLogGroup[]): Buffer {
  return Buffer.concat(groups.flatMap(encodeGroup));
}

function encodeGroup({ logs, source, tags = [] }: ClsLogGroup): Buffer[] {
  const origin = [
    ...(source === undefined ? [] : [message(4, Buffer.from(source))]),
    ...tags.map(([key, value]) =>
      message(5, Buffer.concat([message(1, Buffer.from(key)), message(2, Buffer.from(value))])),
    ),
  ];
  const pieces = [...joined(logs), ...origin];
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  return [Buffer.from([(1 << 3) | LENGTH_DELIMITED, ...varint(bytes)]), ...pieces];
}

/** The bytes of logs; those that lie behind each other are one piece. */
function joined(logs: readonly Stretch[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < logs.length;) {
    const { buffer, start } = logs[at];
    let { end } = logs[at++];
    for (; at < logs.length && logs[at].buffer === buffer && logs[at].start === end; at++) end = logs[at].end;
    pieces.push(buffer.subarray(start, end));
  }
  return pieces;
}

/** Bytes of what a group says of all its logs. */
export function sizeOfOrigin({ source, tags = [] }: Omit<ClsLogGroup, "logs">): number {
  let bytes = source === undefined ? 0 : messageSize(Buffer.byteLength(source));
  for (const [key, value] of tags) {
    bytes += messageSize(messageSize(Buffer.byteLength(key)) + messageSize(Buffer.byteLength(value)));
  }
  return bytes;
}

/** Room in front of a log for what it begins with: its tag and its length. */
const HEAD_BYTES = 8;

/** Keys whose bytes are kept. */
const MOST_KEYS = 1000;

/** Up to so many bytes a loop copies faster than a call of the platform. */
const FEW_BYTES = 48;

/** Writes logs as they stand in a group, one after the other. */
export class LogEncoder {
  readonly #slabs = new Slabs();
  readonly #keys = new Map<string, Buffer>();
  /** The log that is being written. */
  #log = Buffer.allocUnsafeSlow(16 * 1024);
  #end = HEAD_BYTES;

  /** @param time milliseconds since the epoch */
  begin(time: number): void {
    this.#end = HEAD_BYTES;
    this.#log[this.#end++] = 1 << 3;
    this.#varint(time);
  }

  /** Adds a content. */
  text(key: string, value: string): void {
    if (value.length <= FEW_BYTES && this.#asciiText(key, value)) return;
    const bytes = Buffer.byteLength(value);
    this.#content(key, bytes);
    this.#end += this.#log.write(value, this.#end);
  }

  /** The same of a short text, if it is ASCII: a loop writes it faster than calls of the platform do. */
  #asciiText(key: string, value: string): boolean {
    const begin = this.#end;
    this.#content(key, value.length);
    const log = this.#log;
    let end = this.#end;
    for (let at = 0; at < value.length; at++) {
      const unit = value.charCodeAt(at);
      if (unit > 0x7f) {
        this.#end = begin;
        return false;
      }
      log[end++] = unit;
    }
    this.#end = end;
    return true;
  }

  /** Adds a content whose value stands in these bytes. */
  bytes(key: string, value: Buffer, start: number, end: number): void {
    this.#content(key, end - start);
    this.#copy(value, start, end);
  }

  /** The log that was begun, with its tag and length. */
  finish(): Stretch {
    const bytes = this.#end - HEAD_BYTES;
    const start = HEAD_BYTES - 1 - varintSize(bytes);
    const end = this.#end;
    this.#log[start] = (1 << 3) | LENGTH_DELIMITED;
    this.#end = start + 1;
    this.#varint(bytes);
    const stretch = this.#slabs.take(end - start);
    this.#log.copy(stretch.buffer, stretch.start, start, end);
    return stretch;
  }

  /** All of a content in front of the bytes of its value. */
  #content(key: string, valueBytes: number): void {
    const keyField = this.#keyField(key);
    const keyBytes = keyField ? keyField.length : messageSize(Buffer.byteLength(key));
    const bytes = keyBytes + messageSize(valueBytes);
    this.#reserve(messageSize(bytes));
    this.#log[this.#end++] = (2 << 3) | LENGTH_DELIMITED;
    this.#varint(bytes);
    if (keyField) this.#copy(keyField, 0, keyField.length);
    else this.#key(key);
    this.#log[this.#end++] = (2 << 3) | LENGTH_DELIMITED;
    this.#varint(valueBytes);
  }

  /** The key as a field of its content, where it is kept: where there are too many, others are written each time. */
  #keyField(key: string): Buffer | undefined {
    const known = this.#keys.get(key);
    if (known || this.#keys.size >= MOST_KEYS) return known;
    const field = message(1, Buffer.from(key));
    this.#keys.set(key, field);
    return field;
  }

  #key(key: string): void {
    this.#log[this.#end++] = (1 << 3) | LENGTH_DELIMITED;
    this.#varint(Buffer.byteLength(key));
    this.#end += this.#log.write(key, this.#end);
  }

  #copy(from: Buffer, start: number, end: number): void {
    const log = this.#log;
    let to = this.#end;
    if (end - start > FEW_BYTES) from.copy(log, to, start, end);
    else for (let at = start; at < end; at++) log[to++] = from[at];
    this.#end += end - start;
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#log[this.#end++] = (rest % 128) | 128;
    this.#log[this.#end++] = rest;
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#log.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#end + bytes));
    this.#log.copy(larger, 0, 0, this.#end);
    this.#log = larger;
  }
}

/** Wire type of what has its length in front. */
const LENGTH_DELIMITED = 2;

function messageSize(bytes: number): number {
  return 1 + varintSize(bytes) + bytes;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
}

/** A field of wire type 2: its length, then its bytes. */
function message(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | LENGTH_DELIMITED, ...varint(bytes.length)]), bytes]);
}

/** Seven bits a byte, the lowest first; a double holds more than 32 of them. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return [...bytes, rest];
}

import type { During, Waiting } from "./backlog";
import type { LiveOrigin } from "./record";

/** Most bytes of a record beside its text and what it shares with others. */
const OVERHEAD_BYTES = 160;

/** About how long a record is. */
const USUAL_BYTES = 384;

/** Bytes of the length of a log: what all records hold makes it 128 at least, and their text 16,383 at most. */
const LOG_LENGTH_BYTES = 2;

/** Most bytes of the field and the length before a group. */
const GROUP_HEAD_BYTES = 5;

/**
 * Records as the body of an upload, in protobuf: what `encodeLogGroupList` makes of `clsLogOf` of each, in one pass, with
 * what neighbours share encoded once. A function pays for each line: the general way takes twenty times as long.
 *
 * @param run the number of the handler's run in which they leave: those of another one are late
 */
export function encodeRecords(records: readonly Waiting[], origin: LiveOrigin, run: number): Buffer {
  const writer = new Writer(GROUP_HEAD_BYTES + records.length * USUAL_BYTES, GROUP_HEAD_BYTES);
  let before: Waiting | undefined;
  /** Ends of the number and of the time in the record before. */
  let ends: Ends = { seq: 0, time: 0 };
  let seqLimit = 0;
  for (const record of records) {
    const log = writer.open();
    if (before !== undefined && record.seq < seqLimit && isAlike(record, before)) {
      writer.again(ends.time);
      writer.digits(log + ends.seq, record.seq, before.seq);
      writer.digits(log + ends.time, record.time, before.time);
      const milliseconds = Math.floor(record.time / 1000);
      if (milliseconds !== Math.floor(before.time / 1000)) writer.numberAt(log, 1, milliseconds);
    } else {
      ends = writeHead(writer, record, origin, run);
      seqLimit = 10 ** String(record.seq).length;
    }
    writeRest(writer, record);
    writer.close();
    before = record;
  }
  return writer.message(1);
}

/** In bytes from the start of a log. */
interface Ends {
  readonly seq: number;
  readonly time: number;
}

/** Microseconds of the years 2001 to 2109: each has 16 digits, and its milliseconds six bytes. */
const [USUAL_FROM, USUAL_UNTIL] = [1e15, 2 ** 42 * 1000];

/** Whether all that stands before the text differs in digits alone. */
function isAlike(record: Waiting, other: Waiting): boolean {
  return (
    record.during === other.during &&
    record.level === other.level &&
    record.stream === other.stream &&
    record.kind === other.kind &&
    record.seq > other.seq &&
    isUsual(record.time) &&
    isUsual(other.time)
  );
}

function isUsual(time: number): boolean {
  return time >= USUAL_FROM && time < USUAL_UNTIL;
}

function writeHead(writer: Writer, record: Waiting, origin: LiveOrigin, run: number): Ends {
  const { kind, during, level = "", stream = "" } = record;
  writer.number(1, Math.floor(record.time / 1000));
  writer.pair(KEY.kind, kind);
  writer.pair(KEY.function, origin.function);
  writer.pair(KEY.namespace, origin.namespace);
  writer.pair(KEY.version, origin.version);
  writer.pair(KEY.instance, origin.instance);
  writer.pair(KEY.requestId, during.requestId);
  if (isLate(during, run)) writer.pair(KEY.late, "1");
  if (kind === "line") {
    writer.pair(KEY.level, level);
    writer.pair(KEY.stream, stream);
  }
  writer.pair(KEY.seq, String(record.seq));
  const seq = writer.length;
  writer.pair(KEY.time, String(record.time));
  return { seq, time: writer.length };
}

function writeRest(writer: Writer, record: Waiting): void {
  if (record.kind === "line") {
    writer.pair(KEY.text, record.text ?? "");
    if (record.piece !== undefined) writer.pair(KEY.piece, record.piece);
  } else {
    writer.pair(KEY.lines, String(record.lines));
    if (record.kind === "dropped") writer.pair(KEY.bytes, String(record.droppedBytes));
  }
}

/** What is written outside of a run, as while modules load, had none to leave with. */
function isLate({ requestId, run }: During, current: number): boolean {
  return run !== current && requestId !== "";
}

const KEY = {
  kind: keyBytes("kind"),
  function: keyBytes("function"),
  namespace: keyBytes("namespace"),
  version: keyBytes("version"),
  instance: keyBytes("instance"),
  requestId: keyBytes("request_id"),
  late: keyBytes("late"),
  level: keyBytes("level"),
  stream: keyBytes("stream"),
  seq: keyBytes("seq"),
  time: keyBytes("time"),
  text: keyBytes("text"),
  piece: keyBytes("piece"),
  lines: keyBytes("lines"),
  bytes: keyBytes("bytes"),
};

/** The key of a pair, as its first field. */
function keyBytes(key: string): Buffer {
  return Buffer.concat([Buffer.from([(1 << 3) | 2, key.length]), Buffer.from(key)]);
}

/** Protobuf into one buffer, which grows. */
class Writer {
  #buffer: Buffer;
  readonly #start: number;
  #at: number;
  /** Where the log begins that is being written, and the one before it. */
  #log = 0;
  #logBefore = 0;

  /** @param start bytes that are left free before what is written */
  constructor(size: number, start: number) {
    this.#buffer = Buffer.allocUnsafe(size);
    this.#start = start;
    this.#at = start;
  }

  /** All that was written, as a message of a field: its head is put into the free bytes before it. */
  message(field: number): Buffer {
    const length = this.#at - this.#start;
    const end = this.#at;
    const head = this.#start - 1 - varintBytes(length);
    this.#at = head;
    this.#buffer[this.#at++] = (field << 3) | 2;
    this.#varint(length);
    return this.#buffer.subarray(head, end);
  }

  /** Begins a log, whose length is not known yet. @returns where its content begins */
  open(): number {
    this.#reserve(OVERHEAD_BYTES);
    this.#buffer[this.#at] = (1 << 3) | 2;
    this.#at += 1 + LOG_LENGTH_BYTES;
    this.#logBefore = this.#log;
    return (this.#log = this.#at);
  }

  close(): void {
    const length = this.length;
    this.#buffer[this.#log - 2] = (length & 127) | 128;
    this.#buffer[this.#log - 1] = length >> 7;
  }

  /** Bytes of the log so far. */
  get length(): number {
    return this.#at - this.#log;
  }

  /** The first bytes of the log before, once more. */
  again(bytes: number): void {
    this.#reserve(bytes);
    this.#buffer.copyWithin(this.#at, this.#logBefore, this.#logBefore + bytes);
    this.#at += bytes;
  }

  /** Overwrites the digits of a number in which it differs from one that has as many of them. */
  digits(end: number, value: number, before: number): void {
    let [at, rest, old] = [end, value, before];
    for (; rest !== old; rest = Math.floor(rest / 10), old = Math.floor(old / 10))
      this.#buffer[--at] = 48 + (rest % 10);
  }

  /** A field of wire type 0. */
  number(field: number, value: number): void {
    this.#buffer[this.#at++] = field << 3;
    this.#varint(value);
  }

  /** Overwrites one that has as many bytes. */
  numberAt(at: number, field: number, value: number): void {
    const end = this.#at;
    this.#at = at;
    this.number(field, value);
    this.#at = end;
  }

  /** A key and its value, as a message of field 2. */
  pair(key: Buffer, value: string): void {
    this.#reserve(OVERHEAD_BYTES + 3 * value.length);
    const start = this.#at;
    // Where all characters are one byte, as in nearly all values, the value stands where it belongs at once.
    const guess = headBytes(key, value.length);
    const length = this.#buffer.write(value, start + guess);
    const head = headBytes(key, length);
    if (head !== guess) this.#buffer.copyWithin(start + head, start + guess, start + guess + length);
    this.#buffer[this.#at++] = (2 << 3) | 2;
    this.#varint(innerBytes(key, length));
    this.#buffer.set(key, this.#at);
    this.#at += key.length;
    this.#buffer[this.#at++] = (2 << 3) | 2;
    this.#varint(length);
    this.#at += length;
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#buffer[this.#at++] = (rest % 128) | 128;
    this.#buffer[this.#at++] = rest;
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(2 * this.#buffer.length + bytes);
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}

/** Bytes of a pair before its value. */
function headBytes(key: Buffer, length: number): number {
  return 1 + varintBytes(innerBytes(key, length)) + key.length + 1 + varintBytes(length);
}

/** Bytes of a key and a value as fields. */
function innerBytes(key: Buffer, length: number): number {
  return key.length + 1 + varintBytes(length) + length;
}

function varintBytes(value: number): number {
  return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
}

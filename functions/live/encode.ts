import type { During, Waiting } from "./backlog";
import type { LiveOrigin } from "./record";

/** Most bytes of a record beside its text: keys, numbers, marks, and what protobuf needs. */
const OVERHEAD_BYTES = 512;

/** Bytes of the length of a log: what all records hold makes it 128 at least, and their text 16,383 at most. */
const LOG_LENGTH_BYTES = 2;

/** Most bytes of the field and the length before a group. */
const GROUP_HEAD_BYTES = 5;

/**
 * Records as the body of an upload, in protobuf: what `encodeLogGroupList` makes of `clsLogOf` of each, in one pass, with
 * what all records share encoded once. A function pays for each line: the general way takes ten times as long.
 *
 * @param run the number of the handler's run in which they leave: those of another one are late
 */
export function encodeRecords(records: readonly Waiting[], origin: LiveOrigin, run: number): Buffer {
  const shared = sharedBytes(origin);
  let size = GROUP_HEAD_BYTES;
  for (const { text, during } of records) {
    size += OVERHEAD_BYTES + shared.length + 3 * during.requestId.length + (text === undefined ? 0 : 3 * text.length);
  }
  const writer = new Writer(size, GROUP_HEAD_BYTES);
  for (const record of records) writeRecord(writer, record, shared, run);
  return writer.message(1);
}

function sharedBytes({ function: name, namespace, version, instance }: LiveOrigin): Buffer {
  const writer = new Writer(OVERHEAD_BYTES + 3 * (name.length + namespace.length + version.length));
  writer.pair(KEY.function, name);
  writer.pair(KEY.namespace, namespace);
  writer.pair(KEY.version, version);
  writer.pair(KEY.instance, instance);
  return writer.bytes();
}

function writeRecord(writer: Writer, record: Waiting, shared: Buffer, run: number): void {
  const log = writer.open();
  writer.number(1, Math.floor(record.time / 1000));
  writer.pair(KEY.kind, record.kind);
  writer.raw(shared);
  writer.pair(KEY.seq, String(record.seq));
  writer.pair(KEY.requestId, record.during.requestId);
  writer.pair(KEY.time, String(record.time));
  if (isLate(record.during, run)) writer.pair(KEY.late, "1");
  if (record.kind === "line") {
    writer.pair(KEY.level, record.level ?? "");
    writer.pair(KEY.stream, record.stream ?? "");
    writer.pair(KEY.text, record.text ?? "");
    if (record.piece !== undefined) writer.pair(KEY.piece, record.piece);
  } else {
    writer.pair(KEY.lines, String(record.lines));
    if (record.kind === "dropped") writer.pair(KEY.bytes, String(record.droppedBytes));
  }
  writer.close(log);
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
  seq: keyBytes("seq"),
  requestId: keyBytes("request_id"),
  time: keyBytes("time"),
  late: keyBytes("late"),
  level: keyBytes("level"),
  stream: keyBytes("stream"),
  text: keyBytes("text"),
  piece: keyBytes("piece"),
  lines: keyBytes("lines"),
  bytes: keyBytes("bytes"),
};

/** The key of a pair, as its first field. */
function keyBytes(key: string): Buffer {
  return Buffer.concat([Buffer.from([(1 << 3) | 2, key.length]), Buffer.from(key)]);
}

/** Protobuf into one buffer. */
class Writer {
  readonly #buffer: Buffer;
  readonly #start: number;
  #at: number;

  /** @param start bytes that are left free before what is written */
  constructor(size: number, start = 0) {
    this.#buffer = Buffer.allocUnsafe(size);
    this.#start = start;
    this.#at = start;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(this.#start, this.#at);
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

  raw(bytes: Buffer): void {
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** A field of wire type 0. */
  number(field: number, value: number): void {
    this.#buffer[this.#at++] = field << 3;
    this.#varint(value);
  }

  /** Begins a log, whose length is not known yet. */
  open(): number {
    this.#buffer[this.#at++] = (1 << 3) | 2;
    this.#at += LOG_LENGTH_BYTES;
    return this.#at;
  }

  close(start: number): void {
    const length = this.#at - start;
    this.#buffer[start - 2] = (length & 127) | 128;
    this.#buffer[start - 1] = length >> 7;
  }

  /** A key and its value, as a message of field 2. */
  pair(key: Buffer, value: string): void {
    const buffer = this.#buffer;
    const start = this.#at;
    // Where the value is short, both lengths are one byte each.
    if (key.length + value.length * 3 + 2 < 128) {
      this.#at = start + 2;
      this.raw(key);
      buffer[this.#at] = (2 << 3) | 2;
      const length = this.#text(value, this.#at + 2);
      buffer[this.#at + 1] = length;
      this.#at += 2 + length;
      buffer[start] = (2 << 3) | 2;
      buffer[start + 1] = this.#at - start - 2;
      return;
    }
    const length = Buffer.byteLength(value);
    buffer[this.#at++] = (2 << 3) | 2;
    this.#varint(key.length + 1 + varintBytes(length) + length);
    this.raw(key);
    buffer[this.#at++] = (2 << 3) | 2;
    this.#varint(length);
    this.#at += this.#text(value, this.#at);
  }

  #text(value: string, at: number): number {
    return this.#buffer.write(value, at, "utf8");
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#buffer[this.#at++] = (rest % 128) | 128;
    this.#buffer[this.#at++] = rest;
  }
}

function varintBytes(value: number): number {
  return value < 128 ? 1 : value < 16_384 ? 2 : value < 2_097_152 ? 3 : 4;
}

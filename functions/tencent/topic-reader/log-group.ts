import { type LogPlaces, placesIn } from "./log-places";
import type { ReadLog } from "./read";

/** The bytes are not a valid message. */
export class MessageError extends Error {
  override readonly name = "MessageError";
}

/** One message in an answer of `/pull_log`: the logs of one package, as they were uploaded. */
export interface Message {
  /** When CLS received it, in milliseconds since 1970; undefined if the head contains no time. */
  readonly receivedAt?: number;
  readonly logs: PackedLogs;
}

/** The logs of a package; each is created on demand. */
export interface PackedLogs {
  readonly length: number;
  at(index: number): ReadLog;
  /** Where the logs' pairs are, for a search in their bytes; undefined if they are encoded in an unknown way. */
  readonly places: LogPlaces | undefined;
}

/** All logs of some packages, in order. */
export function logsOf(messages: readonly Message[]): ReadLog[] {
  return messages.flatMap(({ logs }) => Array.from({ length: logs.length }, (_, index) => logs.at(index)));
}

/** The supported version of the head. */
const VERSION = 130;
/** Version, time, account, logset, topic, length. */
const HEAD_BYTES = 4 + 8 + 8 + 36 + 36 + 4;

/**
 * Reads a message: a head of 96 bytes, big-endian, then a protobuf `LogGroup`. Fact:
 * docs/design/facts/cls-reading.md#pulled-messages.
 *
 * @throws MessageError
 */
export function readMessage(bytes: Buffer): Message {
  if (bytes.length < HEAD_BYTES) throw new MessageError(`a message must have ${HEAD_BYTES} bytes, got ${bytes.length}`);
  const version = bytes.readInt32BE(0);
  if (version !== VERSION) throw new MessageError(`a message's version must be ${VERSION}, got ${version}`);
  const length = bytes.readInt32BE(HEAD_BYTES - 4);
  if (length !== bytes.length - HEAD_BYTES) {
    throw new MessageError(`a message must hold ${length} bytes as its head says, got ${bytes.length - HEAD_BYTES}`);
  }
  const received = Number(bytes.readBigInt64BE(4));
  return {
    ...(received > 0 && { receivedAt: Math.floor(toMicroseconds(received) / 1000) }),
    logs: readGroup(bytes, HEAD_BYTES),
  };
}

/** CLS's times are in seconds, milliseconds, microseconds or nanoseconds, detected by their magnitude. */
export function toMicroseconds(time: number): number {
  if (time < 1e11) return time * 1_000_000;
  if (time < 1e14) return time * 1000;
  return time < 1e17 ? time : Math.floor(time / 1000);
}

function readGroup(bytes: Buffer, from: number): PackedLogs {
  const places = placesIn(bytes, from);
  const cursor = new Cursor(bytes, from, bytes.length);
  const keys = new RepeatedTexts();
  const logs: { time: number; contents: Record<string, string> }[] = [];
  let filename: string | undefined;
  let source: string | undefined;
  let tags: Record<string, string> | undefined;
  while (!cursor.atEnd) {
    const tag = cursor.varint();
    // Logs with known places are read on demand.
    if (tag === LOGS && places) cursor.skip(tag);
    else if (tag === LOGS) {
      const outer = cursor.enter();
      logs.push(readLog(cursor, keys));
      cursor.leave(outer);
    } else if (tag === FILENAME) filename = cursor.text();
    else if (tag === SOURCE) source = cursor.text();
    else if (tag === TAGS) readPair(cursor, (tags ??= {}), keys, 0);
    else cursor.skip(tag);
  }
  const labels = { ...(filename && { filename }), ...(source && { source }), ...(tags && { tags }) };
  if (!places) return { length: logs.length, at: (index) => ({ ...logs[index], ...labels }), places };
  const { starts, ends } = places;
  const at = (index: number): ReadLog => {
    return { ...readLog(new Cursor(bytes, starts[index], ends[index]), keys), ...labels };
  };
  return { length: starts.length, at, places };
}

// Field numbers with their wire types: 2 is bytes, 0 a number.
const LOGS = (1 << 3) | 2;
const FILENAME = (3 << 3) | 2;
const SOURCE = (4 << 3) | 2;
const TAGS = (5 << 3) | 2;
const TIME = (1 << 3) | 0;
const CONTENTS = (2 << 3) | 2;
const KEY = (1 << 3) | 2;
const VALUE = (2 << 3) | 2;

function readLog(cursor: Cursor, keys: RepeatedTexts): { time: number; contents: Record<string, string> } {
  const contents: Record<string, string> = {};
  let time: number | undefined;
  let pairs = 0;
  while (!cursor.atEnd) {
    const tag = cursor.varint();
    if (tag === CONTENTS) readPair(cursor, contents, keys, pairs++);
    else if (tag === TIME) time = cursor.varint();
    else cursor.skip(tag);
  }
  if (time === undefined) throw new MessageError("a log must have a time");
  return { time: toMicroseconds(time), contents };
}

/** @param index index of the pair in its log */
function readPair(cursor: Cursor, into: Record<string, string>, keys: RepeatedTexts, index: number): void {
  const outer = cursor.enter();
  let key: string | undefined;
  let value = "";
  while (!cursor.atEnd) {
    const tag = cursor.varint();
    if (tag === KEY) key = cursor.repeatedText(keys, index);
    else if (tag === VALUE) value = cursor.text();
    else cursor.skip(tag);
  }
  cursor.leave(outer);
  if (key === undefined) throw new MessageError("a field of a log must have a key");
  // An assignment would set the object's prototype.
  if (key === "__proto__")
    Object.defineProperty(into, key, { value, enumerable: true, writable: true, configurable: true });
  else into[key] = value;
}

/** Cache of texts that are mostly the same as the last one at the same index, such as the keys of consecutive logs. */
class RepeatedTexts {
  readonly #known: { readonly bytes: Buffer; readonly text: string }[] = [];

  at(index: number, bytes: Buffer, start: number, end: number): string {
    const known = this.#known[index];
    if (known !== undefined && isAt(known.bytes, bytes, start, end)) return known.text;
    const text = bytes.toString("utf8", start, end);
    this.#known[index] = { bytes: bytes.subarray(start, end), text };
    return text;
  }
}

function isAt(known: Buffer, bytes: Buffer, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}

/** Reads a range of bytes as protobuf. */
class Cursor {
  constructor(
    private readonly bytes: Buffer,
    private at: number,
    private end: number,
  ) {}

  get atEnd(): boolean {
    return this.at >= this.end;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; scale <= 2 ** 63; scale *= 128) {
      if (this.at >= this.end) throw new MessageError("a message ends inside a number");
      const byte = this.bytes[this.at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
    throw new MessageError("a number of a message must have 64 bits");
  }

  text(): string {
    const length = this.pass();
    return this.bytes.toString("utf8", this.at - length, this.at);
  }

  repeatedText(texts: RepeatedTexts, index: number): string {
    const length = this.pass();
    return texts.at(index, this.bytes, this.at - length, this.at);
  }

  /** Enters the message in a field; returns the end of the outer one. */
  enter(): number {
    const outer = this.end;
    const length = this.pass();
    this.end = this.at;
    this.at -= length;
    return outer;
  }

  /** Continues after the message that was entered and read to its end. */
  leave(outer: number): void {
    this.end = outer;
  }

  skip(tag: number): void {
    const wireType = tag & 7;
    if (wireType === 0) this.varint();
    else if (wireType === 1) this.advance(8);
    else if (wireType === 2) this.advance(this.varint());
    else if (wireType === 5) this.advance(4);
    else throw new MessageError(`a message's wire type must be 0, 1, 2 or 5, got ${wireType}`);
  }

  /** Skips a field of bytes, and returns their number. */
  private pass(): number {
    const length = this.varint();
    this.advance(length);
    return length;
  }

  private advance(bytes: number): void {
    if (bytes > this.end - this.at) throw new MessageError("a message ends inside a field");
    this.at += bytes;
  }
}

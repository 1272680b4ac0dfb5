import { isUtf8 } from "node:buffer";
import { gunzipSync, inflateSync } from "node:zlib";
import { CheckedObject, isObject, kindOf } from "../runtime/checked-json";
import { builtin } from "../tencent/builtin";
import { DeliveredLogs } from "./delivered-logs";
import { ForeignEventError } from "./event-kind";
import {
  CLOSING_BRACE,
  COLON,
  COMMA,
  endOfValue,
  OPENING_BRACE,
  OPENING_BRACKET,
  skipSpaces,
  valueIn,
} from "./json-bytes";

/** A CLS event that is damaged. The message never quotes the event. */
export class ClsEventError extends Error {
  override readonly name = "ClsEventError";
  readonly code = "LOGS_EVENT";
}

/** The contents of a CLS event. */
export interface ClsEvent {
  readonly topicId: string;
  /** SHA-256 of the decoded event, 32 hex digits: the same for each delivery of the same logs. */
  readonly hash: string;
  /** Number of bytes of the logs as CLS packed them. */
  readonly bytes: number;
  /** The logs, checked to be JSON; whether each is a record shows only when it is parsed. */
  readonly logs: DeliveredLogs;
}

/**
 * Maximum unpacked size of an event. SCF accepts 128 KB, base64 included, so this is 170 times as much. Logs compress 5:1
 * to 50:1, and deflate reaches at most 1032:1. The logs are in memory once, and a second time as lines, as far as they are
 * read.
 */
const MAX_DECODED_BYTES = 16 * 1024 * 1024;

/** Maximum objects and lists in an event: each takes 16 to 56 bytes of memory or more, for three bytes of text. */
const MAX_VALUES = 1_000_000;

/** Number of bytes that are unpacked at a time: most events take four to ten steps. */
const UNPACKED_AT_ONCE = 256 * 1024;

/**
 * The event of a CLS trigger, unpacked but not read. A search for a text in it takes a fraction of the time of reading, so
 * that only events which contain the text need to be read:
 *
 * ```ts
 * const opened = openClsEvent(event);
 * if (opened.json.includes("panic")) use(opened.read().logs);
 * ```
 *
 * {@link DeliveredLogs} describes how the text of a log appears in `json`. Before it is read, an event is only known to be
 * unpackable: whether it is JSON, its topic and its hash are unknown.
 */
export interface OpenedEvent {
  /** The event's JSON as UTF-8; bytes that were not UTF-8 are replaced by U+FFFD. */
  readonly json: Buffer;
  /** Number of bytes of the logs as CLS packed them. */
  readonly bytes: number;
  /** Checks the contents. @throws {@link ClsEventError} if the event is damaged */
  read(): ClsEvent;
}

/**
 * Decodes the event of a CLS trigger (https://cloud.tencent.com/document/product/583/49587): `clslogs.data` is base64 of
 * JSON, compressed with gzip or zlib or not at all, which is detected from its first bytes.
 *
 * @throws {@link ForeignEventError} if the event is of another kind, {@link ClsEventError} if it cannot be unpacked
 */
export function openClsEvent(event: unknown): OpenedEvent {
  if (!isObject(event) || !("clslogs" in event)) throw new ForeignEventError("a CLS trigger", event);
  const envelope = new CheckedObject(event.clslogs, "clslogs", wrong);
  const data = Buffer.from(envelope.text("data"), "base64");
  return openDecoded(unpack(data), data.length);
}

/**
 * Opens an unpacked event.
 *
 * @param bytes number of bytes of the logs as CLS packed them
 * @throws {@link ClsEventError} if it is too large
 */
export function openDecoded(decoded: Buffer, bytes: number): OpenedEvent {
  if (decoded.length > MAX_DECODED_BYTES) throw tooLarge(`${decoded.length}`);
  const json = isUtf8(decoded) ? decoded : Buffer.from(decoded.toString());
  return { json, bytes, read: () => new ReadEvent(json, decoded, bytes) };
}

/**
 * Opens the event of a CLS trigger and checks its contents in place, without creating the logs. `log-line.ts` defines what
 * a log means.
 *
 * @throws {@link ForeignEventError} if the event is of another kind, {@link ClsEventError} if it is damaged
 */
export function readClsEvent(event: unknown): ClsEvent {
  return openClsEvent(event).read();
}

class ReadEvent implements ClsEvent {
  readonly topicId: string;
  readonly logs: DeliveredLogs;
  readonly bytes: number;
  readonly #decoded: Buffer;
  #hash: string | undefined;

  constructor(json: Buffer, decoded: Buffer, bytes: number) {
    const { topicId, logs } = readJson(json);
    this.topicId = topicId;
    this.logs = logs;
    this.bytes = bytes;
    this.#decoded = decoded;
  }

  /** Computed on demand: it takes about as long as everything else. */
  get hash(): string {
    return (this.#hash ??= hashOf(this.#decoded));
  }
}

function readJson(json: Buffer): Pick<ClsEvent, "topicId" | "logs"> {
  requireFewValues(json);
  const { topicId, logs } = readBody(json);
  if (typeof topicId !== "string" || !/^[\w-]+$/.test(topicId)) throw wrong("topic_id", "the id of a topic", topicId);
  if (!(logs instanceof DeliveredLogs)) throw wrong("records", "a list", logs);
  return { topicId, logs };
}

function hashOf(decoded: Buffer): string {
  return builtin("node:crypto").createHash("sha256").update(decoded).digest("hex").slice(0, 32);
}

function unpack(data: Buffer): Buffer {
  const options = { maxOutputLength: MAX_DECODED_BYTES, chunkSize: UNPACKED_AT_ONCE };
  try {
    if (data[0] === 0x1f && data[1] === 0x8b) return gunzipSync(data, options);
    // A zlib header: method 8, and the two bytes are a multiple of 31. JSON begins with neither.
    if ((data[0] & 0x0f) === 8 && data.length > 1 && data.readUInt16BE(0) % 31 === 0) return inflateSync(data, options);
    return data;
  } catch (error) {
    const { code = "no code" } = error as NodeJS.ErrnoException;
    if (code === "ERR_BUFFER_TOO_LARGE") throw tooLarge("more");
    throw new ClsEventError(`clslogs.data must unpack to JSON, got ${code} from ${data.length} bytes`);
  }
}

/** The used members of the event's JSON. If a name occurs twice, the last one counts. */
interface Body {
  topicId?: unknown;
  /** Logs if it is a list, otherwise the value. */
  logs?: unknown;
}

/** @param json UTF-8 */
function readBody(json: Buffer): Body {
  let at = skipSpaces(json, 0);
  if (json[at] !== OPENING_BRACE) throw noObject(json);
  at = skipSpaces(json, at + 1);
  const body: Body = {};
  if (json[at] !== CLOSING_BRACE) {
    for (; ; at = skipSpaces(json, at + 1)) {
      at = skipSpaces(json, readMember(json, at, body));
      if (json[at] !== COMMA) break;
    }
  }
  if (json[at] !== CLOSING_BRACE || skipSpaces(json, at + 1) < json.length) throw noJson(json);
  return body;
}

/** Reads a member from its key on; returns the offset after it. */
function readMember(json: Buffer, start: number, body: Body): number {
  const keyEnd = endOfValue(json, start);
  const key = valueIn(json, start, keyEnd)?.value;
  const colon = skipSpaces(json, keyEnd);
  if (typeof key !== "string" || json[colon] !== COLON) throw noJson(json);
  const at = skipSpaces(json, colon + 1);
  if (key === "records" && json[at] === OPENING_BRACKET) {
    const logs = new DeliveredLogs(json, at + 1);
    const end = logs.end();
    if (end === undefined) throw noJson(json);
    body.logs = logs;
    return end;
  }
  const end = endOfValue(json, at);
  const found = valueIn(json, at, end);
  if (!found) throw noJson(json);
  if (key === "topic_id") body.topicId = found.value;
  if (key === "records") body.logs = found.value;
  return end;
}

function noObject(json: Buffer): ClsEventError {
  const found = valueIn(json, 0, json.length);
  return found ? wrong("clslogs.data", "an object", found.value) : noJson(json);
}

function noJson(json: Buffer): ClsEventError {
  const characters = json.toString().length;
  return new ClsEventError(`clslogs.data must be base64 of JSON, got ${characters} characters of something else`);
}

function tooLarge(got: string): ClsEventError {
  return new ClsEventError(
    `clslogs.data must unpack to at most ${MAX_DECODED_BYTES} bytes, got ${got}; let CLS deliver fewer logs at a time`,
  );
}

/** Also counts braces and brackets inside texts, which are parsed later, line by line. */
function requireFewValues(decoded: Buffer): void {
  if (decoded.length < MAX_VALUES * 3) return;
  let values = 0;
  for (const byte of decoded) if (byte === 0x7b || byte === 0x5b) values++;
  if (values <= MAX_VALUES) return;
  throw new ClsEventError(
    `clslogs.data must hold at most ${MAX_VALUES} objects and lists, got ${values}; let CLS deliver fewer logs at a time`,
  );
}

function wrong(path: string, what: string, value: unknown): ClsEventError {
  return new ClsEventError(`${path} must be ${what}, got ${kindOf(value)}; only events of a CLS trigger can be read`);
}

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

/** An event of CLS that was broken on its way; the message never quotes the event. */
export class ClsEventError extends Error {
  override readonly name = "ClsEventError";
  readonly code = "LOGS_EVENT";
}

/** What an event of CLS holds. */
export interface ClsEvent {
  readonly topicId: string;
  /** SHA-256 of the decoded event, 32 hex digits: the same for each delivery of the same logs. */
  readonly hash: string;
  /** Bytes of the logs as CLS packed them. */
  readonly bytes: number;
  /** They are proven to be JSON; whether each is a record, reading them tells. */
  readonly logs: DeliveredLogs;
}

/**
 * Most bytes that an event may unpack to. SCF takes 128 KB of it, base64 included, so that is 170 times as much; logs pack
 * 5:1 to 50:1, deflate at most 1032:1. They are in memory once, and as far as they are read, as lines once more.
 */
const MAX_DECODED_BYTES = 16 * 1024 * 1024;

/** Most objects and lists in an event: each takes 16 to 56 bytes of memory and more, for three of the text. */
const MAX_VALUES = 1_000_000;

/** Bytes that are unpacked at a time: most events take four to ten such steps. */
const UNPACKED_AT_ONCE = 256 * 1024;

/**
 * The event of a CLS trigger, unpacked and not read. What looks for a text in it may find in a fraction of the time of
 * reading that there is none, and read it only where there is one:
 *
 * ```ts
 * const opened = openClsEvent(event);
 * if (opened.json.includes("panic")) use(opened.read().logs);
 * ```
 *
 * {@link DeliveredLogs} says how a text of a log stands in `json`. Nothing is known of an event that is not read but that it
 * could be unpacked: neither that it is JSON, nor its topic, nor its hash.
 */
export interface OpenedEvent {
  /** The event's JSON, UTF-8: where it was not, with U+FFFD for what was none. */
  readonly json: Buffer;
  /** Bytes of the logs as CLS packed them. */
  readonly bytes: number;
  /** Proves what it holds. @throws {@link ClsEventError} where it is broken */
  read(): ClsEvent;
}

/**
 * Decodes the event of a CLS trigger (https://cloud.tencent.com/document/product/583/49587): `clslogs.data` is base64 of
 * JSON, packed with gzip or zlib or not at all, which its first bytes tell.
 *
 * @throws {@link ForeignEventError} where it is the event of something else, {@link ClsEventError} where it cannot be unpacked
 */
export function openClsEvent(event: unknown): OpenedEvent {
  if (!isObject(event) || !("clslogs" in event)) throw new ForeignEventError("a CLS trigger", event);
  const envelope = new CheckedObject(event.clslogs, "clslogs", wrong);
  const data = Buffer.from(envelope.text("data"), "base64");
  return openDecoded(unpack(data), data.length);
}

/**
 * Opens an event that is unpacked.
 *
 * @param bytes of the logs as CLS packed them
 * @throws {@link ClsEventError} where it is too large
 */
export function openDecoded(decoded: Buffer, bytes: number): OpenedEvent {
  if (decoded.length > MAX_DECODED_BYTES) throw tooLarge(`${decoded.length}`);
  const json = isUtf8(decoded) ? decoded : Buffer.from(decoded.toString());
  return { json, bytes, read: () => new ReadEvent(json, decoded, bytes) };
}

/**
 * Opens the event of a CLS trigger and proves what it holds, where it stands: none of its logs is made. What a log means,
 * `log-line.ts` says.
 *
 * @throws {@link ForeignEventError} where it is the event of something else, {@link ClsEventError} where it is broken
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

  /** Made when it is asked for: it takes about as long as all the rest. */
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

/** What counts of the event's JSON, whatever it is. Of names that stand there twice the last one counts. */
interface Body {
  topicId?: unknown;
  /** Logs where it is a list, else the value. */
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

/** Takes a member, from its key on; returns the offset behind it. */
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

/** Counts those in texts as well, which come to be read line by line. */
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

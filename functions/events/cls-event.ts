import { gunzipSync, inflateSync } from "node:zlib";
import { CheckedObject, isObject, kindOf, objectIn } from "../runtime/checked-json";
import { jsonOf } from "../runtime/deep-json";
import { builtin } from "../tencent/builtin";
import { ForeignEventError } from "./event-kind";

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
  /** The logs as JSON lines, in their order and one line each, a few at a time. */
  lines(): IterableIterator<Uint8Array>;
}

/**
 * Most bytes that an event may unpack to. SCF takes 128 KB of it, base64 included, so that is 170 times as much; logs pack
 * 5:1 to 50:1, deflate at most 1032:1. Text, logs and lines are in memory at once, some eight times these bytes.
 */
const MAX_DECODED_BYTES = 16 * 1024 * 1024;

/** Most objects and lists in an event: each takes 16 to 56 bytes of memory and more, for three of the text. */
const MAX_VALUES = 1_000_000;

/** Where a run of lines ends: at the first limit that is reached. */
const LOGS_PER_CHUNK = 500;
const CHARACTERS_PER_CHUNK = 256 * 1024;

/**
 * Decodes the event of a CLS trigger (https://cloud.tencent.com/document/product/583/49587): `clslogs.data` is base64 of
 * JSON, packed with gzip or zlib or not at all, which its first bytes tell.
 *
 * A log's `content` is the JSON text of an object, or plain text. The first becomes the line as it is; the second becomes
 * `__CONTENT__`, as in a full-text topic. The log's time stands in front as `__TIMESTAMP__`, in milliseconds, where the
 * content has none: name and unit are those of logs that CLS ships to COS. A log without `content` becomes a line that is
 * no record.
 *
 * @throws {@link ForeignEventError} where it is the event of something else, {@link ClsEventError} where it is broken
 */
export function readClsEvent(event: unknown): ClsEvent {
  if (!isObject(event) || !("clslogs" in event)) throw new ForeignEventError("a CLS trigger", event);
  const envelope = new CheckedObject(event.clslogs, "clslogs", wrong);
  const data = Buffer.from(envelope.text("data"), "base64");
  const decoded = unpack(data);
  if (decoded.length > MAX_DECODED_BYTES) throw tooLarge(`${decoded.length}`);
  requireFewValues(decoded);
  const body = new CheckedObject(parse(decoded.toString()), "clslogs.data", wrong);
  const [topicId, records] = [body.value("topic_id"), body.value("records")];
  if (typeof topicId !== "string" || !/^[\w-]+$/.test(topicId)) throw wrong("topic_id", "the id of a topic", topicId);
  if (!Array.isArray(records)) throw wrong("records", "a list", records);
  const hash = builtin("node:crypto").createHash("sha256").update(decoded).digest("hex").slice(0, 32);
  return { topicId, hash, bytes: data.length, lines: () => linesOf(records) };
}

function unpack(data: Buffer): Buffer {
  const options = { maxOutputLength: MAX_DECODED_BYTES };
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ClsEventError(`clslogs.data must be base64 of JSON, got ${text.length} characters of something else`);
  }
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

function* linesOf(records: readonly unknown[]): IterableIterator<Uint8Array> {
  let lines: string[] = [];
  let characters = 0;
  for (const record of records) {
    const line = `${lineOf(record)}\n`;
    lines.push(line);
    characters += line.length;
    if (lines.length < LOGS_PER_CHUNK && characters < CHARACTERS_PER_CHUNK) continue;
    yield Buffer.from(lines.join(""));
    lines = [];
    characters = 0;
  }
  if (lines.length > 0) yield Buffer.from(lines.join(""));
}

function lineOf(record: unknown): string {
  const { content, timestamp } = (record ?? {}) as { content?: unknown; timestamp?: unknown };
  const milliseconds = toMilliseconds(timestamp);
  if (typeof content === "string") return content === "" ? "" : lineOfText(content, milliseconds);
  if (!isObject(content)) return jsonOf([record]);
  return stamped(jsonOf(content), content, milliseconds);
}

function lineOfText(content: string, milliseconds: number | undefined): string {
  // What is no object is a text of its own, whether it is JSON or not; most such texts need no parser to tell.
  const fields = /^\s*\{/.test(content) ? objectIn(content) : undefined;
  if (fields === undefined) return stamped(JSON.stringify({ __CONTENT__: content }), {}, milliseconds);
  const json = content.trim();
  // JSON's line feeds are spaces between its tokens: inside a string they are escaped.
  return stamped(json.includes("\n") ? json.replace(/\r?\n/g, " ") : json, fields, milliseconds);
}

/** Puts the time in front, so that the rest of the line stays as it came. */
function stamped(json: string, fields: object, milliseconds: number | undefined): string {
  if (milliseconds === undefined || "__TIMESTAMP__" in fields) return json;
  const rest = json.slice(1).trimStart();
  return `{"__TIMESTAMP__":${milliseconds}${rest === "}" ? "" : ","}${rest}`;
}

/** Of microseconds, as a string in the documentation and as a number in Tencent's own examples. */
function toMilliseconds(timestamp: unknown): number | undefined {
  const microseconds = typeof timestamp === "string" && timestamp !== "" ? Number(timestamp) : timestamp;
  if (typeof microseconds !== "number" || !Number.isFinite(microseconds)) return undefined;
  return Math.floor(microseconds / 1000);
}

function wrong(path: string, what: string, value: unknown): ClsEventError {
  return new ClsEventError(`${path} must be ${what}, got ${kindOf(value)}; only events of a CLS trigger can be read`);
}

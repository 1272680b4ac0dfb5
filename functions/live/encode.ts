import type { During, Waiting } from "./backlog";
import type { LiveOrigin } from "./record";

/**
 * Encodes records as the body of an upload, in protobuf: the same bytes that `encodeLogGroupList` creates from `clsLogOf`
 * of each.
 *
 * There are two writers of these bytes. The outputs' writer (functions/outputs/log-group.ts) copies values from the bytes
 * of an input, and keeps logs separate, so that each can go into any request. This one has texts, thousands of which differ
 * only in number, time and text and are sent together. It joins them as a string of bytes (Latin-1), in native code. A
 * function pays for each line, mostly in code that has run only a few times: 4,500 lines took 12 to 18 ms of CPU time in
 * the first call and 3 from the fourth on; with the other writer, 106 to 124 ms and 48 to 70 (Node 20, two busy cores). The
 * outputs have no use for strings.
 *
 * @param run number of the current run of the handler: records of another run are late
 */
export function encodeRecords(records: readonly Waiting[], origin: LiveOrigin, run: number): Buffer {
  const shared =
    pair("function", origin.function) +
    pair("namespace", origin.namespace) +
    pair("version", origin.version) +
    pair("instance", origin.instance);
  const group = new Group(records);
  for (const record of records) {
    // Except for number, time and text, many records have the same contents.
    const head = pair("kind", record.kind) + shared + headOf(record, run);
    if (record.kind === "line" && record.piece === undefined) addLines(group, record, head);
    else group.add(message(1, timeField(record.times[0]) + head + restOf(record)));
  }
  return group.message();
}

function headOf({ kind, during, level, stream }: Waiting, run: number): string {
  const late = isLate(during, run) ? pair("late", "1") : "";
  const line = kind === "line" ? pair("level", level ?? "") + pair("stream", stream ?? "") : "";
  return pair("request_id", during.requestId) + late + line;
}

function restOf({ kind, seq, times, texts, piece, lines, droppedBytes }: Waiting): string {
  const numbers = pair("seq", String(seq)) + pair("time", String(times[0]));
  if (kind === "line") return numbers + pair("text", texts[0]) + pair("piece", piece ?? "");
  return numbers + pair("lines", String(lines)) + (kind === "dropped" ? pair("bytes", String(droppedBytes)) : "");
}

/** Adds lines; only their differing parts are encoded per line. */
function addLines(group: Group, { seq: first, times, texts }: Waiting, head: string): void {
  /** By the number of bytes of the text. */
  const textHeads = new Map<number, string>();
  let [millisecond, digits, timeDigits] = [-1, 0, 0];
  let [begin, seqHead, timeHead] = ["", "", ""];
  for (let index = 0; index < texts.length; index++) {
    const seq = String(first + index);
    if (seq.length !== digits) {
      digits = seq.length;
      seqHead = pairHead("seq", digits);
    }
    const time = String(times[index]);
    if (time.length !== timeDigits) {
      timeDigits = time.length;
      timeHead = pairHead("time", timeDigits);
    }
    const itsMillisecond = Math.floor(times[index] / 1000);
    if (itsMillisecond !== millisecond) {
      millisecond = itsMillisecond;
      begin = flat(timeField(times[index]) + head);
    }
    const text = bytesOf(texts[index]);
    let textHead = textHeads.get(text.length);
    if (textHead === undefined) textHeads.set(text.length, (textHead = flat(pairHead("text", text.length))));
    const length =
      begin.length + seqHead.length + digits + timeHead.length + timeDigits + textHead.length + text.length;
    group.add(`${LOG}${varint(length)}${begin}${seqHead}${seq}${timeHead}${time}${textHead}${text}`);
  }
}

/** Logs that are joined at a time: the strings of a thousand would survive a minor garbage collection. */
const JOINED = 64;

/** Maximum bytes of the field and the length before a group. */
const GROUP_HEAD_BYTES = 5;

/** Approximate bytes of a log in addition to its text. */
const USUAL_BYTES = 300;

/** Writes logs as a group into one growing buffer. */
class Group {
  #bytes: Buffer;
  #end = GROUP_HEAD_BYTES;
  #logs: string[] = [];

  constructor(records: readonly Waiting[]) {
    const usual = records.reduce((sum, { times, bytes }) => sum + times.length * USUAL_BYTES + bytes, 0);
    this.#bytes = Buffer.allocUnsafe(GROUP_HEAD_BYTES + usual);
  }

  add(log: string): void {
    if (this.#logs.push(log) === JOINED) this.#write();
  }

  /** Everything added, as a message of field 1. */
  message(): Buffer {
    this.#write();
    const head = tag(1, 2) + varint(this.#end - GROUP_HEAD_BYTES);
    const start = GROUP_HEAD_BYTES - head.length;
    this.#bytes.write(head, start, "latin1");
    return this.#bytes.subarray(start, this.#end);
  }

  #write(): void {
    const logs = this.#logs.join("");
    this.#logs = [];
    if (this.#end + logs.length > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(2 * (this.#end + logs.length));
      this.#bytes.copy(larger, 0, 0, this.#end);
      this.#bytes = larger;
    }
    this.#end += this.#bytes.write(logs, this.#end, "latin1");
  }
}

/** Records from outside of a run, such as while modules load, are never late. */
function isLate({ requestId, run }: During, current: number): boolean {
  return run !== current && requestId !== "";
}

// Byte strings: each character is one byte.

/** Tag of a log in its group. */
const LOG = tag(1, 2);

/** The time of a log, in milliseconds, as its field 1. */
function timeField(time: number): string {
  return tag(1, 0) + varint(Math.floor(time / 1000));
}

/** A key and its value, as a message of field 2, which CLS calls a content. */
function pair(key: string, value: string): string {
  const bytes = bytesOf(value);
  return pairHead(key, bytes.length) + bytes;
}

/** The part of a pair before its value. */
function pairHead(key: string, valueBytes: number): string {
  const inner = message(1, key) + tag(2, 2) + varint(valueBytes);
  return tag(2, 2) + varint(inner.length + valueBytes) + inner;
}

function message(field: number, content: string): string {
  return tag(field, 2) + varint(content.length) + content;
}

function tag(field: number, wireType: number): string {
  return String.fromCharCode((field << 3) | wireType);
}

function varint(value: number): string {
  if (value < 128) return String.fromCharCode(value);
  return String.fromCharCode((value % 128) | 128) + varint(Math.floor(value / 128));
}

/** The same text in one piece instead of a concatenation, so that thousands of copies of it are fast. */
function flat(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}

/** The UTF-8 of a text. If each character is one byte, as in nearly all texts, it is the text itself. */
function bytesOf(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString("latin1");
}

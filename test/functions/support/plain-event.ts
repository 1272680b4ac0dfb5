import { lineOfLog } from "../../../functions/events/log-line";
import { parseLogs } from "../../../functions/parser/parse-logs";
import { parse } from "../../../functions/parser/parse";
import { readClsEvent } from "../../../functions/events/cls-event";
import type { ParseCounts } from "../../../functions/parser/counts";
import type { ParsedBatch } from "../../../functions/records/contracts";
import type { RecordCheck } from "../../../functions/settings";
import { collect } from "./bytes";

/** Result of reading an event: everything that outputs and notes can see. */
export interface ReadEvent {
  readonly topicId: string;
  readonly counts: ParseCounts;
  readonly error: string | undefined;
  /** Records and invalid lines by batch: place, reason, bytes, and fields. */
  readonly batches: readonly (readonly unknown[])[];
}

export interface Reading {
  readonly check: RecordCheck;
  readonly maxLineBytes: number;
}

export function eventOf(json: Uint8Array, pack: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes): object {
  return { clslogs: { data: Buffer.from(pack(json)).toString("base64") } };
}

/** An event, read in place; the error's message if it is invalid. */
export async function readInPlace(json: Uint8Array, reading: Reading): Promise<ReadEvent | string> {
  try {
    const { topicId, logs } = readClsEvent(eventOf(json));
    return await told(topicId, (counts) => parseLogs(logs, { object: "cls://t/h", ...reading }, counts));
  } catch (error) {
    return (error as Error).message;
  }
}

/** An event, read by two calls of JSON.parse for each log and the reader of lines. */
export async function readPlainly(json: Uint8Array, reading: Reading): Promise<ReadEvent | string> {
  let body: unknown;
  const text = Buffer.from(json).toString();
  try {
    body = JSON.parse(text);
  } catch {
    return `clslogs.data must be base64 of JSON, got ${text.length} characters of something else`;
  }
  const wrong = (path: string, what: string, got: string) =>
    `${path} must be ${what}, got ${got}; only events of a CLS trigger can be read`;
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return wrong("clslogs.data", "an object", kindOf(body));
  }
  const { topic_id: topicId, records } = body as { topic_id?: unknown; records?: unknown };
  if (typeof topicId !== "string" || !/^[\w-]+$/.test(topicId)) {
    return wrong("topic_id", "the id of a topic", kindOf(topicId));
  }
  if (!Array.isArray(records)) return wrong("records", "a list", kindOf(records));
  const lines = Buffer.from(records.map((log) => `${lineOfLog(log)}\n`).join(""));
  return told(topicId, (counts) => parse([lines], { object: "cls://t/h", ...reading }, counts));
}

async function told(topicId: string, read: (counts: ParseCounts) => AsyncIterable<ParsedBatch>): Promise<ReadEvent> {
  const counts = { lines: 0, records: 0, invalid: 0 };
  const { items, error } = await collect(read(counts));
  const batches = items.map(({ records, invalid }) => [
    ...records.map((record) => [record.place, textOf(record.raw), fieldsOf(() => record.fields)]),
    ...invalid.map(({ place, raw, reason }) => [place, textOf(raw), reason]),
  ]);
  return { topicId, counts, error: (error as Error | undefined)?.message, batches };
}

/** As JSON, which preserves their order; lines whose ends only are checked can have none. */
function fieldsOf(read: () => object): string {
  try {
    return JSON.stringify(read());
  } catch (error) {
    return (error as Error).name;
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function kindOf(value: unknown): string {
  if (value === "") return "an empty one";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value;
}

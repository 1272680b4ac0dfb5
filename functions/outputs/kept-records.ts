import { gunzipSync, gzipSync } from "node:zlib";
import type { ClsLabels, OutgoingRecord } from "../records/contracts";
import { lineOf, LineRecord, provenBufferOf, type ProvenRecord } from "../records/line-record";
import { bufferOf } from "../runtime/buffer";
import type { KeptAs } from "./parcel";
import { Slabs, type Stretch } from "./slabs";

/** A record of a batch with its unique id. */
export interface KeptRecord {
  /** Its `log_id`. */
  readonly id: string;
  readonly record: OutgoingRecord;
}

/** Maximum bytes of a line end. */
const LINE_END_BYTES = 2;

const NOTHING: Stretch = { buffer: Buffer.alloc(0), start: 0, end: 0 };

/** Number of label sets that are cached for the records that share them. */
const MOST_LABELS = 1000;

/** Maximum bytes that are copied ahead of requests. */
const MOST_AHEAD = 16 * 1024;

/**
 * Copies records so that a batch can keep them until it is full, which can take most of the input. A record as it was read
 * refers to buffers of up to 1 MiB, which it would keep in memory; its copy shares memory only with other records of the
 * batch.
 */
export class OwnRecords {
  readonly #labels = new Map<string, ClsLabels>();
  readonly #slabs = new Slabs();
  /** The last copy of a buffer: its range there, and where the copy is. */
  #buffer: Buffer | undefined;
  #from = 0;
  #to = 0;
  #copy: Stretch = NOTHING;
  /** End of the last requested line, and the bytes of the lines before it that follow each other without a gap. */
  #lastEnd = 0;
  #run = 0;

  own(record: OutgoingRecord): OutgoingRecord {
    const { labels, place } = record;
    const own = labels === undefined ? undefined : this.#ownLabels(labels);
    const { buffer, start, end } = this.#ownLine(record);
    return new LineRecord(buffer, place, own, start, end);
  }

  #ownLine(record: OutgoingRecord): Stretch {
    const proven = provenBufferOf(record);
    if (proven) {
      const { start, end } = record as ProvenRecord;
      return this.#ownBytes(proven, start, end);
    }
    const line = lineOf(record);
    const own = this.#slabs.take(line.length);
    own.buffer.set(line, own.start);
    return own;
  }

  /**
   * Consecutive lines are copied many at a time: as many bytes ahead as were requested without a gap, so that few are
   * copied in vain.
   */
  #ownBytes(buffer: Buffer, start: number, end: number): Stretch {
    const isNext = buffer === this.#buffer && start >= this.#lastEnd && start <= this.#lastEnd + LINE_END_BYTES;
    this.#run = isNext ? this.#run + end - this.#lastEnd : 0;
    this.#lastEnd = end;
    if (buffer !== this.#buffer || start < this.#from || end > this.#to) {
      const ahead = Math.min(this.#run, MOST_AHEAD, buffer.length - end);
      this.#buffer = buffer;
      this.#from = start;
      this.#to = end + ahead;
      this.#copy = this.#slabs.take(this.#to - start);
      this.#copy.buffer.set(buffer.subarray(start, this.#to), this.#copy.start);
    }
    const own = this.#copy.start + start - this.#from;
    return { buffer: this.#copy.buffer, start: own, end: own + end - start };
  }

  #ownLabels(labels: ClsLabels): ClsLabels {
    const json = JSON.stringify(labels);
    const known = this.#labels.get(json);
    if (known) return known;
    if (this.#labels.size >= MOST_LABELS) this.#labels.clear();
    const own = JSON.parse(json) as ClsLabels;
    this.#labels.set(json, own);
    return own;
  }
}

const LINE_FEED = Buffer.from("\n");
const END = Buffer.from("}");

/**
 * Records as gzip JSON lines `{ "log_id", "labels", "record" }`, in which `record` is the record's line, byte for byte: all
 * that an output needs for a redelivery. A line that is not JSON, which would break the others, is stored as `base64`
 * instead.
 */
export function packRecords(kept: readonly KeptRecord[]): Uint8Array {
  const pieces = kept.flatMap(({ id, record }) => {
    const line = lineOf(record);
    if (isJsonLine(line)) return [headOf(id, record.labels), line, END, LINE_FEED];
    const base64 = Buffer.from(line).toString("base64");
    return [headOf(id, record.labels, "base64"), Buffer.from(`"${base64}"`), END, LINE_FEED];
  });
  return gzipSync(Buffer.concat(pieces));
}

/** Packs records in the form in which a kind of output accepts them again, each as a line of JSON. */
export function packAs(keptAs: KeptAs, kept: readonly KeptRecord[]): Uint8Array {
  if (keptAs === "records") return packRecords(kept);
  return gzipSync(Buffer.concat(kept.flatMap(({ record }) => [lineOf(record), LINE_FEED])));
}

function isJsonLine(line: Uint8Array): boolean {
  if (line.includes(LINE_FEED[0])) return false;
  try {
    JSON.parse(bufferOf(line).toString());
    return true;
  } catch {
    return false;
  }
}

/** Reads them back; throws if they are not such lines. @param object name of their places */
export function unpackRecords(lines: Uint8Array, object: string): KeptRecord[] {
  const all = gunzipSync(lines);
  const kept: KeptRecord[] = [];
  for (let start = 0; start < all.length;) {
    const end = all.indexOf(LINE_FEED, start);
    kept.push(unpack(all.subarray(start, end), { object, line: kept.length + 1, byte: start }));
    start = end + 1;
  }
  return kept;
}

function unpack(line: Buffer, place: OutgoingRecord["place"]): KeptRecord {
  const { log_id, labels, base64 } = headIn(line, place);
  if (base64 !== undefined) return { id: log_id, record: new LineRecord(Buffer.from(base64, "base64"), place, labels) };
  const raw = line.subarray(headOf(log_id, labels).length, -END.length);
  return { id: log_id, record: new LineRecord(raw, place, labels) };
}

interface Head {
  readonly log_id: string;
  readonly labels?: ClsLabels;
  /** The record's line, if it is not JSON. */
  readonly base64?: string;
}

/** What was kept with the record; an error never quotes the line. */
function headIn(line: Buffer, { line: number }: OutgoingRecord["place"]): Head {
  try {
    return JSON.parse(line.toString()) as Head;
  } catch {
    throw new Error(`line ${number} of the batch must be a record with its log_id as JSON, got something else`);
  }
}

function headOf(id: string, labels: ClsLabels | undefined, form = "record"): Buffer {
  const shown = labels === undefined ? "" : `"labels":${JSON.stringify(labels)},`;
  return Buffer.from(`{"log_id":${JSON.stringify(id)},${shown}"${form}":`);
}

import { isUtf8 } from "node:buffer";
import type { OutgoingRecord } from "../../records/contracts";
import { handerOf } from "../../records/field-taker";
import { provenBufferOf } from "../../records/line-record";
import { bufferOf } from "../../runtime/buffer";
import type { ElasticsearchOutputSettings } from "../../settings";
import type { Documents } from "../elasticsearch-part";
import { IsoTimes, timeOf } from "../record-time";
import { BULK_FILTER, mayPass, readBulkAnswer, readBulkRefusal } from "./answer";
import { IndexName } from "./index-name";

const TIME = "@timestamp";

/** Two lines of a request: the action, and the document. */
interface Item {
  /** Everything before the record's members. */
  readonly head: string;
  readonly line: Buffer;
  /** Start of the line's members, after its brace. */
  readonly from: number;
}

/** Documents in the form of `_bulk`, see `Documents`. */
export class BulkDocuments implements Documents<Item> {
  readonly path: string;
  readonly #timeField: string;
  readonly #now: number;
  readonly #index: IndexName;
  readonly #iso = new IsoTimes();
  readonly readAnswer = readBulkAnswer;
  readonly readRefusal = readBulkRefusal;
  readonly mayPass = mayPass;

  /** @param now time of records without one, in milliseconds since the epoch */
  constructor({ index, timeField }: ElasticsearchOutputSettings, now: number) {
    this.#timeField = timeField;
    this.#now = now;
    this.#index = new IndexName(index);
    const { fixed } = this.#index;
    this.path = `${fixed === undefined ? "" : `${encodeURIComponent(fixed)}/`}_bulk?filter_path=${BULK_FILTER}`;
  }

  make(record: OutgoingRecord, id: string, given: OutgoingRecord): { item: Item; bytes: number } {
    const isLine = provenBufferOf(given) !== undefined;
    const read = isProven(given) ? handerOf(given) : undefined;
    // The service would refuse a line that only looks like JSON, with a message that quotes it.
    if (!read) requireFields(record);
    const line = isLine && read ? bufferOf(record.raw) : oneLine(record.raw);
    const from = line.indexOf("{") + 1;
    const head = this.#headOf(read ?? record, id, isEmpty(line, from));
    return { item: { head, line, from }, bytes: head.length + line.length - from + 1 };
  }

  /** The lines of a request in one buffer. */
  request(items: readonly Item[]): Buffer {
    const bytes = items.reduce((sum, { head, line, from }) => sum + head.length + line.length - from + 1, 0);
    const body = Buffer.allocUnsafeSlow(bytes);
    let at = 0;
    for (const { head, line, from } of items) {
      at += body.write(head, at, "latin1");
      at += line.copy(body, at, from);
      body[at++] = 0x0a;
    }
    return body;
  }

  /** A record without its own time gets that of the invocation, so that a data stream accepts it. */
  #headOf(record: OutgoingRecord, id: string, isOnly: boolean): string {
    const time = timeOf(record.get(this.#timeField))?.ms;
    const hasOwn = record.has(TIME);
    const { fixed } = this.#index;
    const index = fixed === undefined ? `"_index":"${this.#index.at(time ?? timeOf(record.get(TIME))?.ms)}",` : "";
    const action = `{"create":{${index}"_id":"${id}"}}\n{`;
    if (hasOwn) return action;
    return `${action}"${TIME}":"${this.#iso.at(time ?? this.#now)}"${isOnly ? "" : ","}`;
  }
}

/** Whether the record's line is known to be JSON: a record that was counted by its shape is not checked. */
function isProven(record: OutgoingRecord): boolean {
  return !("provenIn" in record) || record.provenIn !== undefined;
}

/** @throws `RecordError` if a record's line is not JSON */
function requireFields({ fields }: OutgoingRecord): unknown {
  return fields;
}

/** A record's line as a single line of UTF-8: in JSON of several lines, line ends only occur between tokens. */
function oneLine(raw: Uint8Array): Buffer {
  const line = bufferOf(raw);
  const text = isUtf8(line) ? line : Buffer.from(line.toString());
  if (!text.includes(0x0a)) return text;
  const own = Buffer.from(text);
  for (let at = own.indexOf(0x0a); at >= 0; at = own.indexOf(0x0a, at)) own[at] = 0x20;
  return own;
}

/** Whether an object has no members. */
function isEmpty(line: Buffer, from: number): boolean {
  let at = from;
  while (line[at] === 0x20 || line[at] === 0x09 || line[at] === 0x0d) at++;
  return line[at] === 0x7d;
}

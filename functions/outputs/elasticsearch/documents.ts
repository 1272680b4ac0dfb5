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

/** Two lines of a request: what is to be done, and the document. */
interface Item {
  /** All in front of the record's members. */
  readonly head: string;
  readonly line: Buffer;
  /** Where the line's members begin, behind its brace. */
  readonly from: number;
}

/** Documents as `_bulk` takes them, see `Documents`. */
export class BulkDocuments implements Documents<Item> {
  readonly path: string;
  readonly #timeField: string;
  readonly #now: number;
  readonly #index: IndexName;
  readonly #iso = new IsoTimes();
  readonly readAnswer = readBulkAnswer;
  readonly readRefusal = readBulkRefusal;
  readonly mayPass = mayPass;

  /** @param now the time of records without one, in milliseconds since the epoch */
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
    // A line that only looks like JSON would be refused by the service, with words that quote it.
    if (!read) requireFields(record);
    const line = isLine && read ? bufferOf(record.raw) : oneLine(record.raw);
    const from = line.indexOf("{") + 1;
    const head = this.#headOf(read ?? record, id, isEmpty(line, from));
    return { item: { head, line, from }, bytes: head.length + line.length - from + 1 };
  }

  /** The lines of a request, in one piece of memory. */
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

  /** A record without a time of its own gets that of the invocation, so that a data stream takes it. */
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

/** Whether what tells of its fields one by one has a line that is JSON: of one that was counted by its shape nobody knows. */
function isProven(record: OutgoingRecord): boolean {
  return !("provenIn" in record) || record.provenIn !== undefined;
}

/** @throws `RecordError` where a record's line is no JSON */
function requireFields({ fields }: OutgoingRecord): unknown {
  return fields;
}

/** A line as one line of UTF-8: JSON of several lines has its line ends between its members only. */
function oneLine(raw: Uint8Array): Buffer {
  const line = bufferOf(raw);
  const text = isUtf8(line) ? line : Buffer.from(line.toString());
  if (!text.includes(0x0a)) return text;
  const own = Buffer.from(text);
  for (let at = own.indexOf(0x0a); at >= 0; at = own.indexOf(0x0a, at)) own[at] = 0x20;
  return own;
}

/** Whether an object has no member. */
function isEmpty(line: Buffer, from: number): boolean {
  let at = from;
  while (line[at] === 0x20 || line[at] === 0x09 || line[at] === 0x0d) at++;
  return line[at] === 0x7d;
}

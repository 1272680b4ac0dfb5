import { isUtf8 } from "node:buffer";
import type { OutgoingRecord } from "../records/contracts";
import { handerOf } from "../records/field-taker";
import type { ElasticsearchOutputSettings } from "../settings";
import { ServiceError } from "../tencent/service-error";
import { BatchedOutput } from "./batched-output";
import { notAcknowledged, PostError, postBody, readHeaderSecret } from "./body-post";
import { BULK_FILTER, BULK_FORM, mayPass, readBulkAnswer, readBulkRefusal } from "./bulk-answer";
import type { OutputContext } from "./context";
import { IndexName } from "./index-name";
import { PartlyTakenError, type RecordRefusal } from "./partly-taken";
import { IsoTimes, timeOf } from "./record-time";
import { readSecret } from "./secret";
import { targetOf, type WebhookTarget } from "./webhook-target";

/** Bytes of an answer for each record of its request, most of which is a reason. */
const ANSWER_BYTES = 8 * 1024;

const TIME = "@timestamp";

/** Two lines of a request: what is to be done, and the document. */
interface Item {
  /** All in front of the record's members. */
  readonly head: string;
  readonly line: Buffer;
  /** Where the line's members begin, behind its brace. */
  readonly from: number;
}

/**
 * Documents of an index or a data stream of Elasticsearch or OpenSearch. Each is created under its `log_id`, and one that is
 * there already counts as taken: a record that is delivered again makes no second document. What the service says of each
 * record is heeded: those that may be taken later are sent again, and only those; what it refuses for good goes to quarantine
 * with its reason.
 */
export class ElasticsearchOutput extends BatchedOutput<Item> {
  readonly #settings: ElasticsearchOutputSettings;
  readonly #target: WebhookTarget;
  readonly #authorization: Readonly<Record<string, string>>;
  readonly #index: IndexName;
  readonly #iso = new IsoTimes();

  constructor(settings: ElasticsearchOutputSettings, context: OutputContext) {
    super(context, { items: settings.maxBatchRecords, bytes: settings.maxBatchBytes });
    this.#settings = settings;
    this.#index = new IndexName(settings.index);
    this.#target = bulkTarget(settings.urlSecret, this.#index.fixed);
    this.#authorization = authorizationOf(settings);
  }

  protected make(record: OutgoingRecord, id: string, given: OutgoingRecord) {
    const isLine = (given as { readonly provenIn?: Buffer }).provenIn !== undefined;
    const read = isProven(given) ? handerOf(given) : undefined;
    // A line that only looks like JSON would be refused by the service, with words that quote it.
    if (!read) requireFields(record);
    const line = isLine && read ? bufferOf(record.raw) : oneLine(record.raw);
    const from = line.indexOf("{") + 1;
    const head = this.#headOf(read ?? record, id, isEmpty(line, from));
    return { item: { head, line, from }, bytes: head.length + line.length - from + 1 };
  }

  protected request(items: readonly Item[]) {
    const refused: RecordRefusal[] = [];
    let waiting = items.map((_, index) => index);
    let bytes = 0;
    const soFar = (last?: ServiceError) => new PartlyTakenError({ total: items.length, refused, waiting, bytes }, last);
    return async (signal: AbortSignal) => {
      try {
        const tried = waiting;
        const answer = await this.#post(
          tried.map((index) => items[index]),
          signal,
        );
        bytes += answer.sentBytes;
        refused.push(...answer.refused.map((one) => ({ ...one, index: tried[one.index] })));
        waiting = answer.waiting.map(({ index }) => tried[index]);
        if (waiting.length > 0) throw this.#later(answer.waiting, tried.length);
      } catch (error) {
        const isPart = waiting.length < items.length && error instanceof ServiceError;
        throw isPart ? soFar(error) : error;
      }
      if (refused.length > 0) throw soFar();
      return bytes;
    };
  }

  async #post(items: readonly Item[], signal: AbortSignal) {
    const { urlSecret: name, compression } = this.#settings;
    const body = bodyOf(items);
    const answer = await postBody(this.context.connections.servers, {
      name,
      target: this.#target,
      headers: { "content-type": "application/x-ndjson", ...this.#authorization },
      body,
      compression,
      maxAnswerBytes: 64 * 1024 + items.length * ANSWER_BYTES,
      signal,
    });
    const { statusCode, sentBytes } = answer;
    const isSuccess = statusCode >= 200 && statusCode < 300;
    if (!isSuccess) {
      throw new PostError({ name, body }, answer, readBulkRefusal(answer.body.toString()), mayPass(statusCode));
    }
    const read = readBulkAnswer(answer.body.toString(), items.length);
    if (!read) throw notAcknowledged(name, BULK_FORM, answer.body);
    return { ...read, sentBytes };
  }

  /** Some records may be taken by another try. */
  #later(waiting: readonly RecordRefusal[], tried: number): ServiceError {
    const [{ code }] = waiting;
    const text = `POST to ${this.#settings.urlSecret} left out ${waiting.length} of ${tried} records with code ${code}`;
    return new ServiceError(code, text, 503);
  }

  /** A record without a time of its own gets that of the invocation, so that a data stream takes it. */
  #headOf(record: OutgoingRecord, id: string, isOnly: boolean): string {
    const time = timeOf(record.get(this.#settings.timeField))?.ms;
    const hasOwn = record.has(TIME);
    const { fixed } = this.#index;
    const index = fixed === undefined ? `"_index":"${this.#index.at(time ?? timeOf(record.get(TIME))?.ms)}",` : "";
    const action = `{"create":{${index}"_id":"${id}"}}\n{`;
    if (hasOwn) return action;
    return `${action}"${TIME}":"${this.#iso.at(time ?? this.context.now)}"${isOnly ? "" : ","}`;
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

function bufferOf(raw: Uint8Array): Buffer {
  return Buffer.isBuffer(raw) ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
}

/** Whether an object has no member. */
function isEmpty(line: Buffer, from: number): boolean {
  let at = from;
  while (line[at] === 0x20 || line[at] === 0x09 || line[at] === 0x0d) at++;
  return line[at] === 0x7d;
}

/** The lines of a request, in one piece of memory. */
function bodyOf(items: readonly Item[]): Buffer {
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

/** `_bulk` of an address, whose path, if any, is where a proxy has the cluster. */
function bulkTarget(name: string, index: string | undefined): WebhookTarget {
  const target = targetOf(name, readSecret(name));
  const [path] = target.path.split("?");
  const base = path.endsWith("/") ? path : `${path}/`;
  const of = index === undefined ? "" : `${encodeURIComponent(index)}/`;
  return { ...target, path: `${base}${of}_bulk?filter_path=${BULK_FILTER}` };
}

function authorizationOf({
  username,
  passwordSecret,
  apiKeySecret,
}: ElasticsearchOutputSettings): Record<string, string> {
  if (apiKeySecret !== undefined) return { authorization: `ApiKey ${readHeaderSecret(apiKeySecret)}` };
  if (username === undefined || passwordSecret === undefined) return {};
  const login = `${username}:${readSecret(passwordSecret)}`;
  return { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
}

import { isUtf8 } from "node:buffer";
import type { FieldValue, OutgoingRecord } from "../records/contracts";
import { handerOf, handFields } from "../records/field-taker";
import { logError } from "../runtime/log";
import type { OtlpOutputSettings } from "../settings";
import { ServiceError } from "../tencent/service-error";
import { BatchedOutput } from "./batched-output";
import { notAcknowledged, PostError, postBody, publicWords, readHeaderSecret } from "./body-post";
import type { OutputContext } from "./context";
import { isRetryable, OTLP_FORM, readStatus, readSuccess } from "./otlp-answer";
import { JsonEncoder } from "./otlp-json";
import { ProtobufEncoder } from "./otlp-protobuf";
import { type LogHead, type LogRecordEncoder, type ResourceLogs, UID } from "./otlp-record";
import { timeOf } from "./record-time";
import { TakenFields } from "./taken-fields";
import { readSecret } from "./secret";
import { severityOf } from "./severity";
import type { Stretch } from "./slabs";
import { targetOf, type WebhookTarget } from "./webhook-target";

/** Longest answer of a success, in bytes. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Path of an address that has none: that of OTLP over HTTP. */
const DEFAULT_PATH = "/v1/logs";

interface Item {
  readonly log: Stretch;
  readonly resource: Resource;
}

/** What some records are of. */
interface Resource {
  /** The same for resources that are the same. */
  readonly key: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * Log records of a collector, or of whatever else takes OTLP over HTTP, at least once: each has `log.record.uid`, the same at
 * each delivery of the same record.
 *
 * The fields that the settings name become time, severity, trace, resource and body; the others become attributes. A record
 * without the field of the body has all that is left as its body. A field that cannot be what it is named for (a time that is
 * none, a trace id of another length) stays an attribute, so nothing is lost.
 */
export class OtlpOutput extends BatchedOutput<Item> {
  readonly #settings: OtlpOutputSettings;
  readonly #target: WebhookTarget;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #encoder: LogRecordEncoder;
  readonly #resources = new Map<string, Resource>();
  /** The resource of all records, where no field tells of it. */
  readonly #only: Resource;
  readonly #resourceFields: readonly (readonly [attribute: string, field: string])[];
  readonly #fields: TakenFields;
  #isWarned = false;

  constructor(settings: OtlpOutputSettings, context: OutputContext) {
    super(context, { items: settings.maxBatchRecords, bytes: settings.maxBatchBytes });
    this.#settings = settings;
    this.#target = logsTarget(settings.urlSecret);
    this.#headers = headersOf(settings);
    this.#encoder = settings.encoding === "json" ? new JsonEncoder() : new ProtobufEncoder();
    this.#resourceFields = Object.entries(settings.resourceFields ?? {});
    this.#only = { key: "", attributes: settings.resource ?? {} };
    const { timeField, severityField, bodyField, traceIdField, spanIdField } = settings;
    const named = [timeField, severityField, bodyField, traceIdField, spanIdField, ...Object.values(settings.resourceFields ?? {}), UID]; // prettier-ignore
    this.#fields = new TakenFields(this.#encoder, named);
  }

  protected make(record: OutgoingRecord, id: string, given: OutgoingRecord) {
    // One text that is not UTF-8 would have the whole request refused: what is read of such a line is.
    const read = (isUtf8(record.raw) && handerOf(given)) || record;
    const fields = this.#fields;
    fields.begin();
    this.#encoder.begin((read.get(this.#settings.bodyField) ?? undefined) === undefined);
    handFields(read, fields);
    const resource = this.#resourceOf(fields);
    const head = this.#headOf(fields, id);
    fields.writeRest();
    const log = this.#encoder.finish(head);
    return { item: { log, resource }, bytes: log.end - log.start };
  }

  protected request(items: readonly Item[]) {
    const groups = new Map<string, ResourceLogs & { readonly logs: Stretch[] }>();
    for (const { log, resource } of items) {
      const group = groups.get(resource.key) ?? { resource: resource.attributes, logs: [] };
      groups.set(resource.key, group);
      group.logs.push(log);
    }
    return (signal: AbortSignal) => this.#post([...groups.values()], items.length, signal);
  }

  async #post(groups: readonly ResourceLogs[], total: number, signal: AbortSignal): Promise<number> {
    const { urlSecret: name, compression } = this.#settings;
    const body = this.#encoder.request(groups);
    const answer = await postBody(this.context.connections.servers, {
      name,
      target: this.#target,
      headers: { ...this.#headers, "content-type": this.#encoder.contentType },
      body,
      compression,
      maxAnswerBytes: MAX_ANSWER_BYTES,
      signal,
    });
    const { statusCode } = answer;
    if (statusCode < 200 || statusCode >= 300) {
      const words = readStatus(answer);
      throw new PostError({ name, body }, answer, words === undefined ? {} : { words }, isRetryable(statusCode));
    }
    const success = readSuccess(answer);
    if (!success) throw notAcknowledged(name, OTLP_FORM, answer.body);
    const words = publicWords(success.words, body);
    if (success.rejected > 0) throw new RejectedRecordsError(name, success.rejected, total, words);
    if (success.words !== "") this.#warn(words);
    return answer.sentBytes;
  }

  /** What a service says beside a success, once for an input. */
  #warn(words: string): void {
    if (!this.#isWarned) logError(`${this.context.input.name}: output ${this.context.output} was told${words}`);
    this.#isWarned = true;
  }

  /** What the fields say that the settings name; those that say it are no attributes. */
  #headOf(fields: TakenFields, id: string): LogHead {
    const { timeField, severityField, bodyField, traceIdField, spanIdField } = this.#settings;
    const time = timeOf(fields.get(timeField));
    if (time?.isExact) fields.take(timeField);
    const severity = severityOf(fields.get(severityField));
    if (severity) fields.take(severityField);
    const body = fields.get(bodyField) ?? undefined;
    if (body !== undefined) fields.take(bodyField);
    return {
      timeMs: time?.ms,
      observedMs: this.context.now,
      severity,
      body,
      traceId: idIn(fields, traceIdField, 32),
      spanId: idIn(fields, spanIdField, 16),
      uid: fields.get(UID) === undefined ? id : undefined,
    };
  }

  #resourceOf(fields: TakenFields): Resource {
    if (this.#resourceFields.length === 0) return this.#only;
    const values = this.#resourceFields.map(([, field]) => textOf(fields.get(field)));
    for (const [at, [, field]] of this.#resourceFields.entries()) if (values[at] !== undefined) fields.take(field);
    const key = JSON.stringify(values);
    const known = this.#resources.get(key);
    if (known) return known;
    const own = this.#resourceFields.flatMap(([name], at) => (values[at] === undefined ? [] : [[name, values[at]]]));
    const resource = { key, attributes: { ...this.#settings.resource, ...(Object.fromEntries(own) as object) } };
    if (this.#resources.size >= MOST_RESOURCES) this.#resources.clear();
    this.#resources.set(key, resource);
    return resource;
  }
}

/** An id of so many hex digits; one of zeros is none. */
function idIn(fields: TakenFields, field: string, digits: number): string | undefined {
  const id = fields.get(field);
  if (typeof id !== "string" || id.length !== digits || !/^[\da-f]+$/i.test(id) || /^0+$/.test(id)) return undefined;
  fields.take(field);
  return id;
}

/** Resources that are kept for the records that share them. */
const MOST_RESOURCES = 1000;

/**
 * A success that leaves out records, and does not say which: OTLP forbids to send the request again, so the batch lies in
 * quarantine as a whole.
 */
class RejectedRecordsError extends ServiceError {
  override readonly name = "RejectedRecordsError";

  constructor(name: string, rejected: number, total: number, words: string) {
    super("PartialSuccess", `POST to ${name} left out ${rejected} of ${total} records${words}`, 200);
  }

  override get transient(): boolean {
    return false;
  }
}

function textOf(value: FieldValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function logsTarget(name: string): WebhookTarget {
  const target = targetOf(name, readSecret(name));
  const [path, query] = target.path.split("?");
  if (path !== "/") return target;
  return { ...target, path: query === undefined ? DEFAULT_PATH : `${DEFAULT_PATH}?${query}` };
}

function headersOf({ headers = {}, secretHeaders = {} }: OtlpOutputSettings): Record<string, string> {
  const secrets = Object.entries(secretHeaders).map(([name, variable]) => [name, readHeaderSecret(variable)]);
  const all = [...Object.entries(headers), ...(secrets as [string, string][])];
  return Object.fromEntries(all.map(([name, value]) => [name.toLowerCase(), value]));
}

import { isUtf8 } from "node:buffer";
import type { FieldValue, OutgoingRecord } from "../../records/contracts";
import { handerOf, handFields } from "../../records/field-taker";
import { provenBufferOf } from "../../records/line-record";
import type { OtlpOutputSettings } from "../../settings";
import type { OtlpLogs } from "../otlp-part";
import { timeOf } from "../record-time";
import type { Stretch } from "../slabs";
import { isRetryable, readStatus, readSuccess } from "./answer";
import { JsonEncoder } from "./json";
import { ProtobufEncoder } from "./protobuf";
import { type LogHead, type LogRecordEncoder, type ResourceLogs, UID } from "./record";
import { severityOf } from "./severity";
import { type Aside, TakenFields } from "./taken-fields";

/** Number of resources that are cached for the records that share them. */
const MOST_RESOURCES = 1000;

/** An encoded record; without its own resource, nothing else is kept. */
interface Item extends Stretch {
  readonly resource?: Resource;
}

/** The resource of some records. */
interface Resource {
  /** Equal for equal resources. */
  readonly key: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Encodes log records as OTLP, see `OtlpLogs`. */
export class Logs implements OtlpLogs<Item> {
  readonly #settings: OtlpOutputSettings;
  readonly #now: number;
  readonly #encoder: LogRecordEncoder;
  readonly #fields: TakenFields;
  readonly #time: Aside;
  readonly #severity: Aside;
  readonly #body: Aside;
  readonly #traceId: Aside;
  readonly #spanId: Aside;
  readonly #uid: Aside;
  readonly #resourceFields: readonly { readonly attribute: string; readonly field: Aside }[];
  readonly #resources = new Map<string, Resource>();
  /** The resource of all records, if no field determines it. */
  readonly #only: Resource;
  readonly isRetryable = isRetryable;
  readonly readStatus = readStatus;
  readonly readSuccess = readSuccess;

  /** @param now when records are observed, in milliseconds since the epoch */
  constructor(settings: OtlpOutputSettings, now: number) {
    this.#settings = settings;
    this.#now = now;
    this.#encoder = settings.encoding === "json" ? new JsonEncoder() : new ProtobufEncoder();
    this.#only = { key: "", attributes: settings.resource ?? {} };
    const fields = (this.#fields = new TakenFields(this.#encoder));
    this.#time = fields.aside(settings.timeField);
    this.#severity = fields.aside(settings.severityField);
    this.#body = fields.aside(settings.bodyField);
    this.#traceId = fields.aside(settings.traceIdField);
    this.#spanId = fields.aside(settings.spanIdField);
    const named = Object.entries(settings.resourceFields ?? {});
    this.#resourceFields = named.map(([attribute, field]) => ({ attribute, field: fields.aside(field) }));
    this.#uid = fields.aside(UID);
  }

  get contentType(): string {
    return this.#encoder.contentType;
  }

  make(record: OutgoingRecord, id: string, given: OutgoingRecord): { item: Item; bytes: number } {
    // A single text that is not UTF-8 would cause the whole request to be refused; fields that are parsed from such a line
    // are valid.
    const read = (isOfUtf8(given, record) && handerOf(given)) || record;
    const fields = this.#fields;
    fields.begin();
    this.#encoder.begin(!hasValue(read, this.#settings.bodyField));
    handFields(read, fields);
    const resource = this.#resourceOf();
    const head = this.#headOf(id);
    fields.writeRest();
    const log = this.#encoder.finish(head);
    const item = resource === this.#only ? log : { ...log, resource };
    return { item, bytes: log.end - log.start };
  }

  request(items: readonly Item[]): Buffer {
    const groups = new Map<string, ResourceLogs & { readonly logs: Stretch[] }>();
    for (const item of items) {
      const { key, attributes } = item.resource ?? this.#only;
      const group = groups.get(key) ?? { resource: attributes, logs: [] };
      groups.set(key, group);
      group.logs.push(item);
    }
    return this.#encoder.request([...groups.values()]);
  }

  /** The values of the fields that the settings name; fields that are used here do not become attributes. */
  #headOf(id: string): LogHead {
    const time = timeOf(this.#time.value);
    if (time?.isExact) this.#time.take();
    const severity = severityOf(this.#severity.value);
    if (severity) this.#severity.take();
    return {
      timeMs: time?.ms,
      observedMs: this.#now,
      severity,
      body: this.#takeBody(),
      traceId: idIn(this.#traceId, 32),
      spanId: idIn(this.#spanId, 16),
      uid: this.#uid.isThere ? undefined : id,
    };
  }

  /** Text is used in place. */
  #takeBody(): LogHead["body"] {
    const { text } = this.#body;
    const body = text ? { text, value: undefined } : { text, value: this.#body.value ?? undefined };
    if (!text && body.value === undefined) return undefined;
    this.#body.take();
    return body;
  }

  #resourceOf(): Resource {
    if (this.#resourceFields.length === 0) return this.#only;
    const values = this.#resourceFields.map(({ field }) => textOf(field.value));
    for (const [at, { field }] of this.#resourceFields.entries()) if (values[at] !== undefined) field.take();
    const key = JSON.stringify(values);
    const known = this.#resources.get(key);
    if (known) return known;
    const own = this.#resourceFields.flatMap(({ attribute }, at) =>
      values[at] === undefined ? [] : [[attribute, values[at]]],
    );
    const resource = { key, attributes: { ...this.#settings.resource, ...(Object.fromEntries(own) as object) } };
    if (this.#resources.size >= MOST_RESOURCES) this.#resources.clear();
    this.#resources.set(key, resource);
    return resource;
  }
}

/** Whether a record's line is UTF-8, if that is not proven already. */
function isOfUtf8(given: OutgoingRecord, record: OutgoingRecord): boolean {
  return provenBufferOf(given) !== undefined || isUtf8(record.raw);
}

function hasValue(record: OutgoingRecord, name: string): boolean {
  return record.has(name) && (record.get(name) ?? undefined) !== undefined;
}

/** An id of this number of hex digits; all zeros is not an id. */
function idIn(field: Aside, digits: number): string | undefined {
  const id = field.value;
  if (typeof id !== "string" || id.length !== digits || !/^[\da-f]+$/i.test(id) || /^0+$/.test(id)) return undefined;
  field.take();
  return id;
}

function textOf(value: FieldValue | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

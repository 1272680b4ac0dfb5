import type { FieldValue } from "../records/contracts";
import { ByteWriter } from "./byte-writer";
import {
  attributeName,
  bytesOf,
  copyAll,
  type LogHead,
  type LogRecordEncoder,
  MOST_NESTED,
  type ResourceLogs,
  SCOPE,
  UID,
} from "./otlp-record";
import type { Stretch } from "./slabs";

const MOST_NAMES = 1000;
const COMMA = 0x2c;
const TEXT_BEGIN = Buffer.from('{"stringValue":"');
const TEXT_END = Buffer.from('"}}');

/**
 * OTLP in JSON, as protobuf's mapping has it but for ids, which are hex
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): integers of 64 bits are texts, names are in camel case.
 */
export class JsonEncoder implements LogRecordEncoder {
  readonly contentType = "application/json";
  readonly #writer = new ByteWriter();
  readonly #keys = new Map<string, Buffer>();
  #isBody = false;
  #isFirst = true;

  begin(isBody: boolean): void {
    this.#writer.begin();
    this.#isBody = isBody;
    this.#isFirst = true;
    this.#writer.text(isBody ? '{"body":{"kvlistValue":{"values":[' : '{"attributes":[');
  }

  text(name: string, bytes: Buffer, start: number, end: number): void {
    this.#key(name);
    this.#writer.reserve(TEXT_BEGIN.length + end - start + TEXT_END.length);
    this.#writer.copy(TEXT_BEGIN);
    // It stands in JSON without an escape, and so it may here.
    this.#writer.copy(bytes, start, end);
    this.#writer.copy(TEXT_END);
  }

  value(name: string, value: FieldValue): void {
    this.#key(name);
    this.#writer.text(`${JSON.stringify(anyValue(value))}}`);
  }

  finish({ timeMs, observedMs, severity, body, traceId, spanId, uid }: LogHead): Stretch {
    if (this.#isBody) {
      this.#writer.text(']}},"attributes":[');
      this.#isFirst = true;
    }
    if (uid !== undefined) this.value(UID, uid);
    let end = `],"observedTimeUnixNano":"${nanoseconds(observedMs)}"`;
    if (timeMs !== undefined) end += `,"timeUnixNano":"${nanoseconds(timeMs)}"`;
    if (severity && severity.number > 0) end += `,"severityNumber":${severity.number}`;
    if (severity) end += `,"severityText":${JSON.stringify(severity.text)}`;
    if (traceId !== undefined) end += `,"traceId":"${traceId.toLowerCase()}"`;
    if (spanId !== undefined) end += `,"spanId":"${spanId.toLowerCase()}"`;
    if (body !== undefined) end += `,"body":${JSON.stringify(anyValue(body))}`;
    this.#writer.text(`${end}},`);
    return this.#writer.take();
  }

  request(groups: readonly ResourceLogs[]): Buffer {
    const heads = groups.map(({ resource }) => {
      const attributes = Object.entries(resource).map(([name, value]) => ({
        key: attributeName(name),
        value: anyValue(value),
      }));
      const scope = JSON.stringify({ name: SCOPE });
      return Buffer.from(`{"resource":${JSON.stringify({ attributes })},"scopeLogs":[{"scope":${scope},"logRecords":[`);
    });
    const [open, close] = ['{"resourceLogs":[', "]}"];
    const ends = "]}]},";
    const bytes = groups.reduce((sum, { logs }, at) => sum + heads[at].length + bytesOf(logs) - 1 + ends.length, 0);
    const body = Buffer.allocUnsafeSlow(open.length + bytes - 1 + close.length);
    let end = body.write(open);
    for (const [at, { logs }] of groups.entries()) {
      end += heads[at].copy(body, end);
      // Each log has a comma behind it, and the last of a group must have none.
      end = copyAll(logs, body, end) - 1;
      end += body.write(at === groups.length - 1 ? ends.slice(0, -1) : ends, end);
    }
    body.write(close, end);
    return body;
  }

  #key(name: string): void {
    const key = this.#keyOf(name);
    this.#writer.reserve(key.length + 1);
    if (!this.#isFirst) this.#writer.byte(COMMA);
    this.#isFirst = false;
    this.#writer.copy(key);
  }

  #keyOf(name: string): Buffer {
    const known = this.#keys.get(name);
    if (known) return known;
    const key = Buffer.from(`{"key":${JSON.stringify(attributeName(name))},"value":`);
    if (this.#keys.size < MOST_NAMES) this.#keys.set(name, key);
    return key;
  }
}

function nanoseconds(ms: number): string {
  return `${ms}000000`;
}

/** A value as JSON has an `AnyValue`. */
function anyValue(value: FieldValue, depth = 0): object {
  if (value === null) return {};
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  if (depth >= MOST_NESTED) return { stringValue: JSON.stringify(value) };
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => anyValue(item, depth + 1)) } };
  const values = Object.entries(value).map(([name, item]) => ({
    key: attributeName(name),
    value: anyValue(item, depth + 1),
  }));
  return { kvlistValue: { values } };
}

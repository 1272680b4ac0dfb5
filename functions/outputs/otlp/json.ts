import type { FieldValue } from "../../records/contracts";
import { ByteWriter, type Heads, type Template, templateOf } from "../byte-writer";
import { bytesOf, copyAll, type Stretch } from "../slabs";
import {
  attributeName,
  isInteger,
  type LogHead,
  type LogRecordEncoder,
  MOST_NESTED,
  type ResourceLogs,
  SCOPE,
  UID,
} from "./record";
import type { TextBytes } from "./taken-fields";

const NONE = templateOf(Buffer.alloc(0));
const TEXT_END = templateOf(Buffer.from('"}},'));
const ATTRIBUTES = templateOf(Buffer.from('{"attributes":['));
const BODY = templateOf(Buffer.from('{"body":{"kvlistValue":{"values":['));
const BODY_END = templateOf(Buffer.from(']}},"attributes":['));
const TEXT_BODY = templateOf(Buffer.from(',"body":{"stringValue":"'));
const TIME_END = templateOf(Buffer.from('000000"'));

/** Upper limit of the bytes of a record's ids, numbers and times, and of any of the templates above. */
const HEAD_BYTES = 200;

/**
 * OTLP in JSON, in the JSON mapping of protobuf except for ids, which are hex
 * (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding): 64-bit integers are strings, and names are in camel
 * case.
 */
export class JsonEncoder implements LogRecordEncoder {
  readonly contentType = "application/json";
  readonly writesJson = true;
  readonly keyOf = keyOf;
  readonly headOf = headOf;
  readonly #writer = new ByteWriter();
  #isBody = false;
  /** Whether the current list ends in a comma. */
  #hasComma = false;
  #observedMs = NaN;
  #observed = NONE;
  /** All digits of the last time except the last six of its milliseconds, and the bytes up to them. */
  #highDigits = NaN;
  #timeStart = NONE;

  begin(isBody: boolean): void {
    this.#isBody = isBody;
    this.#hasComma = false;
    this.#writer.begin();
    this.#writer.reserve(HEAD_BYTES);
    this.#writer.template(isBody ? BODY : ATTRIBUTES);
  }

  texts({ templates, bytes: headBytes }: Heads, first: number, end: number, bytes: Buffer, places: Int32Array): void {
    const textBytes = places[2 * end - 1] - places[2 * first];
    this.#writer.reserve(headBytes + (end - first) * TEXT_END.length + textBytes);
    // The texts are escaped as in JSON, so they can be copied unchanged.
    this.#writer.texts(templates, first, end, TEXT_END, bytes, places);
    this.#hasComma = true;
  }

  value(key: Template, value: FieldValue): void {
    this.#writer.reserve(key.length);
    this.#writer.template(key);
    this.#writer.text(`${anyJson(value)}},`);
    this.#hasComma = true;
  }

  finish({ timeMs, observedMs, severity, body, traceId, spanId, uid }: LogHead): Stretch {
    const writer = this.#writer;
    writer.reserve(2 * HEAD_BYTES);
    if (this.#isBody) {
      this.#dropComma();
      writer.template(BODY_END);
    }
    if (uid !== undefined) this.#uid(uid);
    this.#dropComma();
    writer.template(this.#observedAt(observedMs));
    if (timeMs !== undefined) this.#time(timeMs);
    let end = "";
    if (severity && severity.number > 0) end += `,"severityNumber":${severity.number}`;
    if (severity) end += `,"severityText":${jsonOf(severity.text)}`;
    if (traceId !== undefined) end += `,"traceId":"${traceId.toLowerCase()}"`;
    if (spanId !== undefined) end += `,"spanId":"${spanId.toLowerCase()}"`;
    if (body?.text) this.#textBody(body.text);
    else if (body) end += `,"body":${anyJson(body.value ?? null)}`;
    writer.text(`${end}},`);
    return writer.take();
  }

  request(groups: readonly ResourceLogs[]): Buffer {
    const heads = groups.map(({ resource }) => {
      const attributes = Object.entries(resource).map(([name, value]) => ({
        key: attributeName(name),
        value: anyValue(value),
      }));
      const scope = JSON.stringify({ name: SCOPE });
      return Buffer.from(`{"resource":${jsonOf({ attributes })},"scopeLogs":[{"scope":${scope},"logRecords":[`);
    });
    const [open, close] = ['{"resourceLogs":[', "]}"];
    const ends = "]}]},";
    const bytes = groups.reduce((sum, { logs }, at) => sum + heads[at].length + bytesOf(logs) - 1 + ends.length, 0);
    const body = Buffer.allocUnsafeSlow(open.length + bytes - 1 + close.length);
    let end = body.write(open);
    for (const [at, { logs }] of groups.entries()) {
      end += heads[at].copy(body, end);
      // A comma follows each log, and must be removed after the last one of a group.
      end = copyAll(logs, body, end) - 1;
      end += body.write(at === groups.length - 1 ? ends.slice(0, -1) : ends, end);
    }
    body.write(close, end);
    return body;
  }

  #uid(uid: string): void {
    const writer = this.#writer;
    writer.template(UID_HEAD);
    writer.text(uid);
    writer.template(TEXT_END);
    this.#hasComma = true;
  }

  /** V8 takes long to convert such a large number to text, and most of it is the same as in the previous record. */
  #time(ms: number): void {
    const writer = this.#writer;
    if (ms < 1e6) return writer.text(`,"timeUnixNano":"${ms}000000"`);
    const highDigits = Math.floor(ms / 1e6);
    if (highDigits !== this.#highDigits) {
      this.#highDigits = highDigits;
      this.#timeStart = templateOf(Buffer.from(`,"timeUnixNano":"${highDigits}`));
    }
    writer.template(this.#timeStart);
    writer.digits(ms - highDigits * 1e6, 6);
    writer.template(TIME_END);
  }

  #textBody({ bytes, start, end }: TextBytes): void {
    const writer = this.#writer;
    writer.reserve(end - start + HEAD_BYTES);
    writer.template(TEXT_BODY);
    writer.copy(bytes, start, end);
    writer.ascii('"}');
  }

  /** The end of the attributes, and the time of the invocation, which is the same for all records. */
  #observedAt(ms: number): Template {
    if (ms === this.#observedMs) return this.#observed;
    this.#observedMs = ms;
    return (this.#observed = templateOf(Buffer.from(`],"observedTimeUnixNano":"${ms}000000"`)));
  }

  #dropComma(): void {
    if (this.#hasComma) this.#writer.position--;
    this.#hasComma = false;
  }
}

function keyOf(name: string): Template {
  return templateOf(Buffer.from(`{"key":${jsonOf(attributeName(name))},"value":`));
}

function headOf(name: string): Template {
  return templateOf(Buffer.from(`{"key":${jsonOf(attributeName(name))},"value":{"stringValue":"`));
}

const UID_HEAD = headOf(UID);

function anyJson(value: FieldValue): string {
  if (isInteger(value)) return `{"intValue":"${value}"}`;
  return jsonOf(anyValue(value));
}

/** JSON with U+FFFD for lone surrogates: they are not valid text, and strict readers refuse the whole request. */
function jsonOf(value: object | string): string {
  const json = JSON.stringify(value);
  // JSON.stringify escapes only lone surrogates in this way; a backslash in the text is doubled.
  if (!json.includes("\\ud")) return json;
  return json.replace(/\\(ud[\da-f]{3}|.)/g, (escape, code: string) => (code.length > 1 ? "\ufffd" : escape));
}

/** A value in the JSON form of `AnyValue`. */
function anyValue(value: FieldValue, depth = 0): object {
  if (value === null) return {};
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (isInteger(value)) return { intValue: String(value) };
  if (typeof value === "number") return { doubleValue: value };
  if (depth >= MOST_NESTED) return { stringValue: JSON.stringify(value) };
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => anyValue(item, depth + 1)) } };
  const values = Object.entries(value).map(([name, item]) => ({
    key: attributeName(name),
    value: anyValue(item, depth + 1),
  }));
  return { kvlistValue: { values } };
}

import type { FieldValue } from "../records/contracts";
import { ByteWriter, varintSize } from "./byte-writer";
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

const [VARINT, FIXED64, LENGTH_DELIMITED] = [0, 1, 2];

/** Names whose bytes are kept. */
const MOST_NAMES = 1000;

/** Up to so many characters a text is looked at by itself, whether it is ASCII. */
const FEW_CHARACTERS = 48;

/** Most bytes of a pair's tags and lengths. */
const PAIR_HEAD_BYTES = 40;

const ATTRIBUTES = 6;
const KEY_VALUE_LIST = 6;

/**
 * OTLP in protobuf (opentelemetry/proto/logs/v1/logs.proto, common/v1/common.proto and collector/logs/v1/logs_service.proto of
 * https://github.com/open-telemetry/opentelemetry-proto, 1.x, stable):
 * `ExportLogsServiceRequest { 1: ResourceLogs }`, `ResourceLogs { 1: Resource { 1: KeyValue }, 2: ScopeLogs }`,
 * `ScopeLogs { 1: Scope { 1: name }, 2: LogRecord }`, `LogRecord { 1: time, 2: severity, 3: its text, 5: body, 6: KeyValue,
 * 9: trace id, 10: span id, 11: observed time }`, `KeyValue { 1: key, 2: AnyValue }`, `AnyValue { 1: text, 2: boolean,
 * 3: integer, 4: double, 5: ArrayValue { 1: AnyValue }, 6: KeyValueList { 1: KeyValue } }`.
 */
export class ProtobufEncoder implements LogRecordEncoder {
  readonly contentType = "application/x-protobuf";
  readonly #writer = new ByteWriter();
  readonly #keys = new Map<string, Buffer>();
  /** Field number of what is written for each of the record's fields. */
  #pairField = ATTRIBUTES;
  /** Where the body begins that all fields are in. */
  #bodyAt = 0;

  begin(isBody: boolean): void {
    this.#writer.begin();
    this.#pairField = isBody ? 1 : ATTRIBUTES;
    if (!isBody) return;
    this.#tag(5, LENGTH_DELIMITED);
    this.#bodyAt = this.#writer.end;
    this.#tag(KEY_VALUE_LIST, LENGTH_DELIMITED);
  }

  text(name: string, bytes: Buffer, start: number, end: number): void {
    this.#textHead(this.#pairField, name, end - start);
    this.#writer.copy(bytes, start, end);
  }

  value(name: string, value: FieldValue): void {
    this.#pair(this.#pairField, name, value);
  }

  finish({ timeMs, observedMs, severity, body, traceId, spanId, uid }: LogHead): Stretch {
    const writer = this.#writer;
    if (this.#pairField !== ATTRIBUTES) {
      writer.prefixLength(this.#bodyAt + 1);
      writer.prefixLength(this.#bodyAt);
    }
    if (body !== undefined) {
      this.#tag(5, LENGTH_DELIMITED);
      this.#anyValue(body);
    }
    if (timeMs !== undefined) this.#time(1, timeMs);
    this.#time(11, observedMs);
    if (severity && severity.number > 0) this.#number(2, severity.number);
    if (severity) this.#text(3, severity.text);
    if (traceId !== undefined) this.#hex(9, traceId);
    if (spanId !== undefined) this.#hex(10, spanId);
    if (uid !== undefined) this.#textPair(ATTRIBUTES, UID, uid);
    return writer.takeMessage(2);
  }

  request(groups: readonly ResourceLogs[]): Buffer {
    const heads = groups.map(({ resource, logs }) => headOf(resource, bytesOf(logs)));
    const bytes = groups.reduce((sum, { logs }, at) => sum + heads[at].length + bytesOf(logs), 0);
    const body = Buffer.allocUnsafeSlow(bytes);
    let end = 0;
    for (const [at, { logs }] of groups.entries()) {
      end += heads[at].copy(body, end);
      end = copyAll(logs, body, end);
    }
    return body;
  }

  #pair(field: number, name: string, value: FieldValue, depth = 0): void {
    if (typeof value === "string") return this.#textPair(field, name, value);
    const writer = this.#writer;
    this.#tag(field, LENGTH_DELIMITED);
    const pair = writer.end;
    const key = this.#keyField(name);
    writer.reserve(key.length);
    writer.copy(key);
    this.#tag(2, LENGTH_DELIMITED);
    const any = writer.end;
    this.#anyValue(value, depth, false);
    writer.prefixLength(any);
    writer.prefixLength(pair);
  }

  #textPair(field: number, name: string, value: string): void {
    const writer = this.#writer;
    if (value.length <= FEW_CHARACTERS) {
      const begin = writer.end;
      this.#textHead(field, name, value.length);
      if (writer.ascii(value)) return;
      writer.end = begin;
    }
    this.#textHead(field, name, Buffer.byteLength(value));
    writer.text(value);
  }

  /** All of a pair in front of the bytes of its text. */
  #textHead(field: number, name: string, textBytes: number): void {
    const writer = this.#writer;
    const key = this.#keyField(name);
    const any = 1 + varintSize(textBytes) + textBytes;
    writer.reserve(key.length + textBytes + PAIR_HEAD_BYTES);
    writer.byte((field << 3) | LENGTH_DELIMITED);
    writer.varint(key.length + 1 + varintSize(any) + any);
    writer.copy(key);
    writer.byte((2 << 3) | LENGTH_DELIMITED);
    writer.varint(any);
    writer.byte((1 << 3) | LENGTH_DELIMITED);
    writer.varint(textBytes);
  }

  /** @param isPrefixed whether its length goes in front, at the end of what was written so far */
  #anyValue(value: FieldValue, depth = 0, isPrefixed = true): void {
    const writer = this.#writer;
    const start = writer.end;
    if (typeof value === "string") this.#text(1, value);
    else if (typeof value === "boolean") this.#number(2, Number(value));
    else if (typeof value === "number") this.#numberValue(value);
    else if (value !== null && depth < MOST_NESTED) this.#nested(value, depth + 1);
    else if (value !== null) this.#text(1, JSON.stringify(value));
    if (isPrefixed) writer.prefixLength(start);
  }

  /** A list or an object. */
  #nested(value: FieldValue[] | { [name: string]: FieldValue }, depth: number): void {
    const writer = this.#writer;
    this.#tag(Array.isArray(value) ? 5 : KEY_VALUE_LIST, LENGTH_DELIMITED);
    const start = writer.end;
    if (Array.isArray(value)) {
      for (const item of value) {
        this.#tag(1, LENGTH_DELIMITED);
        this.#anyValue(item, depth);
      }
    } else {
      for (const [name, item] of Object.entries(value)) this.#pair(1, name, item, depth);
    }
    writer.prefixLength(start);
  }

  #numberValue(value: number): void {
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return this.#number(3, value);
    this.#tag(4, FIXED64);
    this.#writer.double(value);
  }

  #number(field: number, value: number): void {
    this.#tag(field, VARINT);
    this.#writer.signedVarint(value);
  }

  #time(field: number, ms: number): void {
    this.#tag(field, FIXED64);
    this.#writer.nanoseconds(ms);
  }

  #hex(field: number, digits: string): void {
    this.#tag(field, LENGTH_DELIMITED);
    this.#writer.reserve(digits.length);
    this.#writer.varint(digits.length / 2);
    this.#writer.copy(Buffer.from(digits, "hex"));
  }

  #text(field: number, value: string): void {
    this.#tag(field, LENGTH_DELIMITED);
    this.#writer.reserve(10);
    this.#writer.varint(Buffer.byteLength(value));
    this.#writer.text(value);
  }

  #tag(field: number, wireType: number): void {
    this.#writer.reserve(1);
    this.#writer.byte((field << 3) | wireType);
  }

  /** A name as field 1 of its pair; it is kept, unless there are too many. */
  #keyField(name: string): Buffer {
    const known = this.#keys.get(name);
    if (known) return known;
    const field = message(1, Buffer.from(attributeName(name)));
    if (this.#keys.size < MOST_NAMES) this.#keys.set(name, field);
    return field;
  }
}

/** All of a group in front of its logs: the resource, the scope, and the lengths of what they stand in. */
function headOf(resource: Readonly<Record<string, string>>, logBytes: number): Buffer {
  const pairs = Object.entries(resource).map(([name, value]) =>
    message(
      1,
      Buffer.concat([message(1, Buffer.from(attributeName(name))), message(2, message(1, Buffer.from(value)))]),
    ),
  );
  const scope = message(1, message(1, Buffer.from(SCOPE)));
  const scopeHead = lengthHead(2, scope.length + logBytes);
  const resourceField = message(1, Buffer.concat(pairs));
  const bytes = resourceField.length + scopeHead.length + scope.length + logBytes;
  return Buffer.concat([lengthHead(1, bytes), resourceField, scopeHead, scope]);
}

function message(field: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([lengthHead(field, bytes.length), bytes]);
}

function lengthHead(field: number, length: number): Buffer {
  const head = [(field << 3) | LENGTH_DELIMITED];
  let rest = length;
  for (; rest >= 128; rest = Math.floor(rest / 128)) head.push((rest % 128) | 128);
  return Buffer.from([...head, rest]);
}

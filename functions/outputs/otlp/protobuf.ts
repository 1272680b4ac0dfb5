import type { FieldValue } from "../../records/contracts";
import { ByteWriter, type Heads, type ShortPair, type Template, templateOf } from "../byte-writer";
import { NameTable } from "../name-table";
import { LENGTH_DELIMITED, message, messageHead, messageSize } from "../protobuf-fields";
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

const [VARINT, FIXED64] = [0, 1];

/** Maximum bytes of a pair's tags and lengths. */
const PAIR_HEAD_BYTES = 40;

/** Bytes of a time with its tag. */
const OBSERVED_BYTES = 9;

const KEY_VALUE_LIST = 6;

/** A pair as the field of this number: after the key, the tag and length of the value, and those of its text. */
function pairOf(field: number): ShortPair {
  return {
    tag: (field << 3) | LENGTH_DELIMITED,
    bytes: 4,
    word: (1 << 19) | (LENGTH_DELIMITED << 16) | (2 << 8) | (2 << 3) | LENGTH_DELIMITED,
    perByte: (1 << 24) | (1 << 8),
  };
}

const ATTRIBUTE = pairOf(6);
/** Within a body, and within fields. */
const INNER = pairOf(1);

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
  readonly writesJson = false;
  readonly keyOf = keyOf;
  readonly headOf = keyOf;
  readonly #writer = new ByteWriter();
  /** Keys of objects within fields. */
  readonly #innerKeys = new NameTable(keyOf);
  /** The form of each of the record's fields. */
  #form = ATTRIBUTE;
  /** Start of the body that contains all fields. */
  #bodyAt = 0;
  /** Bytes of the length prefixes of the last such body and of its list: the next ones probably have as many. */
  #bodyLengthBytes = 2;
  #listLengthBytes = 2;
  #observedMs = NaN;
  #observedField = templateOf(Buffer.alloc(OBSERVED_BYTES));

  begin(isBody: boolean): void {
    this.#innerKeys.begin();
    this.#writer.beginMessage();
    this.#form = isBody ? INNER : ATTRIBUTE;
    if (!isBody) return;
    this.#tag(5, LENGTH_DELIMITED);
    this.#bodyAt = this.#writer.position;
    this.#writer.leave(this.#bodyLengthBytes);
    this.#tag(KEY_VALUE_LIST, LENGTH_DELIMITED);
    this.#writer.leave(this.#listLengthBytes);
  }

  texts(heads: Heads, first: number, end: number, bytes: Buffer, places: Int32Array): void {
    const [writer, form] = [this.#writer, this.#form];
    const { templates: keys, bytes: keyBytes } = heads;
    writer.reserve(keyBytes + (end - first) * PAIR_HEAD_BYTES + places[2 * end - 1] - places[2 * first]);
    let pair = writer.shortPairs(form, keys, first, end, bytes, places);
    while (pair < end) {
      const [from, to] = [places[2 * pair], places[2 * pair + 1]];
      this.#textHead(form, keys[pair], to - from);
      writer.copy(bytes, from, to);
      pair = writer.shortPairs(form, keys, pair + 1, end, bytes, places);
    }
  }

  value(key: Template, value: FieldValue): void {
    this.#pair(this.#form, key, value);
  }

  finish({ timeMs, observedMs, severity, body, traceId, spanId, uid }: LogHead): Stretch {
    const writer = this.#writer;
    if (this.#form === INNER) {
      this.#listLengthBytes = writer.prefixLength(this.#bodyAt + this.#bodyLengthBytes + 1, this.#listLengthBytes);
      this.#bodyLengthBytes = writer.prefixLength(this.#bodyAt, this.#bodyLengthBytes);
    }
    if (body?.text) this.#textBody(body.text);
    else if (body) this.#body(body.value ?? null);
    if (timeMs !== undefined) this.#time(1, timeMs);
    this.#observed(observedMs);
    if (severity && severity.number > 0) this.#number(2, severity.number);
    if (severity) this.#text(3, severity.text);
    if (traceId !== undefined) this.#hex(9, traceId);
    if (spanId !== undefined) this.#hex(10, spanId);
    if (uid !== undefined) this.#textPair(ATTRIBUTE, UID_KEY, uid);
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

  #body(value: FieldValue): void {
    this.#tag(5, LENGTH_DELIMITED);
    this.#anyValue(value);
  }

  #textBody({ bytes, start, end }: TextBytes): void {
    const writer = this.#writer;
    const textBytes = end - start;
    writer.reserve(textBytes + PAIR_HEAD_BYTES);
    writer.byte((5 << 3) | LENGTH_DELIMITED);
    writer.varint(messageSize(textBytes));
    writer.byte((1 << 3) | LENGTH_DELIMITED);
    writer.varint(textBytes);
    writer.copy(bytes, start, end);
  }

  #pair(form: ShortPair, key: Template, value: FieldValue, depth = 0): void {
    if (typeof value === "string") return this.#textPair(form, key, value);
    const writer = this.#writer;
    writer.reserve(1 + key.length);
    writer.byte(form.tag);
    const pair = writer.position;
    writer.template(key);
    this.#tag(2, LENGTH_DELIMITED);
    const any = writer.position;
    this.#anyValue(value, depth, false);
    writer.prefixLength(any);
    writer.prefixLength(pair);
  }

  #textPair(form: ShortPair, key: Template, value: string): void {
    const writer = this.#writer;
    const begin = writer.position;
    this.#textHead(form, key, value.length);
    if (writer.ascii(value)) return;
    writer.position = begin;
    this.#textHead(form, key, Buffer.byteLength(value));
    writer.text(value);
  }

  /** Writes everything of a pair before the bytes of its text, and reserves room for these. */
  #textHead(form: ShortPair, key: Template, textBytes: number): void {
    const writer = this.#writer;
    writer.reserve(key.length + textBytes + PAIR_HEAD_BYTES);
    if (writer.shortPairHead(form, key, textBytes)) return;
    const any = messageSize(textBytes);
    writer.byte(form.tag);
    writer.varint(key.length + messageSize(any));
    writer.template(key);
    writer.byte((2 << 3) | LENGTH_DELIMITED);
    writer.varint(any);
    writer.byte((1 << 3) | LENGTH_DELIMITED);
    writer.varint(textBytes);
  }

  /** @param isPrefixed whether its length is inserted before it */
  #anyValue(value: FieldValue, depth = 0, isPrefixed = true): void {
    const writer = this.#writer;
    const start = writer.position;
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
    const start = writer.position;
    if (Array.isArray(value)) {
      for (const item of value) {
        this.#tag(1, LENGTH_DELIMITED);
        this.#anyValue(item, depth);
      }
    } else {
      for (const [name, item] of Object.entries(value)) this.#pair(INNER, this.#innerKeys.find(name), item, depth);
    }
    writer.prefixLength(start);
  }

  #numberValue(value: number): void {
    if (isInteger(value)) return this.#number(3, value);
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

  /** The time of the invocation, which is the same for all records. */
  #observed(ms: number): void {
    this.#writer.reserve(OBSERVED_BYTES);
    if (ms === this.#observedMs) return this.#writer.template(this.#observedField);
    this.#time(11, ms);
    this.#observedMs = ms;
    this.#observedField = this.#writer.last(OBSERVED_BYTES);
  }

  #hex(field: number, digits: string): void {
    this.#tag(field, LENGTH_DELIMITED);
    this.#writer.reserve(digits.length);
    this.#writer.varint(digits.length / 2);
    this.#writer.copy(Buffer.from(digits, "hex"), 0, digits.length / 2);
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
}

/** A name as field 1 of its pair. */
function keyOf(name: string): Template {
  return templateOf(message(1, Buffer.from(attributeName(name))));
}

const UID_KEY = keyOf(UID);

/** Everything of a group before its logs: the resource, the scope, and the lengths of the messages that contain them. */
function headOf(resource: Readonly<Record<string, string>>, logBytes: number): Buffer {
  const pairs = Object.entries(resource).map(([name, value]) =>
    message(
      1,
      Buffer.concat([message(1, Buffer.from(attributeName(name))), message(2, message(1, Buffer.from(value)))]),
    ),
  );
  const scope = message(1, message(1, Buffer.from(SCOPE)));
  const scopeHead = messageHead(2, scope.length + logBytes);
  const resourceField = message(1, Buffer.concat(pairs));
  const bytes = resourceField.length + scopeHead.length + scope.length + logBytes;
  return Buffer.concat([messageHead(1, bytes), resourceField, scopeHead, scope]);
}

import { ByteWriter, headsOf, type ShortPair, type Template, templateOf } from "./byte-writer";
import { NameLists, NameTable } from "./name-table";
import { LENGTH_DELIMITED, message, messageHead, messageSize } from "./protobuf-fields";
import { runsOf, type Stretch } from "./slabs";

/** Logs with the same origin. */
export interface ClsLogGroup {
  /** Each as returned by {@link LogEncoder}. */
  readonly logs: readonly Stretch[];
  readonly source?: string;
  readonly tags?: readonly (readonly [key: string, value: string])[];
}

/**
 * Logs as a `LogGroupList`, in protobuf (https://cloud.tencent.com/document/product/614/59470):
 * `LogGroupList { 1: LogGroup }`, `LogGroup { 1: Log, 4: source, 5: LogTag }`, `Log { 1: time, 2: Content }`, `LogTag` and
 * `Content { 1: key, 2: value }`.
 */
export function encodeLogGroupList(groups: readonly ClsLogGroup[]): Buffer {
  return Buffer.concat(groups.flatMap(encodeGroup));
}

function encodeGroup({ logs, source, tags = [] }: ClsLogGroup): Buffer[] {
  const origin = [
    ...(source === undefined ? [] : [message(4, Buffer.from(source))]),
    ...tags.map(([key, value]) =>
      message(5, Buffer.concat([message(1, Buffer.from(key)), message(2, Buffer.from(value))])),
    ),
  ];
  const pieces = [...runsOf(logs).map(({ buffer, start, end }) => buffer.subarray(start, end)), ...origin];
  const bytes = pieces.reduce((sum, { length }) => sum + length, 0);
  return [messageHead(1, bytes), ...pieces];
}

/** Bytes of a group's source and tags. */
export function sizeOfOrigin({ source, tags = [] }: Omit<ClsLogGroup, "logs">): number {
  let bytes = source === undefined ? 0 : messageSize(Buffer.byteLength(source));
  for (const [key, value] of tags) {
    bytes += messageSize(messageSize(Buffer.byteLength(key)) + messageSize(Buffer.byteLength(value)));
  }
  return bytes;
}

/** Maximum bytes of a content's tags and lengths. */
const CONTENT_HEAD_BYTES = 22;

/** A content: after the key, the tag and length of its value. */
const CONTENT: ShortPair = {
  tag: (2 << 3) | LENGTH_DELIMITED,
  bytes: 2,
  word: (2 << 3) | LENGTH_DELIMITED,
  perByte: 1 << 8,
};

/** Writes logs in the form of a group, one after the other. */
export class LogEncoder {
  readonly #writer = new ByteWriter();
  /** Each key as a field of its content. */
  readonly #keys: NameTable<Template>;
  /** Key lists of records with the same names. */
  readonly #heads = new NameLists((names) => headsOf(names.map((name) => this.#keys.find(name))));

  /** @param keyOf maps a field's name; for most names it is called once @default unchanged */
  constructor(keyOf = (name: string): string => name) {
    this.#keys = new NameTable((name) => templateOf(message(1, Buffer.from(keyOf(name)))));
  }

  /** @param time milliseconds since the epoch */
  begin(time: number): void {
    this.#keys.begin();
    this.#writer.beginMessage();
    this.#writer.reserve(11);
    this.#writer.byte(1 << 3);
    this.#writer.varint(time);
  }

  /** Adds a content. */
  text(key: string, value: string): void {
    const writer = this.#writer;
    const field = this.#keys.find(key);
    const begin = writer.position;
    this.#content(field, value.length);
    if (writer.ascii(value)) return;
    writer.position = begin;
    this.#content(field, Buffer.byteLength(value));
    writer.text(value);
  }

  /** Adds contents whose values are ranges of these bytes; see `FieldTaker.texts`. */
  texts(names: readonly string[], first: number, end: number, bytes: Buffer, places: Int32Array): void {
    const writer = this.#writer;
    const { templates: keys, bytes: keyBytes } = this.#heads.find(names);
    writer.reserve(keyBytes + (end - first) * CONTENT_HEAD_BYTES + places[2 * end - 1] - places[2 * first]);
    let content = writer.shortPairs(CONTENT, keys, first, end, bytes, places);
    while (content < end) {
      const [from, to] = [places[2 * content], places[2 * content + 1]];
      this.#content(keys[content], to - from);
      writer.copy(bytes, from, to);
      content = writer.shortPairs(CONTENT, keys, content + 1, end, bytes, places);
    }
  }

  /** The current log, with its tag and length. */
  finish(): Stretch {
    return this.#writer.takeMessage(1);
  }

  /** Writes everything of a content before the bytes of its value, and reserves room for these. */
  #content(key: Template, valueBytes: number): void {
    const writer = this.#writer;
    writer.reserve(key.length + valueBytes + CONTENT_HEAD_BYTES);
    if (writer.shortPairHead(CONTENT, key, valueBytes)) return;
    writer.byte(CONTENT.tag);
    writer.varint(key.length + messageSize(valueBytes));
    writer.template(key);
    writer.byte((2 << 3) | LENGTH_DELIMITED);
    writer.varint(valueBytes);
  }
}

import type { ClsRecord } from "./record";

/** Origin of a message. */
export interface MessageOrigin {
  readonly uin: string;
  readonly logsetId: string;
  readonly topicId: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
}

/** Version of a message's header. */
const VERSION = 130;
const ID_BYTES = 36;

/**
 * A message as returned by `/pull_log`: a header of 96 bytes, big-endian, then the logs as a `LogGroup`. Fact:
 * docs/design/facts/cls-reading.md#pulled-messages.
 */
export function encodeMessage(
  records: readonly ClsRecord[],
  { uin, logsetId, topicId, receivedAt }: MessageOrigin,
): Buffer {
  const group = encodeGroup(records);
  const head = Buffer.alloc(4 + 8 + 8 + 2 * ID_BYTES + 4);
  head.writeInt32BE(VERSION, 0);
  head.writeBigInt64BE(BigInt(receivedAt), 4);
  head.writeBigInt64BE(BigInt(uin), 12);
  head.write(logsetId, 20, ID_BYTES, "latin1");
  head.write(topicId, 20 + ID_BYTES, ID_BYTES, "latin1");
  head.writeInt32BE(group.length, 20 + 2 * ID_BYTES);
  return Buffer.concat([head, group]);
}

function encodeGroup(records: readonly ClsRecord[]): Buffer {
  const [{ source, filename, tags = {} } = { source: undefined, filename: undefined }] = records;
  return Buffer.concat([
    ...records.map((record) => bytesField(1, encodeLog(record))),
    ...(filename === undefined ? [] : [bytesField(3, Buffer.from(filename))]),
    ...(source === undefined ? [] : [bytesField(4, Buffer.from(source))]),
    ...Object.entries(tags).map(([key, value]) => bytesField(5, encodePair(key, value))),
  ]);
}

/** Times are in microseconds, whatever unit they arrived in. */
function encodeLog({ time, micros = 0, contents }: ClsRecord): Buffer {
  const pairs = Object.entries(contents).map(([key, value]) => bytesField(2, encodePair(key, value)));
  return Buffer.concat([Buffer.from([1 << 3]), varint(Math.floor(time) * 1000 + micros), ...pairs]);
}

function encodePair(key: string, value: string): Buffer {
  return Buffer.concat([bytesField(1, Buffer.from(key)), bytesField(2, Buffer.from(value))]);
}

/** A protobuf field with bytes. */
export function bytesField(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(bytes.length), bytes]);
}

/** A protobuf varint. */
export function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  bytes.push(value);
  return Buffer.from(bytes);
}

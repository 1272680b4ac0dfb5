/** One log of CLS. */
export interface ClsLog {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly contents: readonly (readonly [key: string, value: string])[];
}

/**
 * Logs as a `LogGroupList` of one group, in protobuf
 * (https://cloud.tencent.com/document/product/614/59470):
 * `LogGroupList { 1: LogGroup }`, `LogGroup { 1: Log }`, `Log { 1: time, 2: Content }`, `Content { 1: key, 2: value }`.
 */
export function encodeLogGroupList(logs: readonly ClsLog[]): Buffer {
  return message(1, Buffer.concat(logs.map((log) => message(1, encodeLog(log)))));
}

function encodeLog({ time, contents }: ClsLog): Buffer {
  const pairs = contents.map(([key, value]) =>
    message(2, Buffer.concat([message(1, Buffer.from(key)), message(2, Buffer.from(value))])),
  );
  return Buffer.concat([Buffer.from([1 << 3]), varint(time), ...pairs]);
}

/** A field of wire type 2: its length, then its bytes. */
function message(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(field << 3) | 2]), varint(bytes.length), bytes]);
}

/** Seven bits a byte, the lowest first; a double holds more than 32 of them. */
function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
}

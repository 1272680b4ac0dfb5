/** One log of CLS. */
export interface ClsLog {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly contents: readonly (readonly [key: string, value: string])[];
}

/** Logs that share where they come from. */
export interface ClsLogGroup {
  readonly logs: readonly ClsLog[];
  readonly source?: string;
  readonly tags?: readonly (readonly [key: string, value: string])[];
}

/**
 * Logs as a `LogGroupList`, in protobuf (https://cloud.tencent.com/document/product/614/59470):
 * `LogGroupList { 1: LogGroup }`, `LogGroup { 1: Log, 4: source, 5: LogTag }`, `Log { 1: time, 2: Content }`,
 * `LogTag` and `Content { 1: key, 2: value }`.
 */
export function encodeLogGroupList(groups: readonly ClsLogGroup[]): Buffer {
  return Buffer.concat(groups.map((group) => message(1, encodeGroup(group))));
}

function encodeGroup({ logs, source, tags = [] }: ClsLogGroup): Buffer {
  return Buffer.concat([
    ...logs.map((log) => message(1, encodeLog(log))),
    ...(source === undefined ? [] : [message(4, Buffer.from(source))]),
    ...tags.map((tag) => message(5, encodePair(tag))),
  ]);
}

function encodeLog({ time, contents }: ClsLog): Buffer {
  return Buffer.concat([Buffer.from([1 << 3]), varint(time), ...contents.map((pair) => message(2, encodePair(pair)))]);
}

function encodePair([key, value]: readonly [key: string, value: string]): Buffer {
  return Buffer.concat([message(1, Buffer.from(key)), message(2, Buffer.from(value))]);
}

/** Bytes of a log in its group. */
export function sizeOfLog({ time, contents }: ClsLog): number {
  let bytes = 1 + varintSize(time);
  for (const pair of contents) bytes += sizeOfPair(pair);
  return messageSize(bytes);
}

/** Bytes of what a group says of all its logs. */
export function sizeOfOrigin({ source, tags = [] }: Omit<ClsLogGroup, "logs">): number {
  let bytes = source === undefined ? 0 : messageSize(Buffer.byteLength(source));
  for (const tag of tags) bytes += sizeOfPair(tag);
  return bytes;
}

function sizeOfPair([key, value]: readonly [key: string, value: string]): number {
  return messageSize(messageSize(Buffer.byteLength(key)) + messageSize(Buffer.byteLength(value)));
}

function messageSize(bytes: number): number {
  return 1 + varintSize(bytes) + bytes;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
  return size;
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

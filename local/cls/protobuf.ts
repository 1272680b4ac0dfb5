import type { ClsRecord } from "./record";

/** A message that is not the protobuf it should be. */
export class ProtobufError extends Error {
  override readonly name = "ProtobufError";
}

/**
 * Decodes a `LogGroupList`, the body of `/structuredlog`: groups of logs, each group with its file name, source and tags.
 * Returns the records of each group. Fact: docs/design/facts/runtime.md#uploading-logs.
 */
export function decodeLogGroupList(bytes: Uint8Array): ClsRecord[][] {
  const groups: ClsRecord[][] = [];
  for (const field of fieldsOf(bytes)) if (field.number === 1) groups.push(decodeGroup(bytesOf(field)));
  return groups;
}

function decodeGroup(bytes: Uint8Array): ClsRecord[] {
  const logs: Log[] = [];
  const tags: Pair[] = [];
  let filename: string | undefined;
  let source: string | undefined;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) logs.push(decodeLog(bytesOf(field)));
    else if (field.number === 3) filename = textOf(field);
    else if (field.number === 4) source = textOf(field);
    else if (field.number === 5) tags.push(decodePair(bytesOf(field)));
  }
  const origin = { ...(filename === undefined ? {} : { filename }), ...(source === undefined ? {} : { source }) };
  return logs.map((log) => ({ ...log, ...origin, tags: Object.fromEntries(tags) }));
}

type Log = Pick<ClsRecord, "time" | "micros" | "contents">;

function decodeLog(bytes: Uint8Array): Log {
  const contents: Pair[] = [];
  let time: Pick<ClsRecord, "time" | "micros"> | undefined;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) time = timeOf(numberOf(field));
    else if (field.number === 2) contents.push(decodePair(bytesOf(field)));
  }
  if (time === undefined) throw new ProtobufError("Log.time must be given");
  return { ...time, contents: Object.fromEntries(contents) };
}

type Pair = [key: string, value: string];

function decodePair(bytes: Uint8Array): Pair {
  let key: string | undefined;
  let value: string | undefined;
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) key = textOf(field);
    else if (field.number === 2) value = textOf(field);
  }
  if (key === undefined || value === undefined) throw new ProtobufError("key and value must be given");
  return [key, value];
}

/** CLS takes seconds, milliseconds and microseconds, and tells them apart by their size. */
function timeOf(time: number): Pick<ClsRecord, "time" | "micros"> {
  if (time < 1e11) return { time: time * 1000 };
  if (time < 1e14) return { time };
  const micros = time % 1000;
  return { time: Math.floor(time / 1000), ...(micros > 0 && { micros }) };
}

interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

function* fieldsOf(bytes: Uint8Array): Generator<Field> {
  const reader = new Reader(bytes);
  while (!reader.atEnd) {
    const tag = reader.varint();
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 0) yield { number, value: reader.varint() };
    else if (wireType === 1) yield { number, value: reader.take(8) };
    else if (wireType === 2) yield { number, value: reader.take(reader.varint()) };
    else if (wireType === 5) yield { number, value: reader.take(4) };
    else throw new ProtobufError(`wire type must be 0, 1, 2 or 5, got ${wireType}`);
  }
}

class Reader {
  private position = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get atEnd(): boolean {
    return this.position >= this.bytes.length;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.bytes[this.position++];
      if (byte === undefined || scale > 2 ** 63) throw new ProtobufError("the message ends inside a number");
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  take(length: number): Uint8Array {
    if (this.position + length > this.bytes.length) throw new ProtobufError("the message ends inside a field");
    this.position += length;
    return this.bytes.subarray(this.position - length, this.position);
  }
}

function bytesOf(field: Field): Uint8Array {
  if (typeof field.value === "number") throw new ProtobufError(`field ${field.number} must hold bytes`);
  return field.value;
}

function numberOf(field: Field): number {
  if (typeof field.value !== "number") throw new ProtobufError(`field ${field.number} must hold a number`);
  return field.value;
}

function textOf(field: Field): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytesOf(field));
  } catch {
    throw new ProtobufError(`field ${field.number} must hold UTF-8`);
  }
}

import { bytesOf, fieldsOf, numberOf, ProtobufError, textOf } from "../wire";
import type { ClsRecord } from "./record";

export { ProtobufError } from "../wire";

/**
 * Decodes a `LogGroupList`, the body of `/structuredlog`: groups of logs with their file name, source and tags. Returns
 * the records of each group. Fact: docs/design/facts/runtime.md#uploading-logs.
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

/** CLS accepts seconds, milliseconds and microseconds, and distinguishes them by size. */
function timeOf(time: number): Pick<ClsRecord, "time" | "micros"> {
  if (time < 1e11) return { time: time * 1000 };
  if (time < 1e14) return { time };
  const micros = time % 1000;
  return { time: Math.floor(time / 1000), ...(micros > 0 && { micros }) };
}

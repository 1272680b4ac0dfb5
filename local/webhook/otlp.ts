import { bytesOf, type Field, fieldsOf, numberOf, textOf } from "../wire";
import type { Taken } from "./bulk";

/** A parsed log record; attribute values are as in JSON. */
interface ReadLog {
  readonly [name: string]: unknown;
}

/** Handles OTLP log records over HTTP, in protobuf and JSON, and answers that all were accepted. */
export function takeLogs(contentType: string, body: Buffer): Taken {
  const isJson = /json/i.test(contentType);
  const records = isJson ? recordsInJson(body.toString()) : recordsIn(body);
  const answer = isJson ? '{"partialSuccess":{}}' : new Uint8Array();
  return { answer, contentType, taken: JSON.stringify(records) };
}

/** Parses `ExportLogsServiceRequest` of https://github.com/open-telemetry/opentelemetry-proto. */
function recordsIn(body: Uint8Array): ReadLog[] {
  return messages(body, 1).flatMap((group) => {
    const resource = Object.assign({}, ...messages(group, 1).map((one) => pairsIn(one, 1))) as object;
    return messages(group, 2).flatMap((scope) => messages(scope, 2).map((log) => ({ resource, ...readLog(log) })));
  });
}

/** The messages with a field number. */
function messages(bytes: Uint8Array, number: number): Uint8Array[] {
  return [...fieldsOf(bytes)].filter((field) => field.number === number).map(bytesOf);
}

function readLog(bytes: Uint8Array): ReadLog {
  const log: Record<string, unknown> = { attributes: pairsIn(bytes, 6) };
  for (const field of fieldsOf(bytes)) {
    if (field.number === 1) log.timeUnixNano = fixed(field).toString();
    else if (field.number === 2) log.severityNumber = numberOf(field);
    else if (field.number === 3) log.severityText = textOf(field);
    else if (field.number === 5) log.body = valueIn(bytesOf(field));
    else if (field.number === 9) log.traceId = Buffer.from(bytesOf(field)).toString("hex");
    else if (field.number === 10) log.spanId = Buffer.from(bytesOf(field)).toString("hex");
    else if (field.number === 11) log.observedTimeUnixNano = fixed(field).toString();
  }
  return log;
}

/** The name-value pairs with a field number. */
function pairsIn(bytes: Uint8Array, number: number): Record<string, unknown> {
  const pairs = messages(bytes, number).map((pair) => {
    const fields = [...fieldsOf(pair)];
    const [key, value] = [1, 2].map((wanted) => fields.find((field) => field.number === wanted));
    return [key ? textOf(key) : "", value ? valueIn(bytesOf(value)) : null] as const;
  });
  return Object.fromEntries(pairs);
}

function valueIn(bytes: Uint8Array): unknown {
  const [field] = fieldsOf(bytes);
  switch (field?.number) {
    case 1:
      return textOf(field);
    case 2:
      return numberOf(field) === 1;
    case 3:
      // A 64-bit varint is read as a double: a negative number becomes about 2^64.
      return numberOf(field) > 2 ** 63 ? -Number(2n ** 64n - exact(bytes.subarray(1))) : numberOf(field);
    case 4:
      return Buffer.from(bytesOf(field)).readDoubleLE();
    case 5:
      return messages(bytesOf(field), 1).map(valueIn);
    case 6:
      return pairsIn(bytesOf(field), 1);
    default:
      return null;
  }
}

function exact(varint: Uint8Array): bigint {
  return varint.reduce((sum, byte, at) => sum + (BigInt(byte & 127) << BigInt(7 * at)), 0n);
}

function fixed(field: Field): bigint {
  return Buffer.from(bytesOf(field)).readBigUInt64LE();
}

interface JsonRequest {
  readonly resourceLogs: readonly {
    readonly resource: { readonly attributes: readonly JsonPair[] };
    readonly scopeLogs: readonly { readonly logRecords: readonly JsonLog[] }[];
  }[];
}

interface JsonPair {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface JsonLog extends ReadLog {
  readonly body?: JsonPair["value"];
  readonly attributes: readonly JsonPair[];
}

function recordsInJson(body: string): ReadLog[] {
  const { resourceLogs } = JSON.parse(body) as JsonRequest;
  return resourceLogs.flatMap(({ resource, scopeLogs }) =>
    scopeLogs.flatMap(({ logRecords }) =>
      logRecords.map(({ attributes, body: told, ...log }) => ({
        resource: jsonPairs(resource.attributes),
        attributes: jsonPairs(attributes),
        ...log,
        ...(told && { body: jsonValue(told) }),
      })),
    ),
  );
}

function jsonPairs(pairs: readonly JsonPair[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, jsonValue(value)]));
}

function jsonValue(value: JsonPair["value"]): unknown {
  const [[kind, held] = ["", null]] = Object.entries(value);
  if (kind === "intValue") return Number(held);
  if (kind === "arrayValue") return (held as { values: JsonPair["value"][] }).values.map(jsonValue);
  return kind === "kvlistValue" ? jsonPairs((held as { values: JsonPair[] }).values) : held;
}

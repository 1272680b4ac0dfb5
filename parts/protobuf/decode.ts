import * as protobuf from "protobufjs";
import { encodeBase64 } from "../../rules/functions/encoding/base64";
import { fail, type Value } from "../../rules/run/values";

/** A message as a dict: the fields that are set, by their names in the template. */
export function decodeMessage(type: protobuf.Type, bytes: Uint8Array): Value {
  let message: protobuf.Message;
  try {
    message = type.decode(bytes);
  } catch (error) {
    return fail(`protobuf_decoding must get a ${type.name} of ${bytes.length} bytes: ${(error as Error).message}`);
  }
  return dictOf(type, message as unknown as Fields);
}

type Fields = Readonly<Record<string, unknown>>;

function dictOf(type: protobuf.Type, message: Fields): Value {
  const set = type.fieldsArray.filter((field) => Object.hasOwn(message, field.name) && !isEmpty(field, message));
  return new Map<Value, Value>(set.map((field) => [field.name, fieldOf(field, message[field.name])]));
}

/** Lists and maps exist even if the data has none. */
function isEmpty({ name, repeated, map }: protobuf.Field, message: Fields): boolean {
  return (repeated || map) && Object.keys(message[name] as object).length === 0;
}

function fieldOf(field: protobuf.Field, value: unknown): Value {
  if (field instanceof protobuf.MapField) {
    const entries = Object.entries(value as Fields);
    return new Map<Value, Value>(entries.map(([key, item]) => [mapKey(field, key), single(field, item)]));
  }
  if (field.repeated) return (value as readonly unknown[]).map((item) => single(field, item));
  return single(field, value);
}

/** 64-bit keys come as eight characters; JSON uses texts as keys anyway. */
function mapKey({ keyType }: protobuf.MapField, key: string): string {
  const isLong = /64$/.test(keyType) && key.length === 8;
  return isLong ? protobuf.util.longFromHash(key, keyType.startsWith("u")).toString() : key;
}

function single({ resolvedType, type }: protobuf.Field, value: unknown): Value {
  if (resolvedType instanceof protobuf.Enum) return resolvedType.valuesById[value as number] ?? BigInt(value as number);
  if (resolvedType instanceof protobuf.Type) return dictOf(resolvedType, value as Fields);
  if (value instanceof Uint8Array) return encodeBase64(value);
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (type === "float" || type === "double") return value as number;
  return BigInt(String(value));
}

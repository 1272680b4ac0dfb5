import { CheckedObject, kindOf } from "../runtime/checked-json";
import { regionOfCosHost } from "./cos-host";
import { ForeignEventError } from "./event-kind";

/** An object that an event names. */
export interface ObjectReference {
  /** Bucket with its APPID, `name-1250000000`. */
  readonly bucket: string;
  /** Region as the API names it, `ap-guangzhou`. */
  readonly region: string;
  /** Key as the uploader wrote it: not percent-encoded, without a leading `/appid/name/`. */
  readonly key: string;
  /** Set if the bucket is versioned. */
  readonly versionId?: string;
  /** ETag with its quotes, as COS sends it. */
  readonly eTag?: string;
  /** Size in bytes of the object of that ETag. */
  readonly size?: number;
  /** When it was stored, in epoch milliseconds, if the event contains it. */
  readonly storedAt?: number;
  /** The key if a `+` in its address means a space; set only if nothing else in the event settles this. */
  readonly otherKey?: string;
}

/** Prefix of the event names that report a removed object. */
const REMOVED = "cos:ObjectRemove";

/** A Record of an event that names no object. The message says what is missing and never quotes the event. */
export class CosEventError extends Error {
  override readonly name = "CosEventError";
  readonly code = "LOGS_EVENT";
}

/** The objects that an event names, and errors for the rest: one bad Record does not hide the good ones. */
export interface CosEvent {
  readonly objects: ObjectReference[];
  readonly errors: (CosEventError | ForeignEventError)[];
}

/**
 * Reads the event of a COS trigger (https://cloud.tencent.com/document/product/583/9707), in every form that was captured
 * or documented since 2019. Folder placeholders, whose key ends with `/`, are left out: the console creates them and they
 * contain no lines. An empty event or one of another kind is an error, because COS sends neither.
 *
 * The event contains the uploader's signature, so messages quote only the name and type of a field. Fact:
 * docs/design/facts/runtime.md#cos-trigger-event.
 *
 * @param defaultRegion region of an object whose event names none; a trigger and its bucket share a region
 */
export function readCosEvent(event: unknown, defaultRegion: string): CosEvent {
  const records = recordsOf(event);
  if (!records) return { objects: [], errors: [new ForeignEventError("a COS trigger", event)] };
  const objects: ObjectReference[] = [];
  const errors: CosEventError[] = [];
  records.forEach((record, index) => {
    try {
      requireStored(record, index);
      const object = readRecord(new CheckedObject(record, `Records[${index}]`, wrong), defaultRegion);
      if (!object.key.endsWith("/")) objects.push(object);
    } catch (error) {
      if (!(error instanceof CosEventError)) throw error;
      errors.push(error);
    }
  });
  return { objects, errors };
}

/** Undefined if the event is not from COS. */
function recordsOf(event: unknown): unknown[] | undefined {
  const records = (event as { Records?: unknown } | null | undefined)?.Records ?? [];
  // An object that is not a list is treated as one Record, so that the error names it.
  const list = Array.isArray(records) ? records : [records];
  return list.length === 0 || list.every(isOfOtherService) ? undefined : list;
}

/** Members of the Records of other services. */
const OTHER_SERVICES = ["CMQ", "Ckafka", "s3"];

function isOfOtherService(record: unknown): boolean {
  return typeof record === "object" && record !== null && OTHER_SERVICES.some((name) => name in record);
}

/** A removed object can no longer be read, or has been replaced by a newer one that has its own event. */
function requireStored(record: unknown, index: number): void {
  const { event } = (record ?? {}) as { event?: { eventName?: unknown } | null };
  const name = event?.eventName;
  if (typeof name !== "string" || !name.startsWith(REMOVED)) return;
  throw new CosEventError(
    `Records[${index}] must tell of an object that is there, got ${REMOVED}; have the trigger tell of cos:ObjectCreated:*`,
  );
}

function readRecord(record: CheckedObject, defaultRegion: string): ObjectReference {
  const cos = record.object("cos");
  const bucket = cos.object("cosBucket");
  const object = cos.object("cosObject");
  const name = requiredText(bucket, "name");
  const appId = requiredText(bucket, "appid");
  const url = splitUrl(optionalText(object, "url"));
  const meta = object.optionalObject("meta");
  const rawKey = optionalText(object, "key");

  return {
    bucket: `${name}-${appId}`,
    region:
      optionalText(bucket, "cosRegion") ??
      optionalText(bucket, "s3Region") ??
      regionOfCosHost(url?.host) ??
      defaultRegion,
    ...(keysOf(url?.path, rawKey === undefined ? undefined : withoutBucket(rawKey, `/${appId}/${name}/`)) ??
      object.refuse("key", "a non-empty string")),
    versionId: optionalText(object, "vid"),
    eTag: meta && optionalText(meta, "ETag"),
    size: optionalSize(object, "size"),
    storedAt: storedAt(record),
  };
}

/** Time of the event, which COS gives in whole seconds. */
function storedAt(record: CheckedObject): number | undefined {
  const { eventTime } = (record.value("event") ?? {}) as { eventTime?: unknown };
  return /^\d{9,11}$/.test(String(eventTime)) ? Number(eventTime) * 1000 : undefined;
}

/**
 * The key, from the path of the address, and if that is ambiguous, from the raw key. It is undocumented whether a space is
 * `%20` or `+` in the address. If the raw key agrees with one reading, that is the key. Otherwise a plus is a plus, and the
 * other reading is used if no such object is found. Fact: docs/design/facts/runtime.md#cos-trigger-event.
 */
function keysOf(
  path: string | undefined,
  rawKey: string | undefined,
): Pick<ObjectReference, "key" | "otherKey"> | undefined {
  const key = decoded(path);
  if (path === undefined || key === undefined) return rawKey === undefined ? undefined : { key: rawKey };
  if (!path.includes("+")) return { key };
  const spaced = decoded(path.replaceAll("+", " "));
  return spaced === rawKey ? { key: rawKey as string } : { key, otherKey: spaced };
}

function decoded(path: string | undefined): string | undefined {
  try {
    return (path && decodeURIComponent(path)) || undefined;
  } catch {
    return undefined;
  }
}

/**
 * Host and path of an object's address, which is percent-encoded once. It is split by hand because `URL` would resolve `..`
 * inside a key. A path that cannot be decoded says nothing about the key.
 */
function splitUrl(url: string | undefined): { host: string; path: string } | undefined {
  const match = /^https?:\/\/([^/]+)\/(.*)$/su.exec(url ?? "");
  return match ? { host: match[1], path: match[2] } : undefined;
}

/** `key` is `/appid/name/path`, not encoded; old console templates send `/path`. The path can repeat the prefix. */
function withoutBucket(key: string, prefix: string): string {
  if (key.startsWith(prefix)) return key.slice(prefix.length);
  return key.startsWith("/") ? key.slice(1) : key;
}

/** The field's text, if any. A number becomes its digits, because `appid` comes as both. */
function optionalText(object: CheckedObject, name: string): string | undefined {
  const value = object.value(name);
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" ? text : undefined;
}

/** A number of bytes, which can also come as digits. */
function optionalSize(object: CheckedObject, name: string): number | undefined {
  const text = optionalText(object, name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function requiredText(object: CheckedObject, name: string): string {
  return optionalText(object, name) ?? object.refuse(name, "a non-empty string");
}

function wrong(path: string, what: string, value: unknown): CosEventError {
  return new CosEventError(`${path} must be ${what}, got ${kindOf(value)}; only events of a COS trigger can be read`);
}

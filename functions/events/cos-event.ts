import { CheckedObject, kindOf } from "../runtime/checked-json";
import { regionOfCosHost } from "./cos-host";

/** An object that an event names. */
export interface ObjectReference {
  /** Bucket with its APPID, `name-1250000000`. */
  readonly bucket: string;
  /** Region as the API names it, `ap-guangzhou`. */
  readonly region: string;
  /** Key as the uploader wrote it: not percent-encoded, no leading `/appid/name/`. */
  readonly key: string;
  /** Set where the bucket keeps versions. */
  readonly versionId?: string;
  /** ETag with its quotes, as COS sends it. */
  readonly eTag?: string;
}

/** A Record of an event that names no object; the message says what is missing and never quotes the event. */
export class CosEventError extends Error {
  override readonly name = "CosEventError";
  readonly code = "LOGS_EVENT";
}

/** What an event names, and what of it could not be understood: one bad Record does not hide the good ones. */
export interface CosEvent {
  readonly objects: ObjectReference[];
  readonly errors: CosEventError[];
}

/**
 * Reads the event of a COS trigger (https://cloud.tencent.com/document/product/583/9707). Every shape that was captured
 * or documented since 2019 is understood. Folder placeholders, whose key ends with `/`, are left out: the console makes
 * them and they hold no lines.
 *
 * The event carries the uploader's signature, so no message here quotes more than a field's name and type.
 * Fact: docs/design/facts/runtime.md#cos-trigger-event.
 *
 * @param defaultRegion region of an object whose event names none; a trigger and its bucket share a region
 */
export function readCosEvent(event: unknown, defaultRegion: string): CosEvent {
  const objects: ObjectReference[] = [];
  const errors: CosEventError[] = [];
  recordsOf(event).forEach((record, index) => {
    try {
      const object = readRecord(new CheckedObject(record, `Records[${index}]`, wrong), defaultRegion);
      if (!object.key.endsWith("/")) objects.push(object);
    } catch (error) {
      if (!(error instanceof CosEventError)) throw error;
      errors.push(error);
    }
  });
  return { objects, errors };
}

function recordsOf(event: unknown): unknown[] {
  if (typeof event !== "object" || event === null) return [];
  const records = (event as { Records?: unknown }).Records ?? [];
  // An object that is not a list goes on as one Record, so that the error names it.
  return Array.isArray(records) ? records : [records];
}

function readRecord(record: CheckedObject, defaultRegion: string): ObjectReference {
  const cos = record.object("cos");
  const bucket = cos.object("cosBucket");
  const object = cos.object("cosObject");
  const name = requiredText(bucket, "name");
  const appId = requiredText(bucket, "appid");
  const url = splitUrl(optionalText(object, "url"));
  const meta = object.optionalObject("meta");

  return {
    bucket: `${name}-${appId}`,
    region:
      optionalText(bucket, "cosRegion") ??
      optionalText(bucket, "s3Region") ??
      regionOfCosHost(url?.host) ??
      defaultRegion,
    key: url?.key ?? withoutBucket(requiredText(object, "key"), `/${appId}/${name}/`),
    versionId: optionalText(object, "vid"),
    eTag: meta && optionalText(meta, "ETag"),
  };
}

/**
 * Host and key of an object's address, which is percent-encoded once. `URL` would resolve `..` inside a key, so the
 * address is cut by hand; one that cannot be decoded says nothing about the key.
 */
function splitUrl(url: string | undefined): { host: string; key?: string } | undefined {
  const match = /^https?:\/\/([^/]+)\/(.*)$/su.exec(url ?? "");
  if (!match) return undefined;
  const [, host, path] = match;
  try {
    return { host, key: decodeURIComponent(path) || undefined };
  } catch {
    return { host };
  }
}

/** `key` is `/appid/name/path` and not encoded; old console templates send `/path`. The path may repeat the prefix. */
function withoutBucket(key: string, prefix: string): string {
  if (key.startsWith(prefix)) return key.slice(prefix.length);
  return key.startsWith("/") ? key.slice(1) : key;
}

/** The field's text, where it has one. A number is taken as its digits: `appid` comes as both. */
function optionalText(object: CheckedObject, name: string): string | undefined {
  const value = object.value(name);
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" ? text : undefined;
}

function requiredText(object: CheckedObject, name: string): string {
  return optionalText(object, name) ?? object.refuse(name, "a non-empty string");
}

function wrong(path: string, what: string, value: unknown): CosEventError {
  return new CosEventError(`${path} must be ${what}, got ${kindOf(value)}; only events of a COS trigger can be read`);
}

import { choice, cut, textOption } from "../../rules/functions/encoding/bytes";
import { decode, type ErrorMode, errorMode } from "../../rules/python/codecs";
import { fail, typeName, type Value } from "../../rules/run/values";

const CALL = "res_oss_file";
/** What a bucket begins with that is a folder of this machine. */
const LOCAL = "file://";

/** The arguments of `res_oss_file` by the names of its parameters. */
export type ObjectArguments = Readonly<Record<ParameterName, Value>>;

export const PARAMETERS = [
  "endpoint",
  "ak_id",
  "ak_key",
  "bucket",
  "file",
  "format",
  "change_detect_interval",
  "base_retry_back_off",
  "max_retry_back_off",
  "encoding",
  "error",
  "decompress",
] as const;

type ParameterName = (typeof PARAMETERS)[number];

/** An object, and how it is read. */
export interface ObjectOptions {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
  /** Folder of this machine that stands in for the bucket. */
  readonly folder?: string;
  /** Keys of their own; without them, the function's role. */
  readonly secretId?: string;
  readonly secretKey?: string;
  readonly isText: boolean;
  readonly encoding: string;
  readonly errors: ErrorMode;
  readonly isGzip: boolean;
  /** Milliseconds after which it is looked whether the object has changed; 0 is never. */
  readonly intervalMs: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * Reads the arguments. Fails for what cannot be an object in COS; messages never quote the keys.
 *
 * @param region the function's own, for a call without an endpoint
 */
export function readOptions(values: ObjectArguments, region: string | undefined): ObjectOptions {
  const bucket = required("bucket", values.bucket);
  const folder = bucket.startsWith(LOCAL) ? bucket.slice(LOCAL.length) : undefined;
  const key = required("file", values.file);
  if (key.startsWith("/"))
    fail(`${CALL} must get a file that does not begin with "/", got ${JSON.stringify(cut(key))}`, "file");
  const encoding = textOption(CALL, "encoding", values.encoding);
  decode(new Uint8Array(), encoding);
  return {
    bucket,
    region: folder === undefined ? regionOf(values.endpoint, region) : "",
    key,
    folder,
    ...keysOf(values),
    isText: choice(CALL, "format", values.format, ["text", "binary"]) === "text",
    encoding,
    errors: errorMode(textOption(CALL, "error", values.error)),
    isGzip: choice(CALL, "decompress", values.decompress, ["none", "gzip"]) === "gzip",
    intervalMs: milliseconds("change_detect_interval", values.change_detect_interval),
    baseDelayMs: milliseconds("base_retry_back_off", values.base_retry_back_off),
    maxDelayMs: milliseconds("max_retry_back_off", values.max_retry_back_off),
  };
}

/** None is empty. */
function optionalText(name: string, value: Value): string {
  return value === null ? "" : textOption(CALL, name, value);
}

function required(name: string, value: Value): string {
  const text = optionalText(name, value);
  return text === "" ? fail(`${CALL} must get a text as ${name}, got ${typeName(value)}`, name) : text;
}

/** COS's address of a region, with or without bucket and protocol, or the region itself. */
function regionOf(endpoint: Value, own: string | undefined): string {
  const text = optionalText("endpoint", endpoint);
  if (text === "" && own) return own;
  const named =
    /(?:^|[/.])cos(?:-internal)?\.([a-z]+(?:-[a-z0-9]+)+)\.(?:myqcloud\.com|tencentcos\.cn)(?::\d+)?\/?$/.exec(text) ??
    /^([a-z]+(?:-[a-z0-9]+)+)$/.exec(text);
  return (
    named?.[1] ??
    fail(
      `${CALL} must get https://cos.<region>.myqcloud.com or a region as endpoint, got ${JSON.stringify(cut(text))}`,
      "endpoint",
    )
  );
}

/** Both keys or none: with one, the wrong account would answer. */
function keysOf({ ak_id: id, ak_key: key }: ObjectArguments): Pick<ObjectOptions, "secretId" | "secretKey"> {
  const [secretId, secretKey] = [optionalText("ak_id", id), optionalText("ak_key", key)];
  if ((secretId === "") !== (secretKey === "")) {
    fail(
      `${CALL} must get ak_id and ak_key or none of them, got one; without both it reads as the function's role`,
      secretId === "" ? "ak_key" : "ak_id",
    );
  }
  return secretId === "" ? {} : { secretId, secretKey };
}

function milliseconds(name: string, value: Value): number {
  const seconds = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  const isNumber = typeof seconds === "bigint" || typeof seconds === "number";
  if (!isNumber || !(Number(seconds) >= 0)) {
    fail(`${CALL} must get seconds from 0 as ${name}, got ${typeName(value)}`, name);
  }
  return Number(seconds) * 1000;
}

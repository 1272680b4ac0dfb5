import { choice, cut, textOption } from "../../rules/functions/encoding/bytes";
import { decode, type ErrorMode, errorMode } from "../../rules/python/codecs";
import { fail, type Value } from "../../rules/run/values";
import { type Keys, ResourceArguments } from "../resource-arguments";

const CALL = "res_oss_file";
const given = new ResourceArguments(CALL);
/** Prefix of a bucket that is a folder of this machine. */
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
export interface ObjectOptions extends Keys {
  readonly bucket: string;
  readonly region: string;
  readonly key: string;
  /** Folder of this machine in place of the bucket. */
  readonly folder?: string;
  readonly isText: boolean;
  readonly encoding: string;
  readonly errors: ErrorMode;
  readonly isGzip: boolean;
  /** Milliseconds between two checks for changes; 0 is never. */
  readonly intervalMs: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
}

/**
 * Reads the arguments. Fails for values that cannot be an object in COS; messages never quote the keys.
 *
 * @param region the function's own, for a call without an endpoint
 */
export function readOptions(values: ObjectArguments, region: string | undefined): ObjectOptions {
  const bucket = given.text("bucket", values.bucket);
  const folder = bucket.startsWith(LOCAL) ? bucket.slice(LOCAL.length) : undefined;
  const key = given.text("file", values.file);
  if (key.startsWith("/"))
    fail(`${CALL} must get a file that does not begin with "/", got ${JSON.stringify(cut(key))}`, "file");
  const encoding = textOption(CALL, "encoding", values.encoding);
  decode(new Uint8Array(), encoding);
  return {
    bucket,
    region: folder === undefined ? regionOf(values.endpoint, region) : "",
    key,
    folder,
    ...given.keys(["ak_id", values.ak_id], ["ak_key", values.ak_key], "without both"),
    isText: choice(CALL, "format", values.format, ["text", "binary"]) === "text",
    encoding,
    errors: errorMode(textOption(CALL, "error", values.error)),
    isGzip: choice(CALL, "decompress", values.decompress, ["none", "gzip"]) === "gzip",
    intervalMs: given.milliseconds("change_detect_interval", values.change_detect_interval),
    baseDelayMs: given.milliseconds("base_retry_back_off", values.base_retry_back_off),
    maxDelayMs: given.milliseconds("max_retry_back_off", values.max_retry_back_off),
  };
}

/** COS's address of a region, with or without bucket and protocol, or the region itself. */
function regionOf(endpoint: Value, own: string | undefined): string {
  const text = given.optionalText("endpoint", endpoint);
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

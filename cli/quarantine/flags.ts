import { isObject } from "../../functions/runtime/checked-json";
import { matching } from "../../terminal/flags";

/** The quarantine of a pipeline, from the flags that all its commands share. */
export interface Quarantine {
  /** Bucket with its APPID. */
  readonly bucket: string;
  readonly region: string;
  /** Ends with `/`. */
  readonly prefix: string;
}

/** Whether a value in a function's settings is a quarantine. */
export function isQuarantine(value: unknown): value is Quarantine {
  return isObject(value) && [value.bucket, value.region, value.prefix].every((one) => typeof one === "string");
}

/** The flags of {@link quarantineOf}. */
export const QUARANTINE_FLAGS = {
  bucket: { type: "string" },
  region: { type: "string" },
  prefix: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

/** Checks the flags for the quarantine's location. Throws {@link UsageError}. */
export function quarantineOf(values: { bucket?: string; region?: string; prefix?: string }): Quarantine {
  return {
    bucket: matching(
      "--bucket",
      values.bucket,
      /^[a-z0-9][a-z0-9-]*-\d{10}$/,
      "must be a bucket with its APPID, name-1250000000",
    ),
    region: matching("--region", values.region, /^[a-z]+-[a-z0-9-]+$/, "must be a region, such as ap-guangzhou"),
    prefix: matching(
      "--prefix",
      values.prefix,
      /^[^/].*\/$/s,
      "must be the pipeline's quarantine prefix, which ends with /",
    ),
  };
}

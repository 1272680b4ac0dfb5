import { parseArgs, type ParseArgsConfig } from "node:util";
import { CliError } from "./cli-error";

/** Where notes lie, as the flags of every command name it. */
export interface Place {
  /** Bucket with its APPID. */
  readonly bucket: string;
  readonly region: string;
  /** Ends with `/`. */
  readonly prefix: string;
}

/** The flags of {@link placeOf}. */
export const PLACE_FLAGS = {
  bucket: { type: "string" },
  region: { type: "string" },
  prefix: { type: "string" },
  help: { type: "boolean", short: "h" },
} as const;

type Flags = NonNullable<ParseArgsConfig["options"]>;
type Values<F extends Flags> = ReturnType<typeof parseArgs<{ options: F }>>["values"];

/** Reads a command's flags. Throws {@link CliError} for what it does not know. */
export function readFlags<const F extends Flags>(args: readonly string[], flags: F): Values<F> {
  try {
    return parseArgs({ args: [...args], options: flags, strict: true }).values;
  } catch (error) {
    throw new CliError(`${(error as Error).message.split(". ")[0]}; see --help`);
  }
}

/** Checks the flags that say where notes lie. Throws {@link CliError}. */
export function placeOf(values: { bucket?: string; region?: string; prefix?: string }): Place {
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

/** A value that matches. Throws {@link CliError} with the flag, the rule and the value. */
export function matching(flag: string, value: string | undefined, pattern: RegExp, rule: string): string {
  if (value !== undefined && pattern.test(value)) return value;
  throw new CliError(`${flag} ${rule}, got ${value === undefined ? "nothing" : JSON.stringify(value)}; see --help`);
}

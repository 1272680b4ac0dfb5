/**
 * The contract between a construct, which writes these settings, and a handler, which reads them from the
 * environment variable `LOGS_SETTINGS`. Rules and secrets never travel in it.
 */

/** Name of the environment variable that holds the settings. */
export const SETTINGS_VARIABLE = "LOGS_SETTINGS";

/**
 * How a line is found to be a record. `json` parses it; `shape` looks only at its first and last byte, which is faster
 * and approximate: `{"a":` followed by anything and `}` counts as a record.
 */
export type RecordCheck = "json" | "shape";

/** What happens to records. Later processors join this union. */
export interface CountProcessorSettings {
  readonly type: "count";
  readonly check: RecordCheck;
}

export type ProcessorSettings = CountProcessorSettings;

/** Where a note is left for an object that could not be read to its end. */
export interface QuarantineSettings {
  /** Bucket with its APPID, `name-1250000000`. */
  readonly bucket: string;
  readonly region: string;
  /** Key prefix that ends with `/`, outside every trigger's prefix. */
  readonly prefix: string;
}

/** Settings of the handler `cos-batch`. */
export interface CosBatchSettings {
  readonly version: 1;
  /** Region of the bucket, where the event does not name it. */
  readonly region: string;
  readonly processor: ProcessorSettings;
  readonly quarantine: QuarantineSettings;
  /** Longest line in bytes; the rest of a longer one is skipped and the line counts as invalid. */
  readonly maxLineBytes: number;
}

/** Default of {@link CosBatchSettings.maxLineBytes}: 1 MiB. CLS takes values of up to 1 MiB, so that a record of several long values may need more. */
export const DEFAULT_MAX_LINE_BYTES = 1024 * 1024;

/** Thrown when the settings are missing or wrong; the message names the field, what it must be and what it was. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly code = "LOGS_SETTINGS";
}

/** Reads and checks the settings of the handler `cos-batch`; throws {@link SettingsError}. */
export function readCosBatchSettings(environment: NodeJS.ProcessEnv = process.env): CosBatchSettings {
  const settings = object(parse(environment[SETTINGS_VARIABLE]), SETTINGS_VARIABLE);
  const version = settings.version;
  if (version !== 1)
    throw wrong("version", "must be 1", version, "deploy the function's code and its settings together");
  return {
    version,
    region: text(settings.region, "region"),
    processor: processor(settings.processor),
    quarantine: quarantine(settings.quarantine),
    maxLineBytes: positiveInteger(settings.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES, "maxLineBytes"),
  };
}

function parse(source: string | undefined): unknown {
  if (source === undefined || source === "") {
    throw new SettingsError(`${SETTINGS_VARIABLE} must be set, got nothing; deploy the function through its construct`);
  }
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new SettingsError(`${SETTINGS_VARIABLE} must be JSON: ${(error as Error).message}`);
  }
}

function processor(value: unknown): ProcessorSettings {
  const settings = object(value, "processor");
  if (settings.type !== "count") throw wrong("processor.type", 'must be "count"', settings.type);
  const check = settings.check ?? "json";
  if (check !== "json" && check !== "shape") throw wrong("processor.check", 'must be "json" or "shape"', check);
  return { type: settings.type, check };
}

function quarantine(value: unknown): QuarantineSettings {
  const settings = object(value, "quarantine");
  const prefix = text(settings.prefix, "quarantine.prefix");
  if (!prefix.endsWith("/")) throw wrong("quarantine.prefix", "must end with /", prefix);
  return {
    bucket: text(settings.bucket, "quarantine.bucket"),
    region: text(settings.region, "quarantine.region"),
    prefix,
  };
}

function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw wrong(path, "must be an object", value);
  return value as Record<string, unknown>;
}

function text(value: unknown, path: string): string {
  if (typeof value !== "string" || value === "") throw wrong(path, "must be a non-empty string", value);
  return value;
}

function positiveInteger(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value) || (value as number) <= 0) throw wrong(path, "must be a positive integer", value);
  return value as number;
}

function wrong(path: string, rule: string, value: unknown, remedy?: string): SettingsError {
  const shown = JSON.stringify(value) ?? "nothing";
  return new SettingsError(`${path} ${rule}, got ${shown}${remedy ? `; ${remedy}` : ""}`);
}

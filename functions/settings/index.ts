/**
 * The contract between a construct, which writes these settings, and a handler, which reads them from the
 * environment variable `LOGS_SETTINGS`. Rules and secrets never travel in it.
 */
import { folder, object, oneOf, positiveInteger, SettingsError, text, wrong } from "./check";
import { type ContentSettings, readContent } from "./content";
import { type Network, type OutputsSettings, readNetwork, readOutputs } from "./outputs";

export { SettingsError } from "./check";
export type {
  ContentSettings,
  CsvContentSettings,
  JsonContentSettings,
  LinesContentSettings,
  MultilineContentSettings,
} from "./content";
export { isCsvMark } from "./content";
export {
  type CkafkaOutputSettings,
  type ClsOutputSettings,
  type CosOutputSettings,
  DEFAULT_MAX_BATCH_RECORDS,
  DEFAULT_MAX_PART_BYTES,
  type Network,
  type OutputSettings,
  type OutputsSettings,
  SECRET_PREFIX,
  type WebhookFormat,
  type WebhookOutputSettings,
} from "./outputs";

/** Name of the environment variable that holds the settings. */
export const SETTINGS_VARIABLE = "LOGS_SETTINGS";

/**
 * Begins the line on stderr that tells of what was left to quarantine by an invocation that succeeds; alarms look for it.
 */
export const QUARANTINED = "LOGS_QUARANTINED";

/**
 * How a line is found to be a record. `json` parses it; `shape` looks only at its first and last byte, which is faster
 * and approximate: `{"a":` followed by anything and `}` counts as a record.
 */
export type RecordCheck = "json" | "shape";

/** Records are counted, and go to the default output as they are, where there is one. */
export interface CountProcessorSettings {
  readonly type: "count";
  readonly check: RecordCheck;
}

/** Records go through the user's own code, `processor.js` beside the handler. */
export interface CodeProcessorSettings {
  readonly type: "code";
}

/** Records go through a rule text, `rules.sls` beside the handler. */
export interface RulesProcessorSettings {
  readonly type: "rules";
  /** How regular expressions run; `backtracking` gives each match a time limit. */
  readonly regexEngine: "linear" | "backtracking";
  /** What becomes of an event on which a step fails. */
  readonly onError: "drop" | "keep";
}

/** What happens to records. Later processors join this union. */
export type ProcessorSettings = CountProcessorSettings | CodeProcessorSettings | RulesProcessorSettings;

/** Where a note is left for what could not be read or delivered. */
export interface QuarantineSettings {
  /** Bucket with its APPID, `name-1250000000`. */
  readonly bucket: string;
  readonly region: string;
  /** Key prefix that ends with `/`, outside every trigger's prefix. */
  readonly prefix: string;
}

/** What the settings of all handlers hold. */
export interface PipelineSettings extends Partial<OutputsSettings> {
  readonly version: 1;
  /** Region of the function. A bucket whose event names none is there as well. */
  readonly region: string;
  readonly processor: ProcessorSettings;
  readonly quarantine: QuarantineSettings;
  /** Longest line in bytes; the rest of a longer one is skipped and the line counts as invalid. */
  readonly maxLineBytes: number;
  /** What the lines of objects hold. @default JSON lines */
  readonly content?: ContentSettings;
  /** How many times its size a gzip object may unpack to. @default 400 */
  readonly maxUnpackRatio?: number;
  /** How the buckets of objects and of the quarantine are reached. @default "public" */
  readonly network?: Network;
}

/** Settings of the handler `cos-batch`. Without outputs records are only counted. */
export type CosBatchSettings = PipelineSettings;

/** Settings of the handler `cls-stream`. */
export interface ClsStreamSettings extends PipelineSettings {
  readonly outputs: OutputsSettings["outputs"];
}

/** Default of {@link PipelineSettings.maxLineBytes}: 1 MiB, the most that CLS keeps of one value. */
export const DEFAULT_MAX_LINE_BYTES = 1024 * 1024;

/** Reads and checks the settings of the handler `cos-batch`; throws {@link SettingsError}. */
export function readCosBatchSettings(environment: NodeJS.ProcessEnv = process.env): CosBatchSettings {
  return readPipelineSettings(environment);
}

/** Reads and checks the settings of the handler `cls-stream`; throws {@link SettingsError}. */
export function readClsStreamSettings(environment: NodeJS.ProcessEnv = process.env): ClsStreamSettings {
  return readPipelineSettings(environment);
}

function readPipelineSettings(environment: NodeJS.ProcessEnv): ClsStreamSettings {
  const settings = object(parse(environment[SETTINGS_VARIABLE]), SETTINGS_VARIABLE);
  const version = settings.version;
  if (version !== 1)
    throw wrong("version", "must be 1", version, "deploy the function's code and its settings together");
  return {
    version,
    region: text(settings.region, "region"),
    processor: processor(settings.processor),
    ...readOutputs(settings.outputs, settings.defaultOutput),
    quarantine: quarantine(settings.quarantine),
    maxLineBytes: positiveInteger(settings.maxLineBytes ?? DEFAULT_MAX_LINE_BYTES, "maxLineBytes"),
    ...(settings.content !== undefined && { content: readContent(settings.content, "content") }),
    ...(settings.maxUnpackRatio !== undefined && {
      maxUnpackRatio: positiveInteger(settings.maxUnpackRatio, "maxUnpackRatio"),
    }),
    ...readNetwork(settings.network, "network"),
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
  const type = oneOf(settings.type, "processor.type", ["count", "code", "rules"]);
  if (type === "code") return { type };
  if (type === "rules") {
    return {
      type,
      regexEngine: oneOf(settings.regexEngine ?? "linear", "processor.regexEngine", ["linear", "backtracking"]),
      onError: oneOf(settings.onError ?? "drop", "processor.onError", ["drop", "keep"]),
    };
  }
  return { type, check: oneOf(settings.check ?? "json", "processor.check", ["json", "shape"]) };
}

function quarantine(value: unknown): QuarantineSettings {
  const settings = object(value, "quarantine");
  return {
    bucket: text(settings.bucket, "quarantine.bucket"),
    region: text(settings.region, "quarantine.region"),
    prefix: folder(settings.prefix, "quarantine.prefix"),
  };
}

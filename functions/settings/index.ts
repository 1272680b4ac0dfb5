/**
 * The contract between a construct, which writes these settings, and a handler, which reads them from the environment
 * variable `LOGS_SETTINGS`. They never contain rules or secrets.
 */
import { isObject, shown } from "../runtime/checked-json";
import { CONTENT } from "./content";
import { network } from "./network";
import { REDACT, SAMPLE } from "./redact";
import { checkDefaultOutput, defaultOutputOf, folder, DEFAULT_OUTPUT, OUTPUTS } from "./outputs";
import {
  byType,
  checked,
  list,
  object,
  oneOf,
  optional,
  positiveInteger,
  type Problem,
  type Read,
  Reading,
  type Schema,
  text,
  withDefault,
  type Written,
} from "./schema";

export * from "./content";
export * from "./network";
export * from "./outputs";
export * from "./parquet";
export * from "./parquet-names";
export * from "./redact";
export { type Problem, Reading } from "./schema";

/** Name of the environment variable with the settings. */
export const SETTINGS_VARIABLE = "LOGS_SETTINGS";

/**
 * Start of the line on stderr that reports what an otherwise successful invocation left in quarantine. Alarms search
 * for it.
 */
export const QUARANTINED = "LOGS_QUARANTINED";

/** Default of the setting `maxLineBytes`: 1 MiB, the maximum that CLS stores of one value. */
export const DEFAULT_MAX_LINE_BYTES = 1024 * 1024;

/** Remedy if the two sides of the contract have different versions. */
const TOGETHER = "deploy the function's code and its settings together";

const version: Schema<1> = {
  read(given, reading) {
    if (given !== 1) reading.report("must be 1", given, { remedy: TOGETHER });
    return 1;
  },
};

/** How records are processed. */
const PROCESSOR = byType({
  /** Counts records, and sends them unchanged to the default output if there is one. */
  count: object({
    /**
     * How a line is recognized as a record. `json` parses it. `shape` looks only at its first and last byte, which is
     * faster but approximate: any text between `{"a":` and `}` counts as a record.
     */
    check: withDefault(oneOf("json", "shape"), "json"),
  }),
  /** Runs the user's own code, `processor.js`, which is next to the handler. */
  code: object({}),
  /** Runs a rule text, `rules.sls`, which is next to the handler. */
  rules: object({
    /** Engine for regular expressions; `backtracking` limits the time of each match. */
    regexEngine: withDefault(oneOf("linear", "backtracking"), "linear"),
    /** What happens to an event if a step fails on it. */
    onError: withDefault(oneOf("drop", "keep"), "drop"),
  }),
});

/** Where notes are stored about what could not be read or delivered. */
const QUARANTINE = object({
  /** Bucket with its APPID, `name-1250000000`. */
  bucket: text,
  region: text,
  /** Key prefix that ends with `/`, outside every trigger's prefix. */
  prefix: folder,
});

/** Objects of a bucket, by prefix and suffix of their keys. */
const PLACE = object({
  bucket: text,
  region: text,
  /** @default any */
  prefix: optional(text),
  /** @default any */
  suffix: optional(text),
});

/**
 * Catch-up, which runs whenever the function's timer fires: continues with objects that were too large for one
 * invocation, and retries what is in quarantine.
 */
const CATCH_UP = object({
  /** Places whose objects are read if there is no sign that they were. @default none */
  sweep: optional(list(PLACE)),
  /** How far back the sweep looks, in hours. */
  lookbackHours: withDefault(positiveInteger, 24),
});

/** Settings of all pipeline handlers. */
const SHARED = {
  version,
  /** Region of the function, and of a bucket whose event names no region. */
  region: text,
  processor: PROCESSOR,
  /** Network through which the buckets of inputs and quarantine are reached. */
  network,
  quarantine: QUARANTINE,
  /** Catch-up by the function's timer. @default none: there is no timer */
  catchUp: optional(CATCH_UP),
  /** Maximum bytes of a line. The rest of a longer line is skipped, and the line counts as invalid. @default 1 MiB */
  maxLineBytes: withDefault(positiveInteger, DEFAULT_MAX_LINE_BYTES),
  /** Output for records that name none. @default the only output that is neither `invalid` nor `dropped` */
  defaultOutput: optional(DEFAULT_OUTPUT),
  /**
   * Data to mask in records and lines before any output receives them; needs a part next to the handler. @default
   * nothing
   */
  redact: optional(REDACT),
  /** Which records to keep before they are processed. @default all */
  sample: optional(SAMPLE),
};

const COS_BATCH = checked(
  object({
    ...SHARED,
    /** Outputs by name. @default none: records are only counted */
    outputs: optional(OUTPUTS),
    /**
     * Prefixes of the objects to read. The trigger covers their common prefix, and other objects that it reports are
     * ignored. @default all that the trigger reports
     */
    prefixes: optional(list(text)),
    /** Format of the objects. @default JSON lines */
    content: optional(CONTENT),
    /** Compressions to read besides gzip and snappy; each needs a part next to the handler. @default none */
    compressions: optional(list(oneOf("zstd"))),
    /** Maximum ratio between the unpacked and the packed size of a gzip object. @default 400 */
    maxUnpackRatio: optional(positiveInteger),
  }),
  checkDefaultOutput,
);

/** The part of a monitor's definition that only the plan knows; the rest is a file next to the handler. */
const MONITOR_PLACES = {
  /**
   * Topics whose records the function receives. For the sweeper: all watched topics, without the ids of those in
   * another stack.
   */
  sources: list(object({ name: text, topicId: optional(text), region: text })),
  /**
   * Where claims and counts are stored, and below them the alerts that no receiver accepted. The bucket must never have
   * been versioned.
   */
  state: object({ bucket: text, region: text, prefix: folder }),
  /** Topic that stores a record of each alert. */
  records: optional(object({ topicId: text, region: text, network })),
  /** Network through which the state is reached. */
  network,
};

const CLS_STREAM = checked(
  object({
    ...SHARED,
    /** Outputs by name. @default none: records are only counted */
    outputs: withDefault(OUTPUTS, {}),
    /** Monitors that also check the records. The definition of each is in `file`, next to the handler. @default none */
    monitors: optional(list(object({ name: text, file: text, ...MONITOR_PLACES }))),
  }),
  checkDefaultOutput,
);

/** The definition is the file `monitor.json`. */
const MONITOR = object({
  version,
  /** Region of the function. */
  region: text,
  ...MONITOR_PLACES,
});

/** The settings of each handler, by handler name. */
export const HANDLERS = { "cos-batch": COS_BATCH, "cls-stream": CLS_STREAM, monitor: MONITOR };

export type HandlerName = keyof typeof HANDLERS;

/** Settings that a construct writes for a handler. Settings with a default can be left out. */
export type HandlerSettings<Name extends HandlerName = HandlerName> = {
  [N in HandlerName]: Written<(typeof HANDLERS)[N]>;
}[Name];

/** Settings of the handler `cos-batch`. */
export type CosBatchSettings = Read<typeof COS_BATCH>;

/** Settings of the handler `cls-stream`. */
export type ClsStreamSettings = Read<typeof CLS_STREAM>;

/** Settings of the handler `monitor`. */
export type MonitorSettings = Read<typeof MONITOR>;

/** Settings of a monitor that a stream's function runs. */
export type CarriedMonitorSettings = NonNullable<ClsStreamSettings["monitors"]>[number];

/** Settings of a monitor in any function. */
export type MonitorPlaces = Omit<CarriedMonitorSettings, "name" | "file">;

/** Settings that all handlers of a pipeline share. */
export type PipelineSettings = CosBatchSettings;

export type CatchUpSettings = Read<typeof CATCH_UP>;
export type PlaceSettings = Read<typeof PLACE>;
export type QuarantineSettings = Read<typeof QUARANTINE>;
export type ProcessorSettings = Read<typeof PROCESSOR>;
export type CountProcessorSettings = Extract<ProcessorSettings, { type: "count" }>;
export type RulesProcessorSettings = Extract<ProcessorSettings, { type: "rules" }>;
export type RecordCheck = CountProcessorSettings["check"];

/** Thrown if the settings are missing or not valid. The message names the field, the rule and the value. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly code = "LOGS_SETTINGS";
}

/** Variables by name. Node's own type is not available to everyone who compiles against the package. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Reads and checks the settings of the handler `cos-batch`; throws {@link SettingsError}. */
export function readCosBatchSettings(environment: Environment = process.env): CosBatchSettings {
  return readSettings(COS_BATCH, environment);
}

/** Reads and checks the settings of the handler `cls-stream`; throws {@link SettingsError}. */
export function readClsStreamSettings(environment: Environment = process.env): ClsStreamSettings {
  return readSettings(CLS_STREAM, environment);
}

/** Reads and checks the settings of the handler `monitor`; throws {@link SettingsError}. */
export function readMonitorSettings(environment: Environment = process.env): MonitorSettings {
  return readChecked(MONITOR, environment);
}

function readChecked<S, W>(schema: Schema<S, W>, environment: Environment): S {
  const reading = new Reading("");
  const settings = schema.read(parse(environment[SETTINGS_VARIABLE]), reading);
  const [problem] = reading.problems;
  if (problem !== undefined) throw new SettingsError(tell(problem));
  return settings;
}

function readSettings<S extends PipelineSettings, W>(schema: Schema<S, W>, environment: Environment) {
  const settings = readChecked(schema, environment);
  const { outputs = {}, defaultOutput } = settings;
  return { ...settings, outputs, defaultOutput: defaultOutputOf(outputs, defaultOutput) };
}

function parse(source: string | undefined): object {
  if (source === undefined || source === "") {
    throw new SettingsError(`${SETTINGS_VARIABLE} must be set, got nothing; deploy the function through its construct`);
  }
  let settings: unknown;
  try {
    settings = JSON.parse(source);
  } catch (error) {
    throw new SettingsError(`${SETTINGS_VARIABLE} must be JSON: ${(error as Error).message}`);
  }
  if (isObject(settings)) return settings;
  throw new SettingsError(`${SETTINGS_VARIABLE} must be an object, got ${shown(settings)}`);
}

/** A handler that does not know a name is older or newer than its settings. */
function tell({ path, rule, got, remedy, known }: Problem): string {
  const help = remedy ?? (known && TOGETHER);
  return `${path} ${rule}, got ${got}${help ? `; ${help}` : ""}`;
}

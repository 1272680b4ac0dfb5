/**
 * The contract between a construct, which writes these settings, and a handler, which reads them from the
 * environment variable `LOGS_SETTINGS`. Rules and secrets never travel in it.
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

/** Name of the environment variable that holds the settings. */
export const SETTINGS_VARIABLE = "LOGS_SETTINGS";

/**
 * Begins the line on stderr that tells of what was left to quarantine by an invocation that succeeds; alarms look for it.
 */
export const QUARANTINED = "LOGS_QUARANTINED";

/** Default of the settings' `maxLineBytes`: 1 MiB, the most that CLS keeps of one value. */
export const DEFAULT_MAX_LINE_BYTES = 1024 * 1024;

/** What helps where the two sides of the contract are of different versions. */
const TOGETHER = "deploy the function's code and its settings together";

const version: Schema<1> = {
  read(given, reading) {
    if (given !== 1) reading.report("must be 1", given, { remedy: TOGETHER });
    return 1;
  },
};

/** What happens to records. */
const PROCESSOR = byType({
  /** Records are counted, and go to the default output as they are, where there is one. */
  count: object({
    /**
     * How a line is found to be a record. `json` parses it; `shape` looks only at its first and last byte, which is faster
     * and approximate: `{"a":` followed by anything and `}` counts as a record.
     */
    check: withDefault(oneOf("json", "shape"), "json"),
  }),
  /** Records go through the user's own code, `processor.js` beside the handler. */
  code: object({}),
  /** Records go through a rule text, `rules.sls` beside the handler. */
  rules: object({
    /** How regular expressions run; `backtracking` gives each match a time limit. */
    regexEngine: withDefault(oneOf("linear", "backtracking"), "linear"),
    /** What becomes of an event on which a step fails. */
    onError: withDefault(oneOf("drop", "keep"), "drop"),
  }),
});

/** Where a note is left for what could not be read or delivered. */
const QUARANTINE = object({
  /** Bucket with its APPID, `name-1250000000`. */
  bucket: text,
  region: text,
  /** Key prefix that ends with `/`, outside every trigger's prefix. */
  prefix: folder,
});

/** Objects of a bucket, by how their keys begin and end. */
const PLACE = object({
  bucket: text,
  region: text,
  /** @default any */
  prefix: optional(text),
  /** @default any */
  suffix: optional(text),
});

/**
 * What is done whenever the function's timer comes: objects that were too large for one invocation are gone on with, and
 * what waits in quarantine is tried again.
 */
const CATCH_UP = object({
  /** Objects that are read where nothing shows that they were. @default none is looked for */
  sweep: optional(list(PLACE)),
  /** How far back the sweep looks, in hours. */
  lookbackHours: withDefault(positiveInteger, 24),
});

/** What the settings of all handlers hold. */
const SHARED = {
  version,
  /** Region of the function. A bucket whose event names none is there as well. */
  region: text,
  processor: PROCESSOR,
  /** Over which network the buckets of inputs and of quarantine are reached. */
  network,
  quarantine: QUARANTINE,
  /** What the function does by its timer. @default nothing: it has none */
  catchUp: optional(CATCH_UP),
  /** Longest line in bytes; the rest of a longer one is skipped and the line counts as invalid. @default 1 MiB */
  maxLineBytes: withDefault(positiveInteger, DEFAULT_MAX_LINE_BYTES),
  /** Where records go that name no output. @default the only output that is neither `invalid` nor `dropped` */
  defaultOutput: optional(DEFAULT_OUTPUT),
  /** What is masked in records and lines before any output gets them, by a part beside the handler. @default nothing */
  redact: optional(REDACT),
  /** Which records are kept before they are processed. @default all */
  sample: optional(SAMPLE),
};

const COS_BATCH = checked(
  object({
    ...SHARED,
    /** Outputs by name. @default none: records are only counted */
    outputs: optional(OUTPUTS),
    /**
     * Starts of keys of the objects that are read. A trigger is for what they have in common, and others that it tells of are
     * left alone. @default all that the trigger tells of
     */
    prefixes: optional(list(text)),
    /** What the lines of objects hold. @default JSON lines */
    content: optional(CONTENT),
    /** Compressions besides gzip and snappy that are read, each by a part beside the handler. @default none */
    compressions: optional(list(oneOf("zstd"))),
    /** How many times its size a gzip object may unpack to. @default 400 */
    maxUnpackRatio: optional(positiveInteger),
  }),
  checkDefaultOutput,
);

/** What of a monitor's definition only the plan knows; the rest is a file beside the handler. */
const MONITOR_PLACES = {
  /**
   * Topics whose records the function gets; of the function that sweeps, all that are watched, without the id of one that
   * another stack holds.
   */
  sources: list(object({ name: text, topicId: optional(text), region: text })),
  /** Where claims and counts lie, and below it the alerts that nobody took: a bucket that was never versioned. */
  state: object({ bucket: text, region: text, prefix: folder }),
  /** Topic that keeps each alert. */
  records: optional(object({ topicId: text, region: text, network })),
  /** Over which network the state is reached. */
  network,
};

const CLS_STREAM = checked(
  object({
    ...SHARED,
    /** Outputs by name. @default none: records are only counted */
    outputs: withDefault(OUTPUTS, {}),
    /** Monitors that look at the records as well; the definition of each is in `file`, beside the handler. @default none */
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

/** The settings of each handler, by its name. */
export const HANDLERS = { "cos-batch": COS_BATCH, "cls-stream": CLS_STREAM, monitor: MONITOR };

export type HandlerName = keyof typeof HANDLERS;

/** What a construct writes for a handler: settings that have a default may be left out. */
export type HandlerSettings<Name extends HandlerName = HandlerName> = {
  [N in HandlerName]: Written<(typeof HANDLERS)[N]>;
}[Name];

/** Settings of the handler `cos-batch`. */
export type CosBatchSettings = Read<typeof COS_BATCH>;

/** Settings of the handler `cls-stream`. */
export type ClsStreamSettings = Read<typeof CLS_STREAM>;

/** Settings of the handler `monitor`. */
export type MonitorSettings = Read<typeof MONITOR>;

/** Settings of a monitor that a stream's function carries. */
export type CarriedMonitorSettings = NonNullable<ClsStreamSettings["monitors"]>[number];

/** Settings of a monitor, whichever function has it. */
export type MonitorPlaces = Omit<CarriedMonitorSettings, "name" | "file">;

/** Settings of any handler of a pipeline, for what all of them do. */
export type PipelineSettings = CosBatchSettings;

export type CatchUpSettings = Read<typeof CATCH_UP>;
export type PlaceSettings = Read<typeof PLACE>;
export type QuarantineSettings = Read<typeof QUARANTINE>;
export type ProcessorSettings = Read<typeof PROCESSOR>;
export type CountProcessorSettings = Extract<ProcessorSettings, { type: "count" }>;
export type RulesProcessorSettings = Extract<ProcessorSettings, { type: "rules" }>;
export type RecordCheck = CountProcessorSettings["check"];

/** Thrown when the settings are missing or wrong; the message names the field, what it must be and what it was. */
export class SettingsError extends Error {
  override readonly name = "SettingsError";
  readonly code = "LOGS_SETTINGS";
}

/** Variables by their names. Node's own type is not there for everybody who compiles against the package. */
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

/** A handler that does not know a name is older than its settings, or newer. */
function tell({ path, rule, got, remedy, known }: Problem): string {
  const help = remedy ?? (known && TOGETHER);
  return `${path} ${rule}, got ${got}${help ? `; ${help}` : ""}`;
}

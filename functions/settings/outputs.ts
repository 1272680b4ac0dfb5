import { folder, object, oneOf, optional, positiveInteger, text, texts, wrong } from "./check";

/**
 * By which of its hosts a service is reached. `public` is reached from everywhere; of a bucket its name resolves to an
 * address inside the region where it is looked up there. `intranet` is reached from inside the service's region only, also
 * from a VPC without a way out, and its traffic costs nothing.
 */
export type Network = "public" | "intranet";

/** What all outputs share. */
interface OutputBase {
  /**
   * What happens to a batch that could not be delivered after all retries: it is kept in quarantine with its reason and
   * the rest goes on, or the invocation fails and SCF delivers the event again.
   */
  readonly onFailure: "quarantine" | "fail";
}

/** Gzip JSON lines in a bucket. */
export interface CosOutputSettings extends OutputBase {
  readonly type: "cos";
  /** Bucket with its APPID, `name-1250000000`. */
  readonly bucket: string;
  readonly region: string;
  /** Key prefix that ends with `/`, outside every trigger's prefix. */
  readonly prefix: string;
  /** Bytes of input whose records go into one object, and half the bytes of lines that it holds at most. */
  readonly maxPartBytes: number;
  /** @default "public" */
  readonly network?: Network;
}

/** Logs of another topic. */
export interface ClsOutputSettings extends OutputBase {
  readonly type: "cls";
  readonly topicId: string;
  readonly region: string;
  /** @default "public" */
  readonly network?: Network;
}

/** How the body of a webhook's POST looks. */
export type WebhookFormat = "json" | "wecom" | "dingtalk" | "feishu" | "slack";

/** POST requests to an address. */
export interface WebhookOutputSettings extends OutputBase {
  readonly type: "webhook";
  /** Name of the variable that holds the address. */
  readonly urlSecret: string;
  readonly format: WebhookFormat;
  /** Name of the variable that holds the key that requests are signed with. */
  readonly signatureSecret?: string;
  /** Records that go into one request at most. */
  readonly maxBatchRecords: number;
  /** Requests a minute and function instance at most; without it the limit of the format's service, if it has one. */
  readonly maxPerMinute?: number;
}

/** Messages of a CKafka topic. */
export interface CkafkaOutputSettings extends OutputBase {
  readonly type: "ckafka";
  /** `host:port` each. */
  readonly brokers: readonly string[];
  readonly topic: string;
  /** User of SASL/PLAIN; without it nothing is authenticated. */
  readonly username?: string;
  /** Name of the variable that holds the user's password. */
  readonly passwordSecret?: string;
}

export type OutputSettings = CosOutputSettings | ClsOutputSettings | WebhookOutputSettings | CkafkaOutputSettings;

/** Where the records of a pipeline go. */
export interface OutputsSettings {
  /**
   * Outputs by name. `invalid` receives lines that are no records, and records on which the processor failed; `dropped`
   * receives records that the processor sent nowhere.
   */
  readonly outputs: Readonly<Record<string, OutputSettings>>;
  /** Where records go that name no output. @default the only output that is neither `invalid` nor `dropped` */
  readonly defaultOutput?: string;
}

/** Default of {@link CosOutputSettings.maxPartBytes}: 16 MiB. */
export const DEFAULT_MAX_PART_BYTES = 16 * 1024 * 1024;

/** Default of {@link WebhookOutputSettings.maxBatchRecords}. */
export const DEFAULT_MAX_BATCH_RECORDS = 100;

/** Prefix of the variables that hold secrets. */
export const SECRET_PREFIX = "LOGS_SECRET_";

/** Names that have a meaning of their own: no record goes there unless it is sent there. */
const SPECIAL_OUTPUTS: readonly string[] = ["invalid", "dropped"];

/** Checks the settings of all outputs, and settles which one is the default. */
export function readOutputs(outputs: unknown, defaultOutput: unknown): OutputsSettings {
  const entries = Object.entries(object(outputs ?? {}, "outputs")).map(
    ([name, settings]) => [requireName(name), readOutput(settings, `outputs.${name}`)] as const,
  );
  const ordinary = entries.map(([name]) => name).filter((name) => !SPECIAL_OUTPUTS.includes(name));
  return { outputs: Object.fromEntries(entries), defaultOutput: readDefault(defaultOutput, ordinary) };
}

function readDefault(value: unknown, ordinary: readonly string[]): string | undefined {
  if (value === undefined && ordinary.length <= 1) return ordinary[0];
  if (typeof value === "string" && ordinary.includes(value)) return value;
  throw wrong("defaultOutput", "must name an output that is neither invalid nor dropped", value);
}

function requireName(name: string): string {
  if (/^[A-Za-z][\w-]{0,63}$/.test(name)) return name;
  throw wrong("outputs", "must have names of 1 to 64 letters, digits, - and _ that begin with a letter", name);
}

function readOutput(value: unknown, path: string): OutputSettings {
  const settings = object(value, path);
  const type = oneOf(settings.type, `${path}.type`, ["cos", "cls", "webhook", "ckafka"]);
  const onFailure = oneOf(settings.onFailure ?? "quarantine", `${path}.onFailure`, ["quarantine", "fail"]);
  if (type === "cos") return { type, onFailure, ...readCos(settings, path) };
  if (type === "cls") {
    return {
      type,
      onFailure,
      topicId: text(settings.topicId, `${path}.topicId`),
      region: text(settings.region, `${path}.region`),
      ...readNetwork(settings.network, `${path}.network`),
    };
  }
  if (type === "webhook") return { type, onFailure, ...readWebhook(settings, path) };
  return { type, onFailure, ...readCkafka(settings, path) };
}

/** The field, where it is there; `public` is what its absence means. */
export function readNetwork(value: unknown, path: string): { network?: Network } {
  return value === undefined ? {} : { network: oneOf<Network>(value, path, ["public", "intranet"]) };
}

function readCos(settings: Record<string, unknown>, path: string): Omit<CosOutputSettings, "type" | "onFailure"> {
  return {
    bucket: text(settings.bucket, `${path}.bucket`),
    region: text(settings.region, `${path}.region`),
    prefix: folder(settings.prefix, `${path}.prefix`),
    maxPartBytes: positiveInteger(settings.maxPartBytes ?? DEFAULT_MAX_PART_BYTES, `${path}.maxPartBytes`),
    ...readNetwork(settings.network, `${path}.network`),
  };
}

function readWebhook(settings: Record<string, unknown>, path: string) {
  const formats = ["json", "wecom", "dingtalk", "feishu", "slack"] as const;
  const maxBatchRecords = settings.maxBatchRecords ?? DEFAULT_MAX_BATCH_RECORDS;
  return {
    urlSecret: secretName(settings.urlSecret, `${path}.urlSecret`),
    format: oneOf(settings.format ?? "json", `${path}.format`, formats),
    signatureSecret: optional(settings.signatureSecret, `${path}.signatureSecret`, secretName),
    maxBatchRecords: positiveInteger(maxBatchRecords, `${path}.maxBatchRecords`),
    maxPerMinute: optional(settings.maxPerMinute, `${path}.maxPerMinute`, positiveInteger),
  };
}

function readCkafka(settings: Record<string, unknown>, path: string) {
  const username = optional(settings.username, `${path}.username`, text);
  const passwordSecret = optional(settings.passwordSecret, `${path}.passwordSecret`, secretName);
  if ((username === undefined) !== (passwordSecret === undefined)) {
    throw wrong(`${path}.passwordSecret`, "must be given with username, and only then", passwordSecret);
  }
  return {
    brokers: texts(settings.brokers, `${path}.brokers`),
    topic: text(settings.topic, `${path}.topic`),
    username,
    passwordSecret,
  };
}

/** A secret stands in the settings by the name of its variable; a value in its place is not repeated in the error. */
function secretName(value: unknown, path: string): string {
  if (typeof value === "string" && /^LOGS_SECRET_[A-Z0-9_]+$/.test(value)) return value;
  const shown = value === undefined ? value : typeof value === "string" ? "another text" : typeof value;
  throw wrong(path, `must be the name of a variable ${SECRET_PREFIX}<NAME>`, shown);
}

import { network } from "./network";
import { PARQUET } from "./parquet";
import {
  byType,
  checked,
  list,
  named,
  object,
  oneOf,
  optional,
  positiveInteger,
  type Read,
  type Reading,
  rule,
  text,
  withDefault,
  type Written,
} from "./schema";

/** Prefix of the variables that contain secrets. */
export const SECRET_PREFIX = "LOGS_SECRET_";

/** Format of the body of a webhook's requests. */
export const WEBHOOK_FORMATS = ["json", "wecom", "dingtalk", "feishu", "slack"] as const;

export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** Compression of the body of a request to a server. */
export const BODY_COMPRESSIONS = ["gzip", "none"] as const;

export type BodyCompression = (typeof BODY_COMPRESSIONS)[number];

/** Encoding of logs for OTLP. */
export const OTLP_ENCODINGS = ["protobuf", "json"] as const;

export type OtlpEncoding = (typeof OTLP_ENCODINGS)[number];

/** The field with the time of logs from CLS, in milliseconds. */
const CLS_TIME_FIELD = "__TIMESTAMP__";

/** A placeholder for the record's time, in UTC, in an index's name. */
export const INDEX_DIRECTIVE = /%([YmdH])/g;

/**
 * Names of indices, aliases and data streams that the service accepts, with the placeholders of
 * {@link INDEX_DIRECTIVE}.
 */
export const INDEX_NAMES = {
  pattern: /^(?![-_+]|\.\.?$)(?:[^A-Z\\/*?"<>| ,#:%\p{Cc}\u007f-\u{10ffff}]|%[YmdH]){1,200}$/u,
  rule: 'must be 1 to 200 characters of ASCII like access-%Y.%m.%d, without capitals, spaces and \\/*?"<>|,#:, begin with none of - _ +, and have no % but %Y, %m, %d, %H',
};

/** Names of headers (RFC 9110, 5.6.2). */
export const HEADER_NAMES = { pattern: /^[\w!#$%&'*+.^`|~-]{1,100}$/, rule: "must be names of headers" };

/** Headers that an output sends itself. */
export const OWN_HEADERS: readonly string[] = [
  "connection",
  "content-encoding",
  "content-length",
  "content-type",
  "host",
  "transfer-encoding",
];

/** Names of OpenTelemetry attributes. */
export const ATTRIBUTE_NAMES = { pattern: /^[^\p{Cc}]{1,200}$/u, rule: "must be names of 1 to 200 characters" };

/** What can happen to a batch that cannot be delivered. */
export const FAILURE_POLICIES = ["quarantine", "fail"] as const;

/** Names of outputs. */
export const OUTPUT_NAMES = {
  pattern: /^[A-Za-z][\w-]{0,63}$/,
  rule: "must have names of 1 to 64 letters, digits, - and _ that begin with a letter",
};

/** Reserved names: a record goes there only if it is sent there explicitly, or is not a valid record. */
const SPECIAL_OUTPUTS: readonly string[] = ["invalid", "dropped"];

/** A key prefix that ends with `/`, so that no key in another folder begins with it. */
export const folder = checked(text, (prefix, reading) => {
  if (!prefix.endsWith("/")) reading.report("must end with /", prefix);
});

/** A secret appears in the settings as the name of its variable. A value in its place is not repeated in the error. */
const secretName = rule<string>(
  (given) => typeof given === "string" && /^LOGS_SECRET_[A-Z0-9_]+$/.test(given),
  `must be the name of a variable ${SECRET_PREFIX}<NAME>`,
  (given) => (given === undefined ? "nothing" : typeof given === "string" ? "another text" : typeof given),
);

/**
 * What happens to a batch that cannot be delivered after all retries: it is stored in quarantine with the reason and
 * the rest continues, or the invocation fails and SCF delivers the event again.
 */
const onFailure = withDefault(oneOf(...FAILURE_POLICIES), "quarantine");

/**
 * The kinds of outputs. Each has an entry here, a writer of the same name in `functions/outputs/create.ts`, and a construct
 * in `lib/outputs`.
 */
const OUTPUT = byType({
  /** Gzip JSON lines in a bucket, or files of another format. */
  cos: object({
    onFailure,
    /** Name of the bucket with its APPID, `name-1250000000`. */
    bucket: text,
    region: text,
    /** Key prefix that ends with `/`, outside every trigger's prefix. */
    prefix: folder,
    /** Bytes of input whose records go into one object, and half the maximum bytes of lines in it. */
    maxPartBytes: withDefault(positiveInteger, 16 * 1024 * 1024),
    /** Format of the objects. @default gzip JSON lines */
    format: optional(byType({ parquet: PARQUET })),
    network,
  }),
  /** Logs of another topic. */
  cls: object({ onFailure, topicId: text, region: text, network }),
  /** POST requests to an address. */
  webhook: object({
    onFailure,
    /** Name of the variable with the address. */
    urlSecret: secretName,
    format: withDefault(oneOf(...WEBHOOK_FORMATS), "json"),
    /** Name of the variable with the key that requests are signed with. */
    signatureSecret: optional(secretName),
    /** Maximum records per request. */
    maxBatchRecords: withDefault(positiveInteger, 100),
    /** Maximum requests per minute and function instance. @default the limit of the format's service, if it has one */
    maxPerMinute: optional(positiveInteger),
  }),
  /** Messages of a CKafka topic. */
  ckafka: checked(
    object({
      onFailure,
      /** Each as `host:port`. */
      brokers: list(text),
      topic: text,
      /** User for SASL/PLAIN. @default no authentication */
      username: optional(text),
      /** Name of the variable with the user's password. */
      passwordSecret: optional(secretName),
    }),
    ({ username, passwordSecret }, reading) => {
      if ((username === undefined) === (passwordSecret === undefined)) return;
      reading.at("passwordSecret").report("must be given with username, and only then", passwordSecret);
    },
  ),
  /** Documents of Elasticsearch or OpenSearch. */
  elasticsearch: checked(
    object({
      onFailure,
      /** Name of the variable with the address of the cluster. */
      urlSecret: secretName,
      /** Name of the index, alias or data stream. `%Y`, `%m`, `%d` and `%H` stand for the record's time, in UTC. */
      index: rule<string>((given) => typeof given === "string" && INDEX_NAMES.pattern.test(given), INDEX_NAMES.rule),
      /** Field with a record's time, which becomes `@timestamp`. */
      timeField: withDefault(text, CLS_TIME_FIELD),
      /** User for basic authentication. */
      username: optional(text),
      /** Name of the variable with the user's password. */
      passwordSecret: optional(secretName),
      /** Name of the variable with an API key, as base64 of its id and the key. */
      apiKeySecret: optional(secretName),
      /** Maximum records per request. */
      maxBatchRecords: withDefault(positiveInteger, 5_000),
      /** Maximum bytes of a request before compression. A single record can be larger. */
      maxBatchBytes: withDefault(positiveInteger, 5 * 1024 * 1024),
      compression: withDefault(oneOf(...BODY_COMPRESSIONS), "gzip"),
    }),
    ({ username, passwordSecret, apiKeySecret }, reading) => {
      if ((username === undefined) !== (passwordSecret === undefined)) {
        reading.at("passwordSecret").report("must be given with username, and only then", passwordSecret);
      }
      if (username === undefined || apiKeySecret === undefined) return;
      reading.at("apiKeySecret").report("must be left out where username is given", apiKeySecret);
    },
  ),
  /** Log records of OTLP over HTTP. */
  otlp: object({
    onFailure,
    /** Name of the variable with the address, including its path. */
    urlSecret: secretName,
    encoding: withDefault(oneOf(...OTLP_ENCODINGS), "protobuf"),
    /** Headers that are not secret. */
    headers: optional(named(HEADER_NAMES, text)),
    /** Names of the variables with the values of other headers. */
    secretHeaders: optional(named(HEADER_NAMES, secretName)),
    /** Resource attributes of all records. */
    resource: optional(named(ATTRIBUTE_NAMES, text)),
    /** Fields that become resource attributes of a record, by attribute name. */
    resourceFields: optional(named(ATTRIBUTE_NAMES, text)),
    timeField: withDefault(text, CLS_TIME_FIELD),
    severityField: withDefault(text, "level"),
    bodyField: withDefault(text, "message"),
    traceIdField: withDefault(text, "trace_id"),
    spanIdField: withDefault(text, "span_id"),
    /** Maximum records per request. */
    maxBatchRecords: withDefault(positiveInteger, 2_000),
    /** Maximum bytes of a request before compression. A single record can be larger. */
    maxBatchBytes: withDefault(positiveInteger, 2 * 1024 * 1024),
    compression: withDefault(oneOf(...BODY_COMPRESSIONS), "gzip"),
  }),
});

/**
 * Outputs by name. `invalid` receives lines that are not records, and records on which the processor failed. `dropped`
 * receives records that the processor dropped.
 */
export const OUTPUTS = named(OUTPUT_NAMES, OUTPUT);

const DEFAULT_RULE = "must name an output that is neither invalid nor dropped";

/** Output for records that name none. */
export const DEFAULT_OUTPUT = rule<string>((given) => typeof given === "string", DEFAULT_RULE);

export type OutputSettings = Read<typeof OUTPUT>;
/** Settings of an output that a construct writes. Settings with a default can be left out. */
export type WrittenOutput = Written<typeof OUTPUT>;
export type OutputKind = OutputSettings["type"];
export type OutputOf<Kind extends OutputKind> = Extract<OutputSettings, { type: Kind }>;
export type CosOutputSettings = OutputOf<"cos">;
export type ClsOutputSettings = OutputOf<"cls">;
export type WebhookOutputSettings = OutputOf<"webhook">;
export type CkafkaOutputSettings = OutputOf<"ckafka">;
export type ElasticsearchOutputSettings = OutputOf<"elasticsearch">;
export type OtlpOutputSettings = OutputOf<"otlp">;

/** The outputs of a pipeline. */
export interface OutputsSettings {
  readonly outputs: Read<typeof OUTPUTS>;
  /** Output for records that name none. @default the only output that is neither `invalid` nor `dropped` */
  readonly defaultOutput?: string;
}

/** Whether an output is `invalid` or `dropped`. */
export function isSpecialOutput(name: string): boolean {
  return SPECIAL_OUTPUTS.includes(name);
}

/** Names of the outputs that are neither `invalid` nor `dropped`. */
export function ordinaryOutputs(outputs: object): string[] {
  return Object.keys(outputs).filter((name) => !isSpecialOutput(name));
}

/** The output for records that name none: the given one, or the only one if there is one. */
export function defaultOutputOf(outputs: object, defaultOutput: string | undefined): string | undefined {
  return defaultOutput ?? ordinaryOutputs(outputs)[0];
}

/** Checks that there is a default output if there are several. */
export function checkDefaultOutput(settings: Partial<OutputsSettings>, reading: Reading): void {
  const { outputs = {}, defaultOutput } = settings;
  const ordinary = ordinaryOutputs(outputs);
  if (defaultOutput === undefined ? ordinary.length <= 1 : ordinary.includes(defaultOutput)) return;
  reading.at("defaultOutput").report(DEFAULT_RULE, defaultOutput);
}

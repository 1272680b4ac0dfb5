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

/** Prefix of the variables that hold secrets. */
export const SECRET_PREFIX = "LOGS_SECRET_";

/** How the body of a webhook's POST looks. */
export const WEBHOOK_FORMATS = ["json", "wecom", "dingtalk", "feishu", "slack"] as const;

export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** How the body of a request to a server is packed. */
export const BODY_COMPRESSIONS = ["gzip", "none"] as const;

export type BodyCompression = (typeof BODY_COMPRESSIONS)[number];

/** How logs are written for OTLP. */
export const OTLP_ENCODINGS = ["protobuf", "json"] as const;

export type OtlpEncoding = (typeof OTLP_ENCODINGS)[number];

/** The field that holds the time of logs that come from CLS, in milliseconds. */
const CLS_TIME_FIELD = "__TIMESTAMP__";

/** A piece of an index's name that stands for the record's time, in UTC. */
export const INDEX_DIRECTIVE = /%([YmdH])/g;

/** Names of indices, aliases and data streams, as the service takes them, with the directives of {@link INDEX_DIRECTIVE}. */
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

/** Names of attributes of OpenTelemetry. */
export const ATTRIBUTE_NAMES = { pattern: /^[^\p{Cc}]{1,200}$/u, rule: "must be names of 1 to 200 characters" };

/** What may become of a batch that could not be delivered. */
export const FAILURE_POLICIES = ["quarantine", "fail"] as const;

/** Names of outputs. */
export const OUTPUT_NAMES = {
  pattern: /^[A-Za-z][\w-]{0,63}$/,
  rule: "must have names of 1 to 64 letters, digits, - and _ that begin with a letter",
};

/** Names that have a meaning of their own: no record goes there unless it is sent there, or is none. */
const SPECIAL_OUTPUTS: readonly string[] = ["invalid", "dropped"];

/** A key prefix: a folder's, so that no key of another folder begins with it. */
export const folder = checked(text, (prefix, reading) => {
  if (!prefix.endsWith("/")) reading.report("must end with /", prefix);
});

/** A secret stands in the settings by the name of its variable; a value in its place is not repeated in the error. */
const secretName = rule<string>(
  (given) => typeof given === "string" && /^LOGS_SECRET_[A-Z0-9_]+$/.test(given),
  `must be the name of a variable ${SECRET_PREFIX}<NAME>`,
  (given) => (given === undefined ? "nothing" : typeof given === "string" ? "another text" : typeof given),
);

/**
 * What happens to a batch that could not be delivered after all retries: it is kept in quarantine with its reason and the
 * rest goes on, or the invocation fails and SCF delivers the event again.
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
    /** Bucket with its APPID, `name-1250000000`. */
    bucket: text,
    region: text,
    /** Key prefix that ends with `/`, outside every trigger's prefix. */
    prefix: folder,
    /** Bytes of input whose records go into one object, and half the bytes of lines that it holds at most. */
    maxPartBytes: withDefault(positiveInteger, 16 * 1024 * 1024),
    /** What the objects are. @default gzip JSON lines */
    format: optional(byType({ parquet: PARQUET })),
    network,
  }),
  /** Logs of another topic. */
  cls: object({ onFailure, topicId: text, region: text, network }),
  /** POST requests to an address. */
  webhook: object({
    onFailure,
    /** Name of the variable that holds the address. */
    urlSecret: secretName,
    format: withDefault(oneOf(...WEBHOOK_FORMATS), "json"),
    /** Name of the variable that holds the key that requests are signed with. */
    signatureSecret: optional(secretName),
    /** Records that go into one request at most. */
    maxBatchRecords: withDefault(positiveInteger, 100),
    /** Requests a minute and function instance at most; without it the limit of the format's service, if it has one. */
    maxPerMinute: optional(positiveInteger),
  }),
  /** Messages of a CKafka topic. */
  ckafka: checked(
    object({
      onFailure,
      /** `host:port` each. */
      brokers: list(text),
      topic: text,
      /** User of SASL/PLAIN; without it nothing is authenticated. */
      username: optional(text),
      /** Name of the variable that holds the user's password. */
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
      /** Name of the variable that holds the address of the cluster. */
      urlSecret: secretName,
      /** Name of the index, the alias or the data stream; `%Y`, `%m`, `%d`, `%H` are those of the record's time, in UTC. */
      index: rule<string>((given) => typeof given === "string" && INDEX_NAMES.pattern.test(given), INDEX_NAMES.rule),
      /** Field with a record's time, which becomes `@timestamp`. */
      timeField: withDefault(text, CLS_TIME_FIELD),
      /** User of basic authentication. */
      username: optional(text),
      /** Name of the variable that holds the user's password. */
      passwordSecret: optional(secretName),
      /** Name of the variable that holds an API key, as base64 of its id and the key. */
      apiKeySecret: optional(secretName),
      /** Records that go into one request at most. */
      maxBatchRecords: withDefault(positiveInteger, 5_000),
      /** Bytes of a request before it is packed; a single record may be larger. */
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
    /** Name of the variable that holds the address, with its path. */
    urlSecret: secretName,
    encoding: withDefault(oneOf(...OTLP_ENCODINGS), "protobuf"),
    /** Headers that are no secrets. */
    headers: optional(named(HEADER_NAMES, text)),
    /** Names of the variables that hold the values of other headers. */
    secretHeaders: optional(named(HEADER_NAMES, secretName)),
    /** Attributes of the resource that all records are of. */
    resource: optional(named(ATTRIBUTE_NAMES, text)),
    /** Fields that become attributes of a record's resource, by the attributes' names. */
    resourceFields: optional(named(ATTRIBUTE_NAMES, text)),
    timeField: withDefault(text, CLS_TIME_FIELD),
    severityField: withDefault(text, "level"),
    bodyField: withDefault(text, "message"),
    traceIdField: withDefault(text, "trace_id"),
    spanIdField: withDefault(text, "span_id"),
    /** Records that go into one request at most. */
    maxBatchRecords: withDefault(positiveInteger, 2_000),
    /** Bytes of a request before it is packed; a single record may be larger. */
    maxBatchBytes: withDefault(positiveInteger, 2 * 1024 * 1024),
    compression: withDefault(oneOf(...BODY_COMPRESSIONS), "gzip"),
  }),
});

/**
 * Outputs by name. `invalid` receives lines that are no records, and records on which the processor failed; `dropped`
 * receives records that the processor sent nowhere.
 */
export const OUTPUTS = named(OUTPUT_NAMES, OUTPUT);

const DEFAULT_RULE = "must name an output that is neither invalid nor dropped";

/** Where records go that name no output. */
export const DEFAULT_OUTPUT = rule<string>((given) => typeof given === "string", DEFAULT_RULE);

export type OutputSettings = Read<typeof OUTPUT>;
/** What a construct writes: settings that have a default may be left out. */
export type WrittenOutput = Written<typeof OUTPUT>;
export type OutputKind = OutputSettings["type"];
export type OutputOf<Kind extends OutputKind> = Extract<OutputSettings, { type: Kind }>;
export type CosOutputSettings = OutputOf<"cos">;
export type ClsOutputSettings = OutputOf<"cls">;
export type WebhookOutputSettings = OutputOf<"webhook">;
export type CkafkaOutputSettings = OutputOf<"ckafka">;
export type ElasticsearchOutputSettings = OutputOf<"elasticsearch">;
export type OtlpOutputSettings = OutputOf<"otlp">;

/** Where the records of a pipeline go. */
export interface OutputsSettings {
  readonly outputs: Read<typeof OUTPUTS>;
  /** Where records go that name no output. @default the only output that is neither `invalid` nor `dropped` */
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

/** The output for records that name none: the one that is given, else the only one, where there is one. */
export function defaultOutputOf(outputs: object, defaultOutput: string | undefined): string | undefined {
  return defaultOutput ?? ordinaryOutputs(outputs)[0];
}

/** Several outputs need one that is the default. */
export function checkDefaultOutput(settings: Partial<OutputsSettings>, reading: Reading): void {
  const { outputs = {}, defaultOutput } = settings;
  const ordinary = ordinaryOutputs(outputs);
  if (defaultOutput === undefined ? ordinary.length <= 1 : ordinary.includes(defaultOutput)) return;
  reading.at("defaultOutput").report(DEFAULT_RULE, defaultOutput);
}

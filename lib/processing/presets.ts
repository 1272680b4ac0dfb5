import type { PresetDefinition } from "./preset";

/** A time as log4j and logback write it if their pattern contains `%d`, or a date and time in that format. */
const JAVA_TIME = String.raw`\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?: ?(?:Z|[+-]\d{2}:?\d{2}))?`;

/** The rest of a Java log record: the rest of the message's line, and the stack trace. */
const JAVA_MESSAGE = String.raw`(?<message>[^\n]*)(?:\n(?<stack>[^]*))?`;

/**
 * A quoted request line: split into its parts if it is one, otherwise unchanged. `[^"\\]` and pairs with a backslash:
 * no quote.
 */
const REQUEST = String.raw`(?:(?<method>[A-Z]+) (?<path>[^ "]*) (?<protocol>HTTP/[\d.]+)|(?<request>(?:[^"\\]|\\.)*))`;

const QUOTED = (name: string) => String.raw`"(?<${name}>(?:[^"\\]|\\.)*)"`;

/**
 * Known layouts of logs, by the name that {@link LogContent.preset} accepts. Each is plain data, so you can base your
 * own preset on one: `LogContent.preset({ ...PRESETS["nginx-combined"], name: "shop", ... })`. See
 * docs/inputs/presets.md for their sources, sample lines and open points.
 */
export const PRESETS = {
  /** Access logs of COS. Fact: docs/design/facts/log-formats.md#cos. */
  "cos-access": {
    name: "cos-access",
    columns: [
      ...["eventVersion", "bucketName", "qcsRegion", "eventTime", "eventSource", "eventName", "remoteIp"],
      ...["userSecretKeyId", "reservedFiled", "reqBytesSent", "deltaDataSize", "reqPath", "reqMethod", "userAgent"],
      ...[
        "resHttpCode",
        "resErrorCode",
        "resErrorMsg",
        "resBytesSent",
        "resTotalTime",
        "logSourceType",
        "storageClass",
      ],
      ...["accountId", "resTurnAroundTime", "requester", "requestId", "objectSize", "versionId", "targetStorageClass"],
      ...["referer", "requestUri", "vpcId"],
    ],
    delimiter: " ",
    // Files from before vpcId have one column fewer; COS can append further columns.
    leastColumns: 30,
    moreColumns: "moreColumns",
    integers: [
      ...["reqBytesSent", "deltaDataSize", "resHttpCode", "resBytesSent", "resTotalTime", "resTurnAroundTime"],
      "objectSize",
    ],
    times: { eventTime: "iso" },
    timestamp: "eventTime",
    none: ["-"],
  },
  /** Offline logs of CDN. Fact: docs/design/facts/log-formats.md#cdn. */
  "cdn-access": {
    name: "cdn-access",
    columns: [
      ...["time", "client_ip", "host", "url", "rsp_size", "prov", "isp", "http_code", "referer", "request_time", "ua"],
      ...["request_range", "method", "proto", "hit", "request_port"],
    ],
    delimiter: " ",
    leastColumns: 15,
    moreColumns: "moreColumns",
    integers: ["rsp_size", "prov", "isp", "http_code", "request_time", "request_port"],
    times: { time: "%Y%m%d%H%M%S" },
    zone: "+08:00",
    timestamp: "time",
    none: ["-", "NULL", "(null)"],
  },
  /** Offline logs of EdgeOne sites. Fact: docs/design/facts/log-formats.md#edgeone. */
  edgeone: {
    name: "edgeone",
    json: "lines",
    times: { RequestTime: "iso", LogTime: "iso", EdgeEndTime: "iso" },
    timestamp: "RequestTime",
    none: ["-", -1],
  },
  /** CloudAudit events that a tracking set delivers. Fact: docs/design/facts/log-formats.md#cloudaudit. */
  cloudaudit: {
    name: "cloudaudit",
    json: "values",
    integers: ["errorCode", "apiErrorCode", "eventVersion"],
    times: { eventTime: "seconds" },
    timestamp: "eventTime",
  },
  /** Access logs of CLB, as CLS ships them from their topic. Fact: docs/design/facts/log-formats.md#clb. */
  "clb-access": {
    name: "clb-access",
    json: "lines",
    integers: [
      ...["server_port", "remote_port", "status", "request_length", "bytes_sent", "tcpinfo_rtt", "connection"],
      ...["connection_requests", "vip_vpcid"],
    ],
    numbers: [
      ...["request_time", "upstream_response_time", "upstream_connect_time", "upstream_header_time"],
      "ssl_handshake_time",
    ],
    times: { time_local: "%d/%b/%Y:%H:%M:%S %z" },
    timestamp: "time_local",
    none: ["-"],
  },
  /** The `combined` format of nginx. Fact: docs/design/facts/log-formats.md#nginx. */
  "nginx-combined": {
    name: "nginx-combined",
    pattern:
      String.raw`(?<remote_addr>[^ ]+) - (?<remote_user>[^\[]+) \[(?<time_local>[^\]]+)\] "${REQUEST}" ` +
      String.raw`(?<status>\d{3}) (?<body_bytes_sent>\d+) ${QUOTED("http_referer")} ${QUOTED("http_user_agent")}`,
    integers: ["status", "body_bytes_sent"],
    times: { time_local: "%d/%b/%Y:%H:%M:%S %z" },
    timestamp: "time_local",
    none: ["-"],
  },
  /** The `combined` format of Apache. Fact: docs/design/facts/log-formats.md#apache. */
  "apache-combined": {
    name: "apache-combined",
    pattern:
      String.raw`(?<host>[^ ]+) (?<ident>[^ ]+) (?<user>[^\[]+) \[(?<time>[^\]]+)\] "${REQUEST}" ` +
      String.raw`(?<status>\d{3}|-) (?<bytes>\d+|-) ${QUOTED("referer")} ${QUOTED("user_agent")}`,
    integers: ["status", "bytes"],
    times: { time: "%d/%b/%Y:%H:%M:%S %z" },
    timestamp: "time",
    none: ["-"],
  },
  /** log4j's `%d [%t] %-5p %c %x - %m%n`, with stack traces. Fact: docs/design/facts/log-formats.md#log4j. */
  log4j: {
    name: "log4j",
    pattern:
      String.raw`(?<time>${JAVA_TIME}) +\[(?<thread>[^\]]*)\] +(?<level>[A-Z]+) +(?<logger>[^ ]+) +` +
      String.raw`(?:(?<context>[^ -][^ ]*) +)?- ${JAVA_MESSAGE}`,
    startPattern: `^${JAVA_TIME} `,
    times: { time: "iso" },
    timestamp: "time",
  },
  /** logback's `%d [%thread] %-5level %logger{36} - %msg%n`, with stack traces. Fact: docs/design/facts/log-formats.md#logback. */
  logback: {
    name: "logback",
    pattern:
      String.raw`(?<time>${JAVA_TIME}) +\[(?<thread>[^\]]*)\] +(?<level>[A-Z]+) +(?<logger>[^ ]+) +- ` + JAVA_MESSAGE,
    startPattern: `^${JAVA_TIME} `,
    times: { time: "iso" },
    timestamp: "time",
  },
  /**
   * Docker's `json-file` format, with the pieces of long lines joined. Fact:
   * docs/design/facts/log-formats.md#containers.
   */
  container: { name: "container", container: true, times: { time: "iso" }, timestamp: "time" },
  /** CSV as Excel and other Windows programs save it: column names in the first row, separated by `,`, `;` or tabs. */
  "windows-csv": { name: "windows-csv", columns: true, delimiter: "auto" },
} satisfies Readonly<Record<string, PresetDefinition>>;

/** Name of a known layout. */
export type PresetName = keyof typeof PRESETS;

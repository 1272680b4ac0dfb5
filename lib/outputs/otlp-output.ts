import {
  ATTRIBUTE_NAMES,
  HEADER_NAMES,
  OTLP_ENCODINGS,
  OWN_HEADERS,
  type OtlpEncoding,
  type WrittenOutput,
} from "../../functions/settings";
import { Checks } from "../errors";
import { mapOf, oneOf, required, secret, text, textThat } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import type { LogFunction } from "../scf/function";
import type { IOutput } from "./output";
import { batchBytes, batchRecords, SERVER_OUTPUT_PROPS, type ServerOutputProps } from "./server-output";

/** Props of an {@link OtlpOutput}. */
export interface OtlpOutputProps extends ServerOutputProps {
  /** Encoding of requests. @default "protobuf" */
  readonly encoding?: OtlpEncoding;
  /**
   * Headers that are not secret, such as `X-Scope-OrgID`. Values are 1 to 1000 printable ASCII characters. @default
   * none
   */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers whose values are secrets like `url`, such as `Authorization`. @default none */
  readonly secretHeaders?: Readonly<Record<string, string>>;
  /** Resource attributes of all records, such as `service.name`. @default none */
  readonly resource?: Readonly<Record<string, string>>;
  /**
   * Fields that become resource attributes of a record, by attribute name: `{ "host.name": "__SOURCE__" }`. Records
   * with different values belong to different resources.
   * @default none
   */
  readonly resourceFields?: Readonly<Record<string, string>>;
  /** Field with a record's severity: a name such as `WARN`, or a level of pino. @default "level" */
  readonly severityField?: string;
  /**
   * Field with a record's body. If a record lacks it, all of its remaining fields become the body. @default "message"
   */
  readonly bodyField?: string;
  /** Field with a trace id, 32 hex digits. @default "trace_id" */
  readonly traceIdField?: string;
  /** Field with a span id, 16 hex digits. @default "span_id" */
  readonly spanIdField?: string;
  /** Maximum records per request, 1 to 10000. @default 2000 */
  readonly maxBatchRecords?: number;
  /** Maximum bytes per request before compression, 64 KiB to 50 MiB. A single record can be larger. @default 2 MiB */
  readonly maxBatchBytes?: number;
}

const headerValue = textThat(
  /^[\t\x20-\x7e]{1,1000}$/,
  "must be 1 to 1000 printable characters of ASCII",
  "write it without line ends",
  "LOGS_OTLP_HEADER",
);

const PROPS: PropTable<OtlpOutputProps> = {
  ...SERVER_OUTPUT_PROPS,
  encoding: oneOf(OTLP_ENCODINGS, "leave it out for protobuf", "LOGS_OTLP_ENCODING"),
  headers: mapOf(required(headerValue), "name each header"),
  secretHeaders: mapOf(required(secret), "name each header"),
  resource: mapOf(required(text), "name each attribute"),
  resourceFields: mapOf(required(text), "name each attribute"),
  severityField: text,
  bodyField: text,
  traceIdField: text,
  spanIdField: text,
  maxBatchRecords: batchRecords,
  maxBatchBytes: batchBytes,
};

/** Names of headers that usually contain secrets. */
const SECRET_HEADER = /^(proxy-)?authorization$|cookie|token|secret|password|(api|access|auth)[-_]?key/i;

/**
 * Sends log records to an OpenTelemetry collector, or to any other receiver of OTLP over HTTP. Delivery is at least
 * once: each record carries `log.record.uid`, by which copies can be detected.
 */
export class OtlpOutput implements IOutput {
  readonly parts = ["out-otlp.js"];
  readonly needsFields = true;

  constructor(private readonly props: OtlpOutputProps) {}

  bind(target: LogFunction, name: string): WrittenOutput {
    const path = `outputs.${name}`;
    const checks = new Checks(target);
    const { secretHeaders, url, ...others } = readProps(checks, PROPS, this.props, path);
    checkHeaders(checks, path, others.headers, secretHeaders);
    for (const prop of ["resource", "resourceFields"] as const) {
      for (const attribute of Object.keys(others[prop] ?? {})) {
        checks.that(
          ATTRIBUTE_NAMES.pattern.test(attribute),
          "LOGS_OTLP_ATTRIBUTE",
          () => `${path}.${prop} ${ATTRIBUTE_NAMES.rule}, got ${JSON.stringify(attribute)}; choose another name`,
        );
      }
    }
    checks.throwIfAny();
    const secrets = Object.entries(secretHeaders ?? {}).map(([header, value]) => [
      header,
      target.addSecret(`${name}_header_${header}`, value),
    ]);
    return {
      type: "otlp",
      ...others,
      urlSecret: target.addSecret(`${name}_url`, url),
      secretHeaders: secretHeaders && (Object.fromEntries(secrets) as Record<string, string>),
    };
  }
}

function checkHeaders(checks: Checks, path: string, headers: object = {}, secretHeaders: object = {}): void {
  const given = [
    ...Object.keys(headers).map((header) => ({ prop: "headers", header })),
    ...Object.keys(secretHeaders).map((header) => ({ prop: "secretHeaders", header })),
  ];
  const seen = new Set<string>();
  for (const { prop, header } of given) {
    const shown = JSON.stringify(header);
    const name = header.toLowerCase();
    const that = (passes: boolean, rule: string, remedy: string) =>
      checks.that(passes, "LOGS_OTLP_HEADER", () => `${path}.${prop} ${rule}, got ${shown}; ${remedy}`);
    that(HEADER_NAMES.pattern.test(header), HEADER_NAMES.rule, "choose another name");
    that(!OWN_HEADERS.includes(name), "must leave out what the output sends itself", "leave it out");
    that(!seen.has(name), "must name each header once, in whichever case", "leave one of them out");
    that(
      prop !== "headers" || !SECRET_HEADER.test(name),
      "must hold no secrets",
      "give it in secretHeaders, as a value that only the plan knows",
    );
    seen.add(name);
  }
}

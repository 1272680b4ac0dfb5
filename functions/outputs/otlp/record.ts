import type { FieldValue } from "../../records/contracts";
import type { Stretch } from "../slabs";
import type { Severity } from "./severity";
import type { Aside, FieldEncoder } from "./taken-fields";

/**
 * What a log record of OTLP says beside its fields. Fact: docs/design/facts/destinations.md#meaning.
 */
export interface LogHead {
  /** When it happened, in milliseconds since the epoch; undefined where nobody knows. */
  readonly timeMs?: number;
  /** When it was seen, likewise. */
  readonly observedMs: number;
  readonly severity?: Severity;
  /** Undefined where the fields are the body. */
  readonly body?: Pick<Aside, "value" | "text">;
  /** 32 hex digits. */
  readonly traceId?: string;
  /** 16 hex digits. */
  readonly spanId?: string;
  /** What tells a second delivery of the record from a second record; undefined where the record says so itself. */
  readonly uid?: string;
}

/** Attribute that holds a record's id. Fact: docs/design/facts/destinations.md#meaning. */
export const UID = "log.record.uid";

/** Who made the records. */
export const SCOPE = "cdktf-tencent-logs";

/** Logs that share a resource. */
export interface ResourceLogs {
  readonly resource: Readonly<Record<string, string>>;
  /** Each as {@link LogRecordEncoder.finish} left it. */
  readonly logs: readonly Stretch[];
}

/** Writes log records one after the other, in one of OTLP's encodings. Fields come between `begin` and `finish`. */
export interface LogRecordEncoder extends FieldEncoder {
  readonly contentType: string;
  /** @param isBody whether the fields are the record's body, and no attributes */
  begin(isBody: boolean): void;
  /** The record that was begun, with all else that it says. */
  finish(head: LogHead): Stretch;
  /** A request, in one piece of memory. */
  request(groups: readonly ResourceLogs[]): Buffer;
}

/**
 * Lists and objects inside each other that are written as such; what lies deeper is a text of JSON. Each is two or three messages
 * of protobuf, of which readers take a hundred inside each other, or refuse the whole request.
 * Fact: docs/design/facts/destinations.md#requests-to-collectors.
 */
export const MOST_NESTED = 30;

/** Names of attributes are not empty. */
export function attributeName(name: string): string {
  return name === "" ? "x" : name;
}

/** Whether a value is written as an integer: a zero with a sign is none. */
export function isInteger(value: FieldValue): value is number {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

import type { FieldValue } from "../../records/contracts";
import type { Stretch } from "../slabs";
import type { Severity } from "./severity";
import type { Aside, FieldEncoder } from "./taken-fields";

/** The parts of an OTLP log record other than its attributes. Fact: docs/design/facts/destinations.md#meaning. */
export interface LogHead {
  /** Time of the event in milliseconds since the epoch; undefined if unknown. */
  readonly timeMs?: number;
  /** Time of observation in milliseconds since the epoch. */
  readonly observedMs: number;
  readonly severity?: Severity;
  /** Undefined if the fields are the body. */
  readonly body?: Pick<Aside, "value" | "text">;
  /** 32 hex digits. */
  readonly traceId?: string;
  /** 16 hex digits. */
  readonly spanId?: string;
  /** Distinguishes a second delivery of the record from a second record; undefined if the record has its own id. */
  readonly uid?: string;
}

/** Attribute for a record's id. Fact: docs/design/facts/destinations.md#meaning. */
export const UID = "log.record.uid";

/** Scope name of the records. */
export const SCOPE = "cdktf-tencent-logs";

/** Logs with the same resource. */
export interface ResourceLogs {
  readonly resource: Readonly<Record<string, string>>;
  /** Each as returned by {@link LogRecordEncoder.finish}. */
  readonly logs: readonly Stretch[];
}

/** Encodes log records one after the other, in one of OTLP's encodings. Fields are written between `begin` and `finish`. */
export interface LogRecordEncoder extends FieldEncoder {
  readonly contentType: string;
  /** @param isBody whether the fields are the record's body instead of attributes */
  begin(isBody: boolean): void;
  /** Completes the current record with its other parts. */
  finish(head: LogHead): Stretch;
  /** A request in one buffer. */
  request(groups: readonly ResourceLogs[]): Buffer;
}

/**
 * Maximum depth of lists and objects that are encoded as such; deeper ones become JSON text. Each level is two or three
 * protobuf messages, and readers accept a hundred nested messages, or refuse the whole request. Fact:
 * docs/design/facts/destinations.md#requests-to-collectors.
 */
export const MOST_NESTED = 30;

/** Attribute names must not be empty. */
export function attributeName(name: string): string {
  return name === "" ? "x" : name;
}

/** Whether a value is encoded as an integer: negative zero is not. */
export function isInteger(value: FieldValue): value is number {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}

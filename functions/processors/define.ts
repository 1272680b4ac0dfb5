/**
 * Types for your own code that processes each record.
 * @module cdktf-tencent-logs/processor
 */
import type { ClsLabels, Fields, LogRecord } from "../records/contracts";
import type { Summary } from "../invocation/summary";

export type { ClsLabels, Fields, FieldValue, LogRecord, Place } from "../records/contracts";
export type { Summary } from "../invocation/summary";

/** Context of a call of a processor. */
export interface ProcessorContext {
  /**
   * Creates a new record with the place of the current one.
   * @throws an error if the fields cannot be written as JSON
   */
  create(fields: Fields): LogRecord;
}

/** A record with the output that it goes to. */
export interface RoutedRecord {
  /**
   * Name of the output. `dropped` is allowed even if there is no output of that name: the record is then only counted.
   */
  readonly output: string;
  /** The record. */
  readonly record: LogRecord;
  /** Labels of the record, if the output is a topic. */
  readonly labels?: ClsLabels;
}

/**
 * Rejects the record: it goes to the output `invalid` in its original form, with the reason, or to the default output
 * if there is no `invalid`. The summary counts it in `failed`. Throwing an error has the same effect.
 */
export interface RejectedRecord {
  /** The reason. It is truncated to 500 characters. */
  readonly reject: string;
}

type Item = LogRecord | RoutedRecord;

/**
 * Result of a processor for one record: the record, or several records, each with or without an output. A record
 * without an output goes to the default output. `null` or `undefined` drops the record.
 */
export type ProcessorResult = Item | readonly Item[] | RejectedRecord | null | undefined | void;

/** Your own code that processes records. */
export interface ProcessorDefinition {
  /**
   * Called for each record. Use `record.get(name)` to read individual fields, because `record.fields` decodes all of
   * them. Return a value instead of a promise if you can: it is faster. Up to 32 promises of a batch run at the same
   * time. Outputs always receive the records in the order of the input.
   *
   * An error that is thrown fails only this record: see {@link RejectedRecord}.
   */
  record(record: LogRecord, context: ProcessorContext): ProcessorResult | Promise<ProcessorResult>;
  /**
   * Called once per invocation, after all records. An error that is thrown fails the invocation, so that SCF delivers
   * the event again.
   */
  end?(summary: Readonly<Summary>): void | Promise<void>;
}

/** Defines a processor, with type checking: `export default defineProcessor({ record(record) { ... } })`. */
export function defineProcessor(processor: ProcessorDefinition): ProcessorDefinition {
  return processor;
}

/**
 * Types for code of your own that runs on each record.
 * @module cdktf-tencent-logs/processor
 */
import type { ClsLabels, Fields, LogRecord } from "../records/contracts";
import type { Summary } from "../invocation/summary";

export type { ClsLabels, Fields, FieldValue, LogRecord, Place } from "../records/contracts";
export type { Summary } from "../invocation/summary";

/** What a processor may use beside the record. */
export interface ProcessorContext {
  /** A new record at the place of the one at hand. Throws where the fields are no JSON. */
  create(fields: Fields): LogRecord;
}

/** A record on its way to an output of the user's choice. */
export interface RoutedRecord {
  /** Name of the output. `dropped` is the way out for what nobody wants, with an output of that name or without. */
  readonly output: string;
  /** The record. */
  readonly record: LogRecord;
  /** What it is labelled with in a topic, where the output is one. */
  readonly labels?: ClsLabels;
}

/**
 * The record is no good: it goes to the output `invalid` with the reason, as it was read, or to the default output where
 * there is no `invalid`; the summary counts it in `failed`. It is what a throw amounts to.
 */
export interface RejectedRecord {
  /** The reason; up to 500 characters are kept. */
  readonly reject: string;
}

type Item = LogRecord | RoutedRecord;

/** Nothing drops the record. A record without an output goes to the default one. */
export type ProcessorResult = Item | readonly Item[] | RejectedRecord | null | undefined | void;

/** The user's own code. */
export interface ProcessorDefinition {
  /**
   * Called for each record. Ask for single fields by `record.get(name)`: `record.fields` makes all of them. What returns without a promise costs none. Up to 32 promises of one batch run at once;
   * outputs get the records in the order of the input all the same.
   *
   * A throw is the failure of this record alone, see {@link RejectedRecord}.
   */
  record(record: LogRecord, context: ProcessorContext): ProcessorResult | Promise<ProcessorResult>;
  /** Called once an invocation, after all records. A throw fails the invocation, so that SCF delivers the event again. */
  end?(summary: Readonly<Summary>): void | Promise<void>;
}

/** Gives a processor its types; `export default defineProcessor({ record(record) { ... } })`. */
export function defineProcessor(processor: ProcessorDefinition): ProcessorDefinition {
  return processor;
}

import type { Summary } from "../invocation/summary";
import { asRead, isPlace } from "../records/as-read";
import { BufferRecord } from "../records/buffer-record";
import type { Batch, ClsLabels, Fields, LogRecord, OutgoingRecord, Place } from "../records/contracts";
import { JsonRecord } from "../records/json-record";
import { jsonLine, lineOf, LineRecord } from "../records/line-record";
import { MadeRecord } from "../records/made-record";
import { logError } from "../runtime/log";
import { typeName } from "../runtime/checked-json";
import { reasonOfThrown } from "../runtime/thrown";
import type { OutputsSettings } from "../settings";
import type { ProcessorContext, ProcessorDefinition, ProcessorResult, RejectedRecord, RoutedRecord } from "./define";
import { readLabels } from "./labels";
import type { Processed, Processor } from "./processor";
import { type Destination, failedRecord, type FailedRecord, type Fate, Sorter } from "./sorter";
import { whereThrown } from "./where-thrown";

/** Maximum promises of one batch that run at once. */
const MAX_PENDING = 32;

/** Fate of a dropped record. */
const DROPPED: Fate = [];

/** Runs the user's code on each record. */
export class CodeProcessor implements Processor {
  readonly check = "json";
  readonly #definition: ProcessorDefinition;
  readonly #outputs: OutputsSettings;
  #hasTold = false;

  constructor(definition: ProcessorDefinition, outputs: OutputsSettings) {
    this.#definition = definition;
    this.#outputs = outputs;
  }

  /** Returns no promise if none of the records needed one. */
  process(batch: Batch, signal?: AbortSignal): Processed | Promise<Processed> {
    const fates = new Array<Fate>(batch.length);
    for (let at = 0; at < batch.length; at++) {
      const fate = this.#run(batch[at]);
      if (isPromise(fate)) return this.#processRest(batch, fates, at, fate, signal);
      fates[at] = fate;
    }
    return this.#sort(batch, fates);
  }

  async end(summary: Readonly<Summary>): Promise<void> {
    try {
      await this.#definition.end?.(summary);
    } catch (error) {
      logError(`the processor's end threw ${whereThrown(error)}`);
      throw error;
    }
  }

  /** Continues after the first record that returned a promise. */
  async #processRest(
    batch: Batch,
    fates: Fate[],
    from: number,
    first: Promise<Fate>,
    signal?: AbortSignal,
  ): Promise<Processed> {
    const pending = new Set<Promise<void>>();
    const settleAt = (at: number, fate: Promise<Fate>): void => {
      const settled = fate.then((value) => {
        fates[at] = value;
        pending.delete(settled);
      });
      pending.add(settled);
    };
    settleAt(from, first);
    for (let at = from + 1; at < batch.length; at++) {
      if (pending.size >= MAX_PENDING) await Promise.race(pending);
      // Nobody waits for the result any more, and the function can already be handling its next event.
      signal?.throwIfAborted();
      const fate = this.#run(batch[at]);
      if (isPromise(fate)) settleAt(at, fate);
      else fates[at] = fate;
    }
    await Promise.all(pending);
    return this.#sort(batch, fates);
  }

  #sort(batch: Batch, fates: readonly Fate[]): Processed {
    const sorter = new Sorter(this.#outputs);
    for (let at = 0; at < batch.length; at++) sorter.add(batch[at], fates[at]);
    return sorter.result();
  }

  /** Never throws and never rejects. */
  #run(record: LogRecord): Fate | Promise<Fate> {
    try {
      const result = this.#definition.record(record, new RecordContext(record));
      if (!isPromise(result)) return this.#settle(record, result);
      // Other thenables, such as a query builder's result, have a `then` with their own behavior.
      const settled = Promise.resolve(result).then((value) => this.#settle(record, value));
      return settled.catch((error: unknown) => this.#fail(record, error));
    } catch (error) {
      return this.#fail(record, error);
    }
  }

  /** A bug fails on many records at the same line, so only the first failure of an invocation is logged. */
  #fail(record: LogRecord, error: unknown): FailedRecord {
    if (!this.#hasTold) {
      this.#hasTold = true;
      const { object, line } = asRead(record).place;
      logError(`${object}, line ${line}: the processor threw ${whereThrown(error)}; further failures are counted`);
    }
    return failedRecord(record, reasonOfThrown(error));
  }

  #settle(read: LogRecord, result: ProcessorResult): Fate {
    if (result === undefined || result === null) return DROPPED;
    if (isRejected(result)) return failedRecord(read, result.reject);
    if (!Array.isArray(result)) return [this.#destination(result as LogRecord | RoutedRecord)];
    // A hole in a list is not a record and must be noticed: `map` would skip it.
    return Array.from(result, (item: LogRecord | RoutedRecord) => this.#destination(item));
  }

  #destination(item: LogRecord | RoutedRecord): Destination {
    if (!isRouted(item)) return { output: this.#outputs.defaultOutput, record: settled(item) };
    const { output, record, labels } = item;
    if (output !== "dropped" && !Object.hasOwn(this.#outputs.outputs, output)) {
      throw new TypeError(`output must be one of the pipeline's outputs, got ${JSON.stringify(output)}`);
    }
    const sent = settled(record);
    return { output, record: labels === undefined ? sent : labelled(sent, readLabels(labels)) };
  }
}

class RecordContext implements ProcessorContext {
  readonly #record: LogRecord;

  constructor(record: LogRecord) {
    this.#record = record;
  }

  create(fields: Fields): LogRecord {
    return new MadeRecord(this.#record.place, fields);
  }
}

/**
 * A changed record gets its line now, so that a value which JSON cannot represent fails the record that contains it.
 * Records of other classes are read only once, because their getters can return something else later.
 */
function settled(record: LogRecord): OutgoingRecord {
  if (record instanceof BufferRecord && !record.changed && Object.keys(record).length === 0) return record;
  const { raw, place, changed } = (record ?? {}) as Partial<LogRecord>;
  if (!(raw instanceof Uint8Array) || !isPlace(place)) {
    throw new TypeError(`record must return records, got ${typeName(record)}; use context.create for new ones`);
  }
  if (changed) return new LineRecord(jsonLine(record.fields), place as Place);
  if (OURS.some((kind) => record instanceof kind)) return record;
  // A buffer that was transferred to another thread is invalid, too: it would be written as an empty line.
  if (raw.byteLength === 0) throw new TypeError("raw must hold a record's line, got no byte; use context.create");
  return new LineRecord(raw, place as Place, record.labels);
}

const OURS = [BufferRecord, JsonRecord, MadeRecord];

/** The record with its own labels for one output; for others it stays unchanged. */
function labelled(record: OutgoingRecord, labels: ClsLabels): OutgoingRecord {
  return new LineRecord(lineOf(record), record.place, labels);
}

function isRouted(item: LogRecord | RoutedRecord): item is RoutedRecord {
  return typeof (item as Partial<RoutedRecord>)?.output === "string" && !("raw" in item);
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Partial<Promise<T>> | undefined)?.then === "function";
}

function isRejected(result: object): result is RejectedRecord {
  return typeof (result as Partial<RejectedRecord>).reject === "string" && !("raw" in result);
}

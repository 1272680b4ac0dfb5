import type { Outputs } from "../outputs/create";
import type { InputOutput } from "../outputs/context";
import type { Batch, OutgoingRecord, OutputReport, ParsedBatch } from "../records/contracts";
import { invalidRecord } from "../records/invalid-record";
import { JsonRecord } from "../records/json-record";
import type { LinkedAbort } from "../runtime/linked-abort";
import { untilAborted } from "../runtime/until-aborted";
import type { RedactCounts } from "../redact/masker";
import type { Redactor } from "../redact/redactor";
import { reasonOfThrown } from "../runtime/thrown";
import type { Processor } from "./processor";
import type { RouterCounts } from "./router-counts";
import type { Sampler } from "./sampler";
import { failedRecord } from "./sorter";

/** Maximum records in memory on their way to outputs: a processor that creates many from each gets fewer at a time. */
const MADE_AT_ONCE = 5_000;
const FIRST_STEP = 32;

/** Why requests of an input are aborted. */
const FAILED = new Error("the input failed");

/** Handling of records besides the processor's. */
export interface RouterOptions {
  /** Whether the input is JSON lines; other records are converted on their way to outputs. @default true */
  readonly isJson?: boolean;
  /** Selects the records that the processor gets. @default all */
  readonly sampler?: Sampler;
  /** Masks everything that is sent to any output. @default nothing is masked */
  readonly redactor?: Pick<Redactor, "redact">;
}

/**
 * Passes the records of one input through the processor to the outputs. The reader waits for it, so that a slow output
 * slows the reader.
 */
export class Router {
  #dropped = 0;
  #failed = 0;
  #sampled = 0;
  readonly #redacted: RedactCounts = {};
  readonly #processor: Processor;
  readonly #outputs: Outputs;
  readonly #abort: LinkedAbort;
  readonly #asJson: boolean;
  readonly #sampler: Sampler | undefined;
  readonly #redactor: Pick<Redactor, "redact"> | undefined;
  /** Number of records that the processor gets at a time. */
  #step = FIRST_STEP;

  /** @param abort aborts the outputs, and also ends the wait for the user's code, which could otherwise take forever */
  constructor(processor: Processor, outputs: Outputs, abort: LinkedAbort, options: RouterOptions = {}) {
    const { isJson = true, redactor, sampler } = options;
    this.#processor = processor;
    this.#outputs = outputs;
    this.#abort = abort;
    this.#asJson = !isJson && outputs.all.length > 0;
    this.#sampler = sampler;
    this.#redactor = redactor;
  }

  /** Resolves when all outputs are ready for more. */
  async write(batch: ParsedBatch): Promise<void> {
    // Accessing `records` creates them.
    if (!this.#processor.onlyCounts) await this.#writeRecords(this.#sample(batch.records));
    const { invalid } = batch;
    if (invalid.length > 0) await this.#send(this.#outputs.invalidLines, invalid.map(invalidRecord));
  }

  #sample(records: Batch): Batch {
    const sampler = this.#sampler;
    if (!sampler) return records;
    const kept = records.filter((record) => sampler.keeps(record));
    this.#sampled += records.length - kept.length;
    return kept;
  }

  /** All records to outputs pass through here, and only here are they masked. */
  #send(output: InputOutput | undefined, records: readonly OutgoingRecord[]): Promise<void> | undefined {
    return output?.write(this.#redactor ? this.#redactor.redact(records, this.#redacted) : records);
  }

  async #writeRecords(records: Batch): Promise<void> {
    let dropped = 0;
    for (let at = 0; at < records.length;) {
      const some = records.slice(at, at + this.#step);
      at += some.length;
      dropped += await this.#process(some);
    }
    this.#dropped += dropped;
  }

  /** Resolves when everything written is stored. */
  async flush(): Promise<void> {
    const flushed = this.#outputs.all.map((output) => output.flush());
    try {
      await Promise.all(flushed);
    } catch (error) {
      // The input fails whatever the others do, so slow ones are not awaited.
      this.#abort.abort(FAILED);
      await Promise.allSettled(flushed);
      throw error;
    }
    this.#abort.release();
  }

  /** Discards what is not stored; resolves when no work is in progress any more. */
  async discard(): Promise<void> {
    this.#abort.abort(FAILED);
    await Promise.all(this.#outputs.all.map((output) => output.discard()));
  }

  /** Where each output would continue if the input was paused now, by its stream; undefined if one cannot be paused. */
  resumesAt(next: number): Readonly<Record<string, number>> | undefined {
    const bytes = this.#outputs.streams().map(([name, output]) => [name, output.resumesAt?.(next)] as const);
    return bytes.some(([, byte]) => byte === undefined)
      ? undefined
      : (Object.fromEntries(bytes) as Record<string, number>);
  }

  /** Stores everything before {@link resumesAt}; resolves to the number of parcels that each output has named. */
  async pause(next: number): Promise<Readonly<Record<string, number>>> {
    const paused = this.#outputs.streams().map(async ([name, output]) => [name, await output.pause?.(next)] as const);
    try {
      const parcels = await Promise.all(paused);
      this.#abort.release();
      return Object.fromEntries(parcels.map(([name, told]) => [name, told?.parcels ?? 0]));
    } catch (error) {
      this.#abort.abort(FAILED);
      await Promise.allSettled(paused);
      throw error;
    }
  }

  /** Keys of the outputs' batches in quarantine, in the order in which they can be removed again. */
  get left(): readonly string[] {
    return this.#outputs.left;
  }

  /** Counts of records so far. */
  counts(): RouterCounts {
    return {
      dropped: this.#dropped,
      failed: this.#failed,
      sampled: this.#sampled,
      redacted: { ...this.#redacted },
    };
  }

  /** The report of each output by name. */
  reports(): Record<string, OutputReport> {
    return this.#outputs.reports();
  }

  /**
   * Records that an output cannot accept go to `invalid` with the reason. Without `invalid`, they go to the output itself,
   * in the form that `invalid` would get, which every output can accept. Resolves to the number of lines that they came
   * from.
   */
  async #takeRefused(): Promise<number> {
    const refused = this.#outputs.takeRefused();
    if (refused.length === 0) return 0;
    const { named } = this.#outputs;
    const failed = refused
      .map(({ output, record, error }) => ({ output, ...failedRecord(record, reasonOfThrown(error)) }))
      // Outputs write in parallel, and ids depend on the order.
      .sort((a, b) => a.place.line - b.place.line || (a.output < b.output ? -1 : 1));
    for (const one of failed) await this.#send(named.get("invalid") ?? named.get(one.output), [invalidRecord(one)]);
    for (const { output, record } of this.#outputs.takeRefused()) {
      throw new Error(`output ${output} must take a line of JSON, got none at line ${record.place.line}`);
    }
    return new Set(failed.map(({ place }) => place.line)).size;
  }

  /** Resolves to the number of dropped records. */
  async #process(batch: Batch): Promise<number> {
    const records = this.#asJson ? batch.map((record) => new JsonRecord(record)) : batch;
    const processed = this.#processor.process(records, this.#abort.signal);
    const { routed, dropped, failed } =
      "then" in processed ? await untilAborted(processed, this.#abort.signal) : processed;
    const { named } = this.#outputs;
    // In parallel: if one output hangs, failures of others are still noticed.
    const writes = routed.map(({ output, records: sent }) => this.#send(named.get(output), sent));
    if (dropped.length > 0) writes.push(this.#send(named.get("dropped"), dropped));
    await Promise.all(writes);
    this.#failed += failed + (await this.#takeRefused());
    const made = routed.reduce((sum, { records: sent }) => sum + sent.length, 0);
    this.#step = Math.max(1, Math.floor((MADE_AT_ONCE * batch.length) / Math.max(made, batch.length)));
    return dropped.length;
  }
}

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

/** Records that may be in memory on their way to outputs: a processor that makes many of each gets fewer at a time. */
const MADE_AT_ONCE = 5_000;
const FIRST_STEP = 32;

/** Why requests of an input end early. */
const FAILED = new Error("the input failed");

/** What becomes of records beside what the processor does with them. */
export interface RouterOptions {
  /** Whether the input is JSON lines; what is not becomes such on its way to outputs. @default true */
  readonly isJson?: boolean;
  /** Which records the processor gets. @default all */
  readonly sampler?: Sampler;
  /** Masks all that goes to any output. @default nothing is masked */
  readonly redactor?: Pick<Redactor, "redact">;
}

/**
 * Takes what is read of one input through the processor to the outputs. What writes to it waits for it, so that a slow
 * output slows the reader.
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
  /** How many records of a batch the processor gets at a time. */
  #step = FIRST_STEP;

  /**
   * @param abort of the outputs' signal; it also ends the wait for code of the user's, which may take for ever
   */
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
    // Records are made when they are asked for.
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

  /** All that goes to an output goes this way: what is to be masked is masked here, and nowhere else. */
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

  /** Resolves when all that was written is stored. */
  async flush(): Promise<void> {
    const flushed = this.#outputs.all.map((output) => output.flush());
    try {
      await Promise.all(flushed);
    } catch (error) {
      // The input fails whatever the others do, so nobody waits for one that is slow.
      this.#abort.abort(FAILED);
      await Promise.allSettled(flushed);
      throw error;
    }
    this.#abort.release();
  }

  /** Forgets what is not stored; resolves when nothing of it is under way any more. */
  async discard(): Promise<void> {
    this.#abort.abort(FAILED);
    await Promise.all(this.#outputs.all.map((output) => output.discard()));
  }

  /** Where each output would go on if the input was paused now, by its stream; undefined where one cannot be. */
  resumesAt(next: number): Readonly<Record<string, number>> | undefined {
    const bytes = this.#outputs.streams().map(([name, output]) => [name, output.resumesAt?.(next)] as const);
    return bytes.some(([, byte]) => byte === undefined)
      ? undefined
      : (Object.fromEntries(bytes) as Record<string, number>);
  }

  /** Stores what is before {@link resumesAt}; resolves to the parcels that each output has named. */
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

  /** Keys of the batches that outputs left to quarantine, in the order in which they may be removed again. */
  get left(): readonly string[] {
    return this.#outputs.left;
  }

  /** What became of records by now. */
  counts(): RouterCounts {
    return {
      dropped: this.#dropped,
      failed: this.#failed,
      sampled: this.#sampled,
      redacted: { ...this.#redacted },
    };
  }

  /** What each output did, by its name. */
  reports(): Record<string, OutputReport> {
    return this.#outputs.reports();
  }

  /**
   * Records that an output could not take go to `invalid` with the reason; without that, to the output itself, in the form
   * that `invalid` would get, which every output can take. Resolves to how many lines they were made of.
   */
  async #takeRefused(): Promise<number> {
    const refused = this.#outputs.takeRefused();
    if (refused.length === 0) return 0;
    const { named } = this.#outputs;
    const failed = refused
      .map(({ output, record, error }) => ({ output, ...failedRecord(record, reasonOfThrown(error)) }))
      // Outputs write at once, and ids depend on the order.
      .sort((a, b) => a.place.line - b.place.line || (a.output < b.output ? -1 : 1));
    for (const one of failed) await this.#send(named.get("invalid") ?? named.get(one.output), [invalidRecord(one)]);
    for (const { output, record } of this.#outputs.takeRefused()) {
      throw new Error(`output ${output} must take a line of JSON, got none at line ${record.place.line}`);
    }
    return new Set(failed.map(({ place }) => place.line)).size;
  }

  /** Resolves to how many of the records went nowhere. */
  async #process(batch: Batch): Promise<number> {
    const records = this.#asJson ? batch.map((record) => new JsonRecord(record)) : batch;
    const processed = this.#processor.process(records, this.#abort.signal);
    const { routed, dropped, failed } =
      "then" in processed ? await untilAborted(processed, this.#abort.signal) : processed;
    const { named } = this.#outputs;
    // All at once: where one hangs, another's failure is known all the same.
    const writes = routed.map(({ output, records: sent }) => this.#send(named.get(output), sent));
    if (dropped.length > 0) writes.push(this.#send(named.get("dropped"), dropped));
    await Promise.all(writes);
    this.#failed += failed + (await this.#takeRefused());
    const made = routed.reduce((sum, { records: sent }) => sum + sent.length, 0);
    this.#step = Math.max(1, Math.floor((MADE_AT_ONCE * batch.length) / Math.max(made, batch.length)));
    return dropped.length;
  }
}

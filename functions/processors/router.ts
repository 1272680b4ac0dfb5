import type { Outputs } from "../outputs/create";
import { invalidRecord } from "../records/invalid-record";
import { JsonRecord } from "../records/json-record";
import type { Processor } from "./processor";
import type { Transformer } from "./transformer";
import type { LinkedAbort } from "../runtime/linked-abort";
import type { Batch, InvalidLine, LogRecord, OutputReport } from "../records/contracts";
import { untilAborted } from "../runtime/until-aborted";

/** Records that may be in memory on their way to outputs: a processor that makes many of each gets fewer at a time. */
const MADE_AT_ONCE = 5_000;
const FIRST_STEP = 32;

/** Why deliveries of an input end early. */
const FAILED = new Error("the input failed");

/**
 * The way of one input's records through the processor to the outputs. What writes to it waits for it, so that a slow
 * output slows the reader.
 */
export class Router implements Processor {
  /** Records on which the processor failed. */
  failed = 0;
  readonly #transformer: Transformer;
  readonly #outputs: Outputs;
  readonly #abort: LinkedAbort;
  readonly #asJson: boolean;
  #invalid: LogRecord[] = [];
  /** How many records of a batch the processor gets at a time. */
  #step = FIRST_STEP;

  /**
   * @param abort of the outputs' signal; it also ends the wait for code of the user's, which may take for ever
   * @param isJson whether the input is JSON lines; what is not becomes such on its way to outputs
   */
  constructor(transformer: Transformer, outputs: Outputs, abort: LinkedAbort, isJson = true) {
    this.#transformer = transformer;
    this.#outputs = outputs;
    this.#abort = abort;
    this.#asJson = !isJson && outputs.all.length > 0;
  }

  get check(): Transformer["check"] {
    return this.#transformer.check;
  }

  /** Takes a batch; resolves, when all outputs are ready for more, to how many of its records went nowhere. */
  async write(batch: Batch): Promise<number> {
    let dropped = 0;
    for (let at = 0; at < batch.length;) {
      const part = batch.slice(at, at + this.#step);
      at += part.length;
      dropped += await this.#writePart(part);
    }
    return dropped;
  }

  /** Takes a line that is no record. It waits until the source is asked for more, see {@link paced}. */
  readonly reject = (line: InvalidLine): void => {
    if (this.#outputs.invalidLines) this.#invalid.push(invalidRecord(line));
  };

  /** The chunks of the input, each after the invalid lines of those before it are written. */
  async *paced(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      yield chunk;
      await this.#writeInvalid();
    }
  }

  /** Resolves when all that was written is stored. */
  async flush(): Promise<void> {
    await this.#writeInvalid();
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

  /** Keys of the batches that outputs left to quarantine, in the order in which they may be removed again. */
  get left(): readonly string[] {
    return this.#outputs.left;
  }

  /** What each output did, by its name. */
  reports(): Record<string, OutputReport> {
    return this.#outputs.reports();
  }

  async #writePart(batch: Batch): Promise<number> {
    const records = this.#asJson ? batch.map((record) => new JsonRecord(record)) : batch;
    const transformed = this.#transformer.transform(records, this.#abort.signal);
    const { routed, dropped, failed } =
      "then" in transformed ? await untilAborted(transformed, this.#abort.signal) : transformed;
    const { named } = this.#outputs;
    // All at once: where one hangs, another's failure is known all the same.
    const writes = routed.map(({ output, records: sent }) => named.get(output)?.write(sent));
    if (dropped.length > 0) writes.push(named.get("dropped")?.write(dropped));
    await Promise.all(writes);
    this.failed += failed;
    const made = routed.reduce((sum, { records: sent }) => sum + sent.length, 0);
    this.#step = Math.max(1, Math.floor((MADE_AT_ONCE * batch.length) / Math.max(made, batch.length)));
    return dropped.length;
  }

  async #writeInvalid(): Promise<void> {
    const records = this.#invalid;
    if (records.length === 0) return;
    this.#invalid = [];
    await this.#outputs.invalidLines?.write(records);
  }
}

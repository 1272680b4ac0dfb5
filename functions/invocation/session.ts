import { type Failure, failureOf } from "./failure";
import { Invocation, type ScfContext } from "./invocation";
import { logError, oneLine } from "../runtime/log";
import { Pipeline } from "./pipeline";
import { QuarantineStore } from "../quarantine/store";
import { type PipelineSettings, QUARANTINED } from "../settings";
import { emptySummary, type Summary } from "./summary";
import { CosClient } from "../tencent/cos-client";
import type { RetryPolicy } from "../tencent/retry";

/** An input that failed. */
interface Left {
  /** What the log calls it. */
  readonly name: string;
  readonly reason: Failure;
  /** Whether SCF should deliver the event again. */
  readonly again: boolean;
  /** Keys of the batches of it that lie in quarantine: its note stands for all of it. */
  readonly batches: readonly string[];
  /** Writes its note. */
  write(quarantine: QuarantineStore): Promise<void>;
}

/** One invocation of a pipeline, whatever triggers it: its time, connections, summary, and what the failure rule asks for. */
export class Session {
  readonly invocation: Invocation;
  readonly client = new CosClient();
  readonly pipeline: Pipeline;
  readonly #quarantine: QuarantineStore;
  readonly summary: Summary = emptySummary();
  readonly retry: RetryPolicy;
  /** Why SCF must deliver the event again. */
  readonly #reasonsToThrow: string[] = [];

  constructor(context: ScfContext, settings: PipelineSettings, retry: RetryPolicy) {
    this.retry = retry;
    this.invocation = new Invocation(context);
    const { signal, notesSignal, requestId, startedAt } = this.invocation;
    this.pipeline = new Pipeline(settings, {
      cos: this.client,
      retry,
      signal,
      notesSignal,
      requestId,
      now: startedAt,
    });
    this.#quarantine = new QuarantineStore(this.client, settings.quarantine, retry, notesSignal);
  }

  /** Leaves a note of an input that failed. */
  async leave({ name, reason, again, batches, write }: Left): Promise<void> {
    const text = describe(name, reason);
    try {
      await write(this.#quarantine);
    } catch (error) {
      return this.throwLater(`${text}; its note cannot be written: ${describe(name, failureOf(error))}`);
    }
    this.summary.quarantined++;
    for (const key of batches) await this.forget(name, (quarantine) => quarantine.remove(key));
    if (again) this.throwLater(text);
    else logError(`${QUARANTINED} ${text}`);
  }

  /** Removes the note of an input that is delivered now. One that stays costs a replay, not a record. */
  async forget(name: string, remove: (quarantine: QuarantineStore) => Promise<void>): Promise<void> {
    try {
      await remove(this.#quarantine);
    } catch (error) {
      logError(`its note cannot be removed: ${describe(name, failureOf(error))}`);
    }
  }

  /** Makes the invocation fail after all else is done. */
  throwLater(reason: string): void {
    logError(reason);
    this.#reasonsToThrow.push(oneLine(reason));
  }

  /** Ends what would keep the process awake, and logs the summary. */
  async close(): Promise<void> {
    await this.pipeline.close();
    this.client.close();
    this.invocation.close();
    this.summary.ms = this.invocation.elapsedMs;
    console.log(JSON.stringify(this.summary));
  }

  /** @param Fault what it throws where SCF must deliver the event again */
  finish(Fault: new (message: string) => Error): Summary {
    const [first] = this.#reasonsToThrow;
    if (first === undefined) return this.summary;
    throw new Fault(`the event must be delivered again, got ${this.#reasonsToThrow.length} fault(s); ${first}`);
  }
}

function describe(name: string, { kind, code, message, requestId }: Failure): string {
  return `${name}: ${kind} failure ${code}: ${message}${requestId ? ` (request ${requestId})` : ""}`;
}

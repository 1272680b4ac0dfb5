import { Connections } from "../outputs/connections";
import type { InvocationContext } from "../outputs/context";
import { createProcessor } from "../processors/create";
import { ProcessorError } from "../processors/load";
import type { Processor } from "../processors/processor";
import { QuarantineStore } from "../quarantine/store";
import { logError, oneLine } from "../runtime/log";
import { untilAborted } from "../runtime/until-aborted";
import { type OutputsSettings, type PipelineSettings, QUARANTINED } from "../settings";
import { CosClient } from "../tencent/cos-client";
import type { RetryPolicy } from "../tencent/retry";
import { Deadline, DeadlineError, type ScfContext } from "./deadline";
import { type Failure, failureOf } from "./failure";
import { emptySummary, type Summary } from "./summary";

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

/** One invocation, whatever triggers it: its time, processor, connections, summary, and what the failure rule asks for. */
export class Session {
  readonly settings: PipelineSettings;
  readonly outputs: OutputsSettings;
  /** What outputs are made of, and whatever else is sent in this invocation. */
  readonly context: InvocationContext;
  readonly quarantine: QuarantineStore;
  readonly summary: Summary = emptySummary();
  readonly #deadline: Deadline;
  #processor: Processor | undefined;
  /** Why SCF must deliver the event again. */
  readonly #reasonsToThrow: string[] = [];

  constructor(
    context: ScfContext,
    settings: PipelineSettings,
    retry: RetryPolicy,
    cos = new CosClient({ network: settings.network }),
  ) {
    this.settings = settings;
    this.outputs = { outputs: settings.outputs ?? {}, defaultOutput: settings.defaultOutput };
    this.#deadline = new Deadline(context);
    const { signal, notesSignal, startedAt, endsAt } = this.#deadline;
    this.context = {
      cos,
      connections: new Connections(),
      quarantine: settings.quarantine,
      retry,
      signal,
      notesSignal,
      endsAt,
      requestId: context.request_id ?? "",
      now: startedAt,
    };
    this.quarantine = new QuarantineStore(cos, settings.quarantine, retry, notesSignal);
  }

  /** Made at the first input, whose failure it is where the user's code is broken or absent. */
  get processor(): Processor {
    return (this.#processor ??= createProcessor(this.settings.processor, this.outputs));
  }

  /** Tells the processor, where there is one by now, that there is no more; resolves to its fault, if it threw. */
  async endProcessor(): Promise<Error | undefined> {
    const { signal, notesSignal } = this.context;
    try {
      // Where there is time, one that never ends leaves some of it for notes.
      const limit = signal.aborted ? notesSignal : signal;
      await untilAborted(Promise.resolve(this.#processor?.end(this.summary)), limit);
      return undefined;
    } catch (cause) {
      if (cause instanceof DeadlineError) return cause;
      // Its message may quote a record, and this one is logged.
      const got = cause instanceof Error ? cause.name : typeof cause;
      return new ProcessorError(`end must not throw, got ${got}`, { cause });
    }
  }

  /** Leaves a note of an input that failed. */
  async leave({ name, reason, again, batches, write }: Left): Promise<void> {
    const text = describe(name, reason);
    try {
      await write(this.quarantine);
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
      await remove(this.quarantine);
    } catch (error) {
      logError(`its note cannot be removed: ${describe(name, failureOf(error))}`);
    }
  }

  /** Makes the invocation fail after all else is done. */
  throwLater(reason: string): void {
    logError(reason);
    this.#reasonsToThrow.push(oneLine(reason));
  }

  /** Ends what would keep the process awake. */
  async close(): Promise<void> {
    const { cos, connections, notesSignal } = this.context;
    await connections.close(notesSignal);
    cos.close();
    this.#deadline.close();
    this.summary.ms = this.#deadline.elapsedMs;
  }

  /** Logs the summary as one JSON line. */
  report(): void {
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

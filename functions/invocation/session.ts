import { Connections } from "../outputs/connections";
import type { InvocationContext } from "../outputs/context";
import { createProcessor } from "../processors/create";
import { ProcessorError } from "../processors/load";
import type { Processor } from "../processors/processor";
import { amendMark, KILLED, leaveMark, type Mark, removeMark } from "../quarantine/marks";
import { QuarantineStore } from "../quarantine/store";
import { LinkedAbort } from "../runtime/linked-abort";
import { logError, oneLine } from "../runtime/log";
import { textOfThrown } from "../runtime/thrown";
import { untilAborted } from "../runtime/until-aborted";
import { type OutputsSettings, type PipelineSettings, QUARANTINED } from "../settings";
import { CosClient } from "../tencent/cos-client";
import type { RetryPolicy } from "../tencent/retry";
import { Deadline, DeadlineError, type ScfContext } from "./deadline";
import { type Failure, failureOf } from "./failure";
import { UncaughtError, watchStrays } from "./strays";
import { emptySummary, type Summary } from "./summary";

/** An input that failed. */
interface FailedInput {
  /** Its name in the log. */
  readonly name: string;
  /** Path of its mark; undefined if it has none. */
  readonly path?: string;
  readonly reason: Failure;
  /** Whether SCF should deliver the event again. */
  readonly again: boolean;
  /** Keys of its batches in quarantine: its note covers all of them. */
  readonly batches: readonly string[];
  /** Writes its note. */
  write(quarantine: QuarantineStore): Promise<void>;
}

/** An input whose handling begins. */
export interface StartedInput {
  /** Its name in the log. */
  readonly name: string;
  /** The same for each delivery of it. */
  readonly path: string;
  /** The contents of its mark, from which it can be replayed. */
  note(mark: Mark): object;
}

/** Maximum milliseconds for writing marks; after that, work begins without them. */
const MARKS_MS = 5_000;

/** One invocation of any trigger: its time, processor, connections and summary, and the failure rule. */
export class Session {
  readonly settings: PipelineSettings;
  readonly outputs: OutputsSettings;
  /** What outputs are created from, and what other requests of this invocation use. */
  readonly context: InvocationContext;
  readonly quarantine: QuarantineStore;
  readonly summary: Summary = emptySummary();
  readonly #deadline: Deadline;
  #processor: Processor | undefined;
  /** Why SCF must deliver the event again. */
  readonly #reasonsToThrow: string[] = [];
  /** The marked inputs by path: versions of an object share its name. */
  readonly #marked = new Map<string, StartedInput>();
  /** Removals that wait until everything else is done. */
  readonly #removals: (() => Promise<void>)[] = [];
  readonly #unwatch: () => void;

  constructor(
    context: ScfContext,
    settings: PipelineSettings,
    retry: RetryPolicy,
    cos = new CosClient({ network: settings.network }),
  ) {
    this.settings = settings;
    this.outputs = { outputs: settings.outputs ?? {}, defaultOutput: settings.defaultOutput };
    this.#deadline = new Deadline(context);
    const { signal, notesSignal, startedAt, workEndsAt } = this.#deadline;
    this.context = {
      cos,
      connections: new Connections(),
      quarantine: settings.quarantine,
      retry,
      signal,
      notesSignal,
      endsAt: workEndsAt,
      requestId: context.request_id ?? "",
      now: startedAt,
    };
    this.quarantine = new QuarantineStore(cos, settings.quarantine, retry, notesSignal);
    this.#unwatch = watchStrays({
      fail: (fault) => this.#deadline.abort(fault),
      underWay: () => Array.from(this.#marked.values(), ({ name }) => name),
    });
  }

  /**
   * Marks inputs before their handling begins, so that a mark is left if the invocation is killed. A mark that cannot be
   * written is logged but fails nothing, because it is only needed after a kill.
   */
  async start(inputs: readonly StartedInput[]): Promise<void> {
    const { cos, retry, signal } = this.context;
    const limit = new LinkedAbort(signal);
    // A function with a short time limit spends up to half of it: without a mark, a kill would go unnoticed.
    const milliseconds = Math.round(Math.min(MARKS_MS, (this.#deadline.endsAt - Date.now()) / 2));
    const late = new Error(`COS took it not within ${milliseconds} ms`);
    const timer = setTimeout(() => limit.abort(late), milliseconds);
    const store = new QuarantineStore(cos, this.settings.quarantine, retry, limit.signal);
    // An event can name an input twice.
    const once = new Map(inputs.map((input) => [input.path, input]));
    await Promise.all([...once.values()].map((input) => this.#mark(store, input)));
    clearTimeout(timer);
    limit.release();
  }

  async #mark(store: QuarantineStore, input: StartedInput): Promise<void> {
    const { name, path, note } = input;
    this.#marked.set(path, input);
    try {
      const mark: Mark = { reason: KILLED, until: new Date(this.#deadline.endsAt).toISOString() };
      if (!(await leaveMark(store, path, note(mark)))) return;
      const ends = "was killed, could leave no note, or is still at work";
      logError(`${QUARANTINED} ${name}: an earlier delivery of it ${ends}; it is delivered again now`);
    } catch (error) {
      logError(`its mark cannot be written, so that nothing would tell of a kill: ${describe(name, failureOf(error))}`);
    }
  }

  /** When an input that another invocation can continue is left to it, in milliseconds since the epoch. */
  get pausesAt(): number {
    return this.#deadline.pausesAt;
  }

  /** Created at the first input, which fails if the user's code is broken or missing. */
  get processor(): Processor {
    return (this.#processor ??= createProcessor(this.settings.processor, this.outputs));
  }

  /** Tells the processor, if there is one, that no more records come; resolves to its error, if it threw. */
  async endProcessor(): Promise<Error | undefined> {
    const { signal, notesSignal } = this.context;
    try {
      // A processor that never ends must leave time for notes.
      const limit = signal.aborted ? notesSignal : signal;
      await untilAborted(Promise.resolve(this.#processor?.end(this.summary)), limit);
      return undefined;
    } catch (cause) {
      if (cause instanceof DeadlineError || cause instanceof UncaughtError) return cause;
      // The message can quote a record, and this one is logged.
      const got = textOfThrown(cause, "name") ?? typeof cause;
      return new ProcessorError(`end must not throw, got ${got}`, { cause });
    }
  }

  /**
   * Writes a note of a failed input. What it replaces is removed at the end, so that other inputs do not wait. Resolves to
   * whether the note was written.
   */
  async leave({ name, path, reason, again, batches, write }: FailedInput): Promise<boolean> {
    const text = describe(name, reason);
    try {
      await write(this.quarantine);
    } catch (error) {
      const more = `its note cannot be written: ${describe(name, failureOf(error))}`;
      await this.#amend(path, { ...reason, message: `${reason.message}; ${more}` });
      this.throwLater(`${text}; ${more}`);
      return false;
    }
    this.summary.quarantined++;
    this.#removals.push(async () => {
      await this.#remove(name, (quarantine) => this.#unmark(quarantine, path));
      for (const key of batches) await this.#remove(name, (quarantine) => quarantine.remove(key));
    });
    if (again) this.throwLater(text);
    else logError(`${QUARANTINED} ${text}`);
    return true;
  }

  /**
   * Writes a note of an input with which the next catch-up continues. If that fails, SCF delivers the event again, and it
   * is read from its start.
   */
  async leaveUnfinished(
    { name, path }: { readonly name: string; readonly path: string },
    message: string,
    write: (quarantine: QuarantineStore) => Promise<void>,
  ): Promise<void> {
    try {
      await write(this.quarantine);
    } catch (error) {
      return this.throwLater(`${name}: ${message}; its note cannot be written: ${describe(name, failureOf(error))}`);
    }
    this.summary.unfinished = (this.summary.unfinished ?? 0) + 1;
    logError(`${name}: ${message}`);
    this.#removals.push(() => this.#remove(name, (quarantine) => this.#unmark(quarantine, path)));
  }

  /**
   * Removes the note and the mark of an input that was delivered now. If that fails, it costs a replay but no record.
   *
   * @param path path of its mark, if it has one
   */
  async forget(
    { name, path }: { readonly name: string; readonly path?: string },
    remove: (quarantine: QuarantineStore) => Promise<void>,
  ): Promise<void> {
    await this.#remove(name, remove, (quarantine) => this.#unmark(quarantine, path));
  }

  /** Records the failure in the mark if the note could not be written, as far as that is possible. */
  async #amend(path: string | undefined, reason: Failure): Promise<void> {
    const started = path === undefined ? undefined : this.#marked.get(path);
    if (!started) return;
    const { cos, retry, notesSignal } = this.context;
    const store = new QuarantineStore(cos, this.settings.quarantine, { ...retry, retries: 0 }, notesSignal);
    await amendMark(store, started.path, started.note({ reason })).catch(() => undefined);
  }

  async #unmark(quarantine: QuarantineStore, path: string | undefined): Promise<void> {
    if (path === undefined || !this.#marked.has(path)) return;
    await removeMark(quarantine, path);
    this.#marked.delete(path);
  }

  async #remove(name: string, ...removals: ((quarantine: QuarantineStore) => Promise<void>)[]): Promise<void> {
    const ends = await Promise.allSettled(removals.map((remove) => remove(this.quarantine)));
    const fault = ends.find((end) => end.status === "rejected");
    if (fault) logError(`its note cannot be removed: ${describe(name, failureOf(fault.reason))}`);
  }

  /** Makes the invocation fail after everything else is done. */
  throwLater(reason: string): void {
    logError(reason);
    this.#reasonsToThrow.push(oneLine(reason));
  }

  /** Closes everything that would keep the process alive. */
  async close(): Promise<void> {
    const { cos, connections, notesSignal } = this.context;
    await Promise.all(this.#removals.splice(0).map((remove) => remove()));
    await connections.close(notesSignal);
    cos.close();
    this.#unwatch();
    this.#deadline.close();
    this.summary.ms = this.#deadline.elapsedMs;
  }

  /** Logs the summary as one JSON line. */
  report(): void {
    console.log(JSON.stringify(this.summary));
  }

  /** @param Fault thrown if SCF must deliver the event again */
  finish(Fault: new (message: string) => Error): Summary {
    const [first] = this.#reasonsToThrow;
    if (first === undefined) return this.summary;
    throw new Fault(`the event must be delivered again, got ${this.#reasonsToThrow.length} fault(s); ${first}`);
  }
}

function describe(name: string, { kind, code, message, requestId }: Failure): string {
  return `${name}: ${kind} failure ${code}: ${message}${requestId ? ` (request ${requestId})` : ""}`;
}

import { EventQuarantine, pathOf } from "./event-quarantine";
import { type ClsEvent, ClsEventError, readClsEvent } from "./events/cls-event";
import { type Failure, failureOf } from "./failure";
import { Invocation, type ScfContext } from "./invocation";
import { emptyCounts, parse } from "./parser/parse";
import { Pipeline } from "./pipeline";
import type { Router } from "./router";
import type { ClsStreamSettings } from "./settings";
import { addCounts, emptySummary, type Summary } from "./summary";
import { CosClient } from "./tencent/cos-client";
import { DEFAULT_RETRY, type RetryPolicy } from "./tencent/retry";

/** Thrown, after all else is done, so that SCF delivers the event again. */
export class ClsStreamError extends Error {
  override readonly name = "ClsStreamError";
  readonly code = "CLS_STREAM";
}

/**
 * One invocation of the handler `cls-stream`: sends the logs of an event through the processor to the outputs, and logs
 * the summary as one JSON line.
 *
 * The failure rule: an event that fails is left whole to a note. What is permanent, or out of time, ends there. What may
 * pass, an event that cannot be read, and a note that cannot be written make the invocation throw, so that SCF delivers
 * the event again; a later success removes the note.
 */
export async function runClsStream(
  event: unknown,
  context: ScfContext,
  settings: ClsStreamSettings,
  retry: RetryPolicy = DEFAULT_RETRY,
): Promise<Summary> {
  const run = new ClsStream(context, settings, retry);
  try {
    await run.deliver(event);
  } finally {
    await run.close();
  }
  return run.finish();
}

class ClsStream {
  readonly #settings: ClsStreamSettings;
  readonly #invocation: Invocation;
  readonly #client = new CosClient();
  readonly #pipeline: Pipeline;
  readonly #quarantine: EventQuarantine;
  readonly #summary = emptySummary();
  /** Why SCF must deliver the event again. */
  readonly #reasonsToThrow: string[] = [];

  constructor(context: ScfContext, settings: ClsStreamSettings, retry: RetryPolicy) {
    this.#settings = settings;
    this.#invocation = new Invocation(context);
    const { signal, notesSignal, requestId } = this.#invocation;
    this.#pipeline = new Pipeline(settings, { cos: this.#client, retry, signal, notesSignal, requestId });
    this.#quarantine = new EventQuarantine(this.#client, settings.quarantine, retry, notesSignal);
  }

  async deliver(event: unknown): Promise<void> {
    let read: ClsEvent | undefined;
    try {
      read = readClsEvent(event);
      await this.#send(read);
      this.#summary.objects++;
      await this.#pipeline.end(this.#summary);
    } catch (error) {
      return this.#leave(event, read, error);
    }
    await this.#forget(read);
  }

  /** Ends what would keep the process awake, and logs the summary. */
  async close(): Promise<void> {
    await this.#pipeline.close();
    this.#client.close();
    this.#invocation.close();
    this.#summary.ms = this.#invocation.elapsedMs;
    console.log(JSON.stringify(this.#summary));
  }

  finish(): Summary {
    const [first] = this.#reasonsToThrow;
    if (first === undefined) return this.#summary;
    throw new ClsStreamError(
      `the event must be delivered again, got ${this.#reasonsToThrow.length} fault(s); ${first}`,
    );
  }

  async #send(event: ClsEvent): Promise<void> {
    const input = { name: `cls://${pathOf(event)}`, path: pathOf(event) };
    const router = this.#pipeline.open(input);
    this.#summary.bytes = event.bytes;
    try {
      await this.#pass(event, input.name, router);
      await router.flush();
    } catch (error) {
      router.discard();
      throw error;
    } finally {
      this.#pipeline.addTo(this.#summary, router);
    }
  }

  async #pass(event: ClsEvent, object: string, router: Router): Promise<void> {
    const counts = emptyCounts();
    const { maxLineBytes } = this.#settings;
    const options = { object, check: router.check, maxLineBytes, onInvalid: router.reject };
    const { signal } = this.#invocation;
    try {
      for await (const batch of parse(router.paced(event.lines()), options, counts)) {
        signal.throwIfAborted();
        this.#summary.dropped += await router.write(batch);
      }
    } finally {
      addCounts(this.#summary, counts);
    }
  }

  /** Leaves a note of an event that failed. */
  async #leave(event: unknown, read: ClsEvent | undefined, error: unknown): Promise<void> {
    const reason: Failure =
      error instanceof ClsEventError
        ? { kind: "permanent", code: error.code, message: error.message }
        : failureOf(error);
    const text = describe(read, reason);
    if (reason.kind === "transient" || !read) this.#throwLater(text);
    else logError(text);
    const { requestId } = this.#invocation;
    try {
      await this.#quarantine.write(read, { version: 1, event, reason, requestId, time: new Date().toISOString() });
      this.#summary.quarantined++;
    } catch (fault) {
      this.#throwLater(`its note cannot be written: ${describe(read, failureOf(fault))}`);
    }
  }

  /** Removes the note of an event that is delivered now. One that stays costs a replay, not a record. */
  async #forget(read: ClsEvent): Promise<void> {
    try {
      await this.#quarantine.remove(read);
    } catch (error) {
      logError(`its note cannot be removed: ${describe(read, failureOf(error))}`);
    }
  }

  #throwLater(reason: string): void {
    logError(reason);
    this.#reasonsToThrow.push(oneLine(reason));
  }
}

function describe(read: ClsEvent | undefined, { kind, code, message, requestId }: Failure): string {
  const name = read ? `cls://${pathOf(read)}` : "an event";
  return `${name}: ${kind} failure ${code}: ${message}${requestId ? ` (request ${requestId})` : ""}`;
}

function logError(text: string): void {
  console.error(oneLine(text));
}

/** SCF keeps 8 KB of a line. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, " ").slice(0, 2000);
}

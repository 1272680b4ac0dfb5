import { type ObjectReference, readCosEvent } from "./events/cos-event";
import { type Failure, failureOf } from "./failure";
import { Invocation, type ScfContext } from "./invocation";
import { createProcessor, type Processor } from "./processor/processor";
import { Quarantine, type QuarantineNote } from "./quarantine";
import { type ObjectOutcome, readObject } from "./read-object";
import type { CosBatchSettings } from "./settings";
import { emptySummary, type Summary } from "./summary";
import { CosClient, cosUrl } from "./tencent/cos-client";
import { DEFAULT_RETRY, type RetryPolicy } from "./tencent/retry";

/** Thrown, after all else is done, so that SCF delivers the event again. */
export class CosBatchError extends Error {
  override readonly name = "CosBatchError";
  readonly code = "COS_BATCH";
}

/**
 * One invocation of the handler `cos-batch`: reads each object of the event as a stream of its own, one after the other,
 * and logs the summary as one JSON line.
 *
 * The failure rule: an object that fails is left to a note and the others go on. What is permanent, or out of time, ends
 * there. What may pass makes the invocation throw in the end, as does a Record that names no object, and a note that
 * could not be written. Lines that tell why go to stderr, as text.
 */
export async function runCosBatch(
  event: unknown,
  context: ScfContext,
  settings: CosBatchSettings,
  retry: RetryPolicy = DEFAULT_RETRY,
): Promise<Summary> {
  const run = new CosBatch(context, settings, retry);
  try {
    await run.readAll(event);
  } finally {
    run.close();
  }
  return run.finish();
}

class CosBatch {
  readonly #settings: CosBatchSettings;
  readonly #retry: RetryPolicy;
  readonly #invocation: Invocation;
  readonly #client = new CosClient();
  readonly #processor: Processor;
  readonly #quarantine: Quarantine;
  readonly #summary = emptySummary();
  /** Why SCF must deliver the event again. */
  readonly #reasonsToThrow: string[] = [];

  constructor(context: ScfContext, settings: CosBatchSettings, retry: RetryPolicy) {
    this.#settings = settings;
    this.#retry = retry;
    this.#invocation = new Invocation(context);
    this.#processor = createProcessor(settings.processor);
    this.#quarantine = new Quarantine(this.#client, settings.quarantine, retry, this.#invocation.notesSignal);
  }

  async readAll(event: unknown): Promise<void> {
    const { objects, errors } = readCosEvent(event, this.#settings.region);
    for (const object of objects) await this.#read(object);
    for (const { message } of errors) this.#throwLater(message);
  }

  /** Ends what would keep the process awake, and logs the summary. */
  close(): void {
    this.#client.close();
    this.#invocation.close();
    this.#summary.ms = this.#invocation.elapsedMs;
    console.log(JSON.stringify(this.#summary));
  }

  finish(): Summary {
    const [first] = this.#reasonsToThrow;
    if (first === undefined) return this.#summary;
    throw new CosBatchError(`the event must be delivered again, got ${this.#reasonsToThrow.length} fault(s); ${first}`);
  }

  async #read(object: ObjectReference): Promise<void> {
    const outcome = await readObject(object, {
      client: this.#client,
      processor: this.#processor,
      maxLineBytes: this.#settings.maxLineBytes,
      retry: this.#retry,
      signal: this.#invocation.signal,
    });
    this.#add(outcome);
    if (outcome.failure) await this.#leave(object, outcome, outcome.failure);
    else await this.#forget(object);
  }

  #add({ bytes, lines, records, invalid, dropped, retries, failure }: ObjectOutcome): void {
    const summary = this.#summary;
    summary.objects += failure ? 0 : 1;
    summary.bytes += bytes;
    summary.lines += lines;
    summary.records += records;
    summary.invalid += invalid;
    summary.dropped += dropped;
    summary.retries += retries;
  }

  /** Leaves a note of an object that failed. */
  async #leave(object: ObjectReference, outcome: ObjectOutcome, reason: Failure): Promise<void> {
    const text = describe(object, reason);
    if (reason.kind === "transient") this.#throwLater(text);
    else logError(text);
    try {
      await this.#quarantine.write(this.#noteOf(object, outcome, reason));
      this.#summary.quarantined++;
    } catch (error) {
      this.#throwLater(`its note cannot be written: ${describe(object, failureOf(error))}`);
    }
  }

  /** Removes the note of an object that is read now. One that stays costs a replay, not a record. */
  async #forget(object: ObjectReference): Promise<void> {
    try {
      await this.#quarantine.remove(object);
    } catch (error) {
      logError(`its note cannot be removed: ${describe(object, failureOf(error))}`);
    }
  }

  #noteOf(
    { bucket, region, key, versionId, eTag }: ObjectReference,
    outcome: ObjectOutcome,
    reason: Failure,
  ): QuarantineNote {
    return {
      version: 1,
      object: { bucket, region, key, versionId, eTag: outcome.eTag ?? eTag },
      reason,
      reached: { bytes: outcome.bytes, line: outcome.lines },
      attempts: outcome.requests,
      requestId: this.#invocation.requestId,
      time: new Date().toISOString(),
    };
  }

  #throwLater(reason: string): void {
    logError(reason);
    this.#reasonsToThrow.push(oneLine(reason));
  }
}

function describe(object: ObjectReference, { kind, code, message, requestId }: Failure): string {
  return `${cosUrl(object)}: ${kind} failure ${code}: ${message}${requestId ? ` (request ${requestId})` : ""}`;
}

function logError(text: string): void {
  console.error(oneLine(text));
}

/** A key may hold any character, and SCF keeps 8 KB of a line. */
function oneLine(text: string): string {
  return text.replace(/\p{Cc}/gu, " ").slice(0, 2000);
}

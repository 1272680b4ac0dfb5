import { type ObjectReference, readCosEvent } from "./events/cos-event";
import { type Failure, failureOf } from "./failure";
import { Invocation, type ScfContext } from "./invocation";
import type { InputIdentity } from "./outputs/context";
import { Pipeline } from "./pipeline";
import { Quarantine, type QuarantineNote } from "./quarantine";
import { emptyOutcome, type ObjectOutcome, readObject } from "./read-object";
import type { Router } from "./router";
import type { CosBatchSettings } from "./settings";
import { addCounts, emptySummary, type Summary } from "./summary";
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
    await run.close();
  }
  return run.finish();
}

class CosBatch {
  readonly #settings: CosBatchSettings;
  readonly #retry: RetryPolicy;
  readonly #invocation: Invocation;
  readonly #client = new CosClient();
  readonly #pipeline: Pipeline;
  readonly #quarantine: Quarantine;
  readonly #summary = emptySummary();
  /** Why SCF must deliver the event again. */
  readonly #reasonsToThrow: string[] = [];

  constructor(context: ScfContext, settings: CosBatchSettings, retry: RetryPolicy) {
    this.#settings = settings;
    this.#retry = retry;
    this.#invocation = new Invocation(context);
    const { signal, notesSignal, requestId } = this.#invocation;
    this.#pipeline = new Pipeline(settings, { cos: this.#client, retry, signal, notesSignal, requestId });
    this.#quarantine = new Quarantine(this.#client, settings.quarantine, retry, notesSignal);
  }

  async readAll(event: unknown): Promise<void> {
    const { objects, errors } = readCosEvent(event, this.#settings.region);
    for (const object of objects) await this.#read(object);
    for (const { message } of errors) this.#throwLater(message);
    await this.#endProcessor();
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
    throw new CosBatchError(`the event must be delivered again, got ${this.#reasonsToThrow.length} fault(s); ${first}`);
  }

  async #read(object: ObjectReference): Promise<void> {
    const outcome = await this.#deliver(object);
    this.#add(outcome);
    if (outcome.failure) await this.#leave(object, outcome, outcome.failure);
    else await this.#forget(object);
  }

  /** Reads an object into the outputs. What keeps it from being opened is its failure, as a fault while reading is. */
  async #deliver(object: ObjectReference): Promise<ObjectOutcome> {
    let router: Router;
    try {
      router = this.#pipeline.open(inputOf(object));
    } catch (error) {
      return { ...emptyOutcome(), failure: failureOf(error) };
    }
    const outcome = await readObject(object, {
      client: this.#client,
      processor: router,
      maxLineBytes: this.#settings.maxLineBytes,
      maxUnpackRatio: this.#settings.maxUnpackRatio,
      content: this.#settings.content,
      retry: this.#retry,
      signal: this.#invocation.signal,
    });
    if (outcome.failure) router.discard();
    this.#pipeline.addTo(this.#summary, router);
    return outcome;
  }

  async #endProcessor(): Promise<void> {
    try {
      await this.#pipeline.end(this.#summary);
    } catch (error) {
      this.#throwLater((error as Error).message);
    }
  }

  #add(outcome: ObjectOutcome): void {
    const { bytes, dropped, retries, failure } = outcome;
    const summary = this.#summary;
    addCounts(summary, outcome);
    summary.objects += failure ? 0 : 1;
    summary.bytes += bytes;
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

/** What outputs call the object: the same at each delivery of the same version. */
function inputOf(object: ObjectReference): InputIdentity {
  const { bucket, key, versionId } = object;
  return { name: cosUrl(object), path: `${bucket}/${key}${versionId === undefined ? "" : `@${versionId}`}` };
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

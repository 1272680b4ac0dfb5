import { type ObjectReference, readCosEvent } from "../../events/cos-event";
import { type Failure, failureOf } from "../../invocation/failure";
import type { ScfContext } from "../../invocation/invocation";
import type { InputIdentity } from "../../outputs/context";
import { forgetObject, leaveObject, type QuarantineNote } from "../../quarantine/objects";
import { emptyOutcome, type ObjectOutcome, readObject } from "./read-object";
import type { Router } from "../../processors/router";
import { Session } from "../../invocation/session";
import type { CosBatchSettings } from "../../settings";
import { addCounts, type Summary } from "../../invocation/summary";
import { cosUrl } from "../../tencent/cos-client";
import { DEFAULT_RETRY, type RetryPolicy } from "../../tencent/retry";

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
  const session = new Session(context, settings, retry);
  try {
    await new CosBatch(session, settings).readAll(event);
  } finally {
    await session.close();
  }
  return session.finish(CosBatchError);
}

class CosBatch {
  readonly #session: Session;
  readonly #settings: CosBatchSettings;

  constructor(session: Session, settings: CosBatchSettings) {
    this.#session = session;
    this.#settings = settings;
  }

  async readAll(event: unknown): Promise<void> {
    const { objects, errors } = readCosEvent(event, this.#settings.region);
    for (const object of objects) await this.#read(object);
    for (const { message } of errors) this.#session.throwLater(message);
    await this.#endProcessor();
  }

  async #read(object: ObjectReference): Promise<void> {
    const { outcome, batches } = await this.#deliver(object);
    this.#add(outcome);
    if (outcome.failure) await this.#leave(object, outcome, outcome.failure, batches);
    else await this.#session.forget(cosUrl(object), (quarantine) => forgetObject(quarantine, object));
  }

  /** Reads an object into the outputs. What keeps it from being opened is its failure, as a fault while reading is. */
  async #deliver(object: ObjectReference): Promise<{ outcome: ObjectOutcome; batches: readonly string[] }> {
    const { client, pipeline, retry, invocation, summary } = this.#session;
    let router: Router;
    try {
      router = pipeline.open(inputOf(object));
    } catch (error) {
      return { outcome: { ...emptyOutcome(), failure: failureOf(error) }, batches: [] };
    }
    const outcome = await readObject(object, {
      client,
      processor: router,
      maxLineBytes: this.#settings.maxLineBytes,
      maxUnpackRatio: this.#settings.maxUnpackRatio,
      content: this.#settings.content,
      retry,
      signal: invocation.signal,
    });
    if (outcome.failure) await router.discard();
    pipeline.addTo(summary, router);
    return { outcome, batches: router.left };
  }

  async #endProcessor(): Promise<void> {
    const { pipeline, summary } = this.#session;
    try {
      await pipeline.end(summary);
    } catch (error) {
      this.#session.throwLater((error as Error).message);
    }
  }

  #add(outcome: ObjectOutcome): void {
    const { bytes, dropped, retries, failure } = outcome;
    const { summary } = this.#session;
    addCounts(summary, outcome);
    summary.objects += failure ? 0 : 1;
    summary.bytes += bytes;
    summary.dropped += dropped;
    summary.retries += retries;
  }

  #leave(object: ObjectReference, outcome: ObjectOutcome, reason: Failure, batches: readonly string[]): Promise<void> {
    return this.#session.leave({
      name: cosUrl(object),
      reason,
      again: reason.kind === "transient",
      batches,
      write: (quarantine) => leaveObject(quarantine, this.#noteOf(object, outcome, reason)),
    });
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
      requestId: this.#session.invocation.requestId,
      time: new Date().toISOString(),
    };
  }
}

/** What outputs call the object: the same at each delivery of the same version. */
function inputOf(object: ObjectReference): InputIdentity {
  const { bucket, key, versionId } = object;
  return { name: cosUrl(object), path: `${bucket}/${key}${versionId === undefined ? "" : `@${versionId}`}` };
}

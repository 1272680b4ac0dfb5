import { type ClsEvent, ClsEventError, readClsEvent } from "../../events/cls-event";
import { type Failure, failureOf } from "../../invocation/failure";
import type { ScfContext } from "../../invocation/invocation";
import { emptyCounts, parse } from "../../parser/parse";
import { forgetEvent, leaveEvent, pathOf } from "../../quarantine/events";
import type { Router } from "../../processors/router";
import { Session } from "../../invocation/session";
import type { ClsStreamSettings } from "../../settings";
import { addCounts, type Summary } from "../../invocation/summary";
import { DEFAULT_RETRY, type RetryPolicy } from "../../tencent/retry";

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
  const session = new Session(context, settings, retry);
  try {
    await new ClsStream(session, settings).deliver(event);
  } finally {
    await session.close();
  }
  return session.finish(ClsStreamError);
}

class ClsStream {
  readonly #session: Session;
  readonly #settings: ClsStreamSettings;
  /** Keys of the batches of the event that lie in quarantine. */
  #batches: readonly string[] = [];

  constructor(session: Session, settings: ClsStreamSettings) {
    this.#session = session;
    this.#settings = settings;
  }

  async deliver(event: unknown): Promise<void> {
    const { pipeline, summary } = this.#session;
    let read: ClsEvent;
    try {
      read = readClsEvent(event);
    } catch (error) {
      return this.#leave(event, undefined, error);
    }
    try {
      await this.#send(read);
      summary.objects = 1;
      await pipeline.end(summary);
    } catch (error) {
      summary.objects = 0;
      return this.#leave(event, read, error);
    }
    await this.#session.forget(nameOf(read), (quarantine) => forgetEvent(quarantine, read));
  }

  async #send(event: ClsEvent): Promise<void> {
    const { pipeline, summary } = this.#session;
    const router = pipeline.open({ name: nameOf(event), path: pathOf(event) });
    summary.bytes = event.bytes;
    this.#batches = router.left;
    try {
      await this.#pass(event, router);
      await router.flush();
    } catch (error) {
      await router.discard();
      throw error;
    } finally {
      pipeline.addTo(summary, router);
    }
  }

  async #pass(event: ClsEvent, router: Router): Promise<void> {
    const { invocation, summary } = this.#session;
    const counts = emptyCounts();
    const { maxLineBytes } = this.#settings;
    const options = { object: nameOf(event), check: router.check, maxLineBytes, onInvalid: router.reject };
    try {
      for await (const batch of parse(router.paced(event.lines()), options, counts)) {
        invocation.signal.throwIfAborted();
        summary.dropped += await router.write(batch);
      }
    } finally {
      addCounts(summary, counts);
    }
  }

  /** @param read undefined where the event cannot be read */
  #leave(event: unknown, read: ClsEvent | undefined, error: unknown): Promise<void> {
    const reason: Failure =
      error instanceof ClsEventError
        ? { kind: "permanent", code: error.code, message: error.message }
        : failureOf(error);
    const { requestId } = this.#session.invocation;
    const note = { version: 1, event, reason, requestId, time: new Date().toISOString() } as const;
    return this.#session.leave({
      name: read ? nameOf(read) : "an event",
      reason,
      again: reason.kind === "transient" || !read,
      batches: this.#batches,
      write: (quarantine) => leaveEvent(quarantine, read, note),
    });
  }
}

function nameOf(event: ClsEvent): string {
  return `cls://${pathOf(event)}`;
}

import type { ClsEvent, ClsEventError } from "../../events/cls-event";
import type { ScfContext } from "../../invocation/deadline";
import { type Failure, failureOf } from "../../invocation/failure";
import { forgetEvent, leaveEvent, pathOf, unreadPathOf } from "../../quarantine/events";
import { keptEvent } from "../../quarantine/kept-event";
import type { QuarantineStore } from "../../quarantine/store";
import { logError, oneLine } from "../../runtime/log";
import { QUARANTINED } from "../../settings";

/** Thrown after everything else is done, so that SCF delivers the event again. */
export class MonitorError extends Error {
  override readonly name = "MonitorError";
  readonly code = "LOGS_MONITOR";
}

/** Notes of an event that could not be handled. */
export class EventNotes {
  constructor(
    private readonly event: unknown,
    private readonly context: ScfContext,
    private readonly store: QuarantineStore,
  ) {}

  /** For an event that no retry makes readable. Throws if its note cannot be written. */
  async leaveUnread({ code, message }: ClsEventError): Promise<{ readonly quarantined: number }> {
    await this.#leave(unreadPathOf(this.event), { kind: "permanent", code, message });
    logError(`${QUARANTINED} an event: permanent failure ${code}: ${message}`);
    return { quarantined: 1 };
  }

  /** SCF delivers the event again; the note is for the case that this does not help either. */
  async leaveFailed(read: ClsEvent, reason: Failure): Promise<never> {
    const text = `${reason.kind} failure ${reason.code}: ${reason.message}`;
    let more = "";
    try {
      await this.#leave(pathOf(read), reason);
    } catch (error) {
      more = `; its note cannot be written: ${failureOf(error).message}`;
    }
    throw new MonitorError(oneLine(`cls://${pathOf(read)} must be delivered again, got a ${text}${more}`));
  }

  /** A note that stays costs a replay, in which everything is known already. */
  async forget(read: ClsEvent): Promise<void> {
    try {
      await forgetEvent(this.store, read);
    } catch (error) {
      logError(`a note of cls://${pathOf(read)} cannot be removed: ${failureOf(error).message}`);
    }
  }

  #leave(path: string, reason: Failure): Promise<void> {
    const { request_id: requestId = "" } = this.context;
    const time = new Date().toISOString();
    return leaveEvent(this.store, path, { version: 1, event: keptEvent(this.event), reason, requestId, time });
  }
}

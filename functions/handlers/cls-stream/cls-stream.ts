import { type ClsEvent, ClsEventError, readClsEvent } from "../../events/cls-event";
import { ForeignEventError } from "../../events/event-kind";
import type { ScfContext } from "../../invocation/deadline";
import { type Failure, failureOf } from "../../invocation/failure";
import { readInput } from "../../invocation/read-input";
import { Session, type StartedInput } from "../../invocation/session";
import { addDelay, type Summary } from "../../invocation/summary";
import { forgetEvent, leaveEvent, pathOf, unreadPathOf } from "../../quarantine/events";
import { keptEvent } from "../../quarantine/kept-event";
import type { ClsStreamSettings } from "../../settings";
import { DEFAULT_RETRY, type RetryPolicy } from "../../tencent/retry";
import { type Monitored, toldOf, watch } from "./monitors";

/** Thrown after everything else is done, so that SCF delivers the event again. */
export class ClsStreamError extends Error {
  override readonly name = "ClsStreamError";
  readonly code = "CLS_STREAM";
}

/**
 * One invocation of the handler `cls-stream`: sends the logs of an event through the processor to the outputs, and logs the
 * summary as one JSON line.
 *
 * The failure rule: for an event that fails, a note with the whole event is written. If the failure is permanent, or time
 * is up, that is all. The invocation throws, so that SCF delivers the event again, if the failure is transient, the event
 * cannot be read, the note cannot be written, or a monitor's alert is neither sent nor kept; a later success removes the
 * note. Outputs then write the same again, and monitors count nothing twice. An event of another kind also makes the
 * invocation throw, but is not stored: that of a COS trigger, for example, contains its uploader's signature.
 *
 * @param since when the event first failed, ISO 8601, if this is a retry
 */
export async function runClsStream(
  event: unknown,
  context: ScfContext,
  settings: ClsStreamSettings,
  retry: RetryPolicy = DEFAULT_RETRY,
  since?: string,
): Promise<Summary> {
  const session = new Session(context, settings, retry);
  try {
    await takeEvent(session, { event, since }, settings);
  } finally {
    await session.close();
    session.report();
  }
  return session.finish(ClsStreamError);
}

/** The event that the function was invoked with. */
interface GivenEvent {
  readonly event: unknown;
  /** When it first failed, ISO 8601, if this is a retry. */
  readonly since?: string;
}

/** Stores the logs of an event, or writes a note of it. */
async function takeEvent(session: Session, given: GivenEvent, settings: ClsStreamSettings): Promise<void> {
  const { summary } = session;
  const { event } = given;
  let read: ClsEvent;
  try {
    read = readClsEvent(event);
  } catch (error) {
    if (error instanceof ForeignEventError) return session.throwLater(error.message);
    await leave(session, given, { error });
    return;
  }
  const watching = watch(event, read, settings, session.context);
  await session.start([startOf(session, given, read)]);
  const { lastTime } = read.logs;
  const { error, left } = await readInput(session, { name: nameOf(read), path: pathOf(read), source: read.logs });
  const monitored = await watching;
  if (Object.keys(monitored.reports).length > 0) summary.monitors = monitored.reports;
  summary.bytes = read.bytes;
  summary.objects = error === undefined ? 1 : 0;
  const fault = error ?? (await session.endProcessor());
  if (fault === undefined && monitored.failure === undefined) {
    addDelay(summary, lastTime);
    return session.forget({ name: nameOf(read), path: markPathOf(read) }, (quarantine) =>
      forgetEvent(quarantine, read),
    );
  }
  summary.objects = 0;
  await leave(session, given, { read, error: fault, left, monitored });
}

function startOf(session: Session, given: GivenEvent, read: ClsEvent): StartedInput {
  return { name: nameOf(read), path: markPathOf(read), note: (mark) => ({ ...noteOf(session, given), ...mark }) };
}

/** The common part of all notes of an event. */
function noteOf({ context }: Session, { event, since }: GivenEvent, monitored?: Monitored) {
  const { requestId } = context;
  const kept = keptEvent(event);
  const told = monitored && { ...(kept as object), ...toldOf(monitored) };
  return { version: 1, event: told ?? kept, requestId, since, time: new Date().toISOString() } as const;
}

/** An event that could not be handled. */
interface FailedEvent {
  /** Undefined if the event cannot be read. */
  readonly read?: ClsEvent;
  /** Undefined if only monitors failed. */
  readonly error: unknown;
  /** Keys of its batches in quarantine. */
  readonly left?: readonly string[];
  readonly monitored?: Monitored;
}

async function leave(session: Session, given: GivenEvent, failed: FailedEvent): Promise<void> {
  const { error, left, monitored, read } = failed;
  const reason = reasonOf(error, monitored?.failure);
  const note = { ...noteOf(session, given, monitored), reason };
  await session.leave({
    name: read ? nameOf(read) : "an event",
    path: read && markPathOf(read),
    reason,
    again: isTriedAgain(failed),
    batches: left ?? [],
    write: (quarantine) => leaveEvent(quarantine, read ? pathOf(read) : unreadPathOf(given.event), note),
  });
}

/** An alert that is neither sent nor kept requires another delivery, whatever happened to the event's records. */
function isTriedAgain({ error, monitored, read }: FailedEvent): boolean {
  return !read || monitored?.failure !== undefined || reasonOf(error, undefined).kind === "transient";
}

/** Why an event failed: its records, its alerts, or both. */
function reasonOf(error: unknown, alerts: Failure | undefined): Failure {
  if (error === undefined) return alerts as Failure;
  const reason: Failure =
    error instanceof ClsEventError ? { kind: "permanent", code: error.code, message: error.message } : failureOf(error);
  return alerts ? { ...reason, message: `${reason.message}; ${alerts.message}` } : reason;
}

function markPathOf(event: ClsEvent): string {
  return `cls/${pathOf(event)}`;
}

function nameOf(event: ClsEvent): string {
  return `cls://${pathOf(event)}`;
}

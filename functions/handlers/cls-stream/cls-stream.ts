import { type ClsEvent, ClsEventError, readClsEvent } from "../../events/cls-event";
import { ForeignEventError } from "../../events/event-kind";
import type { ScfContext } from "../../invocation/deadline";
import { type Failure, failureOf } from "../../invocation/failure";
import { readInput } from "../../invocation/read-input";
import { Session, type StartedInput } from "../../invocation/session";
import type { Summary } from "../../invocation/summary";
import { forgetEvent, leaveEvent, pathOf, unreadPathOf } from "../../quarantine/events";
import { keptEvent } from "../../quarantine/kept-event";
import type { ClsStreamSettings } from "../../settings";
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
 * the event again; a later success removes the note. An event of something else makes it throw as well, but is kept
 * nowhere: that of a COS trigger, for one, holds its uploader's signature.
 */
export async function runClsStream(
  event: unknown,
  context: ScfContext,
  settings: ClsStreamSettings,
  retry: RetryPolicy = DEFAULT_RETRY,
): Promise<Summary> {
  const session = new Session(context, settings, retry);
  try {
    await takeEvent(session, event);
  } finally {
    await session.close();
    session.report();
  }
  return session.finish(ClsStreamError);
}

/** Stores the logs of an event, or leaves it to a note. */
async function takeEvent(session: Session, event: unknown): Promise<void> {
  const { summary } = session;
  let read: ClsEvent;
  try {
    read = readClsEvent(event);
  } catch (error) {
    if (error instanceof ForeignEventError) return session.throwLater(error.message);
    return leave(session, event, undefined, error);
  }
  await session.start([startOf(session, event, read)]);
  const { error, left } = await readInput(session, { name: nameOf(read), path: pathOf(read), source: read.logs });
  summary.bytes = read.bytes;
  summary.objects = error === undefined ? 1 : 0;
  const fault = error ?? (await session.endProcessor());
  if (fault === undefined) {
    return session.forget({ name: nameOf(read), path: markPathOf(read) }, (quarantine) =>
      forgetEvent(quarantine, read),
    );
  }
  summary.objects = 0;
  return leave(session, event, read, fault, left);
}

function startOf(session: Session, event: unknown, read: ClsEvent): StartedInput {
  return { name: nameOf(read), path: markPathOf(read), note: (mark) => ({ ...noteOf(session, event), ...mark }) };
}

/** What any note of an event says. */
function noteOf({ context }: Session, event: unknown) {
  const { requestId } = context;
  return { version: 1, event: keptEvent(event), requestId, time: new Date().toISOString() } as const;
}

/** @param read undefined where the event cannot be read @param batches keys of those of it that lie in quarantine */
function leave(
  session: Session,
  event: unknown,
  read: ClsEvent | undefined,
  error: unknown,
  batches: readonly string[] = [],
): Promise<void> {
  const reason: Failure =
    error instanceof ClsEventError ? { kind: "permanent", code: error.code, message: error.message } : failureOf(error);
  const note = { ...noteOf(session, event), reason };
  return session.leave({
    name: read ? nameOf(read) : "an event",
    path: read && markPathOf(read),
    reason,
    again: reason.kind === "transient" || !read,
    batches,
    write: (quarantine) => leaveEvent(quarantine, read ? pathOf(read) : unreadPathOf(event), note),
  });
}

function markPathOf(event: ClsEvent): string {
  return `cls/${pathOf(event)}`;
}

function nameOf(event: ClsEvent): string {
  return `cls://${pathOf(event)}`;
}

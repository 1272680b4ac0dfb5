import { type ObjectReference, readCosEvent } from "../../events/cos-event";
import type { ScfContext } from "../../invocation/deadline";
import { type Failure, failureOf } from "../../invocation/failure";
import { type InputOutcome, readInput } from "../../invocation/read-input";
import { type Ended, Receipts } from "../../invocation/receipts";
import type { Continuation } from "../../invocation/pausing";
import { Session, type StartedInput } from "../../invocation/session";
import { addDelay, type Summary } from "../../invocation/summary";
import type { InputIdentity } from "../../outputs/context";
import { ContentError } from "../../parser/content-error";
import { resumesAtLines } from "../../parser/open-content";
import { NOT_READ } from "../../quarantine/marks";
import { forgetObject, leaveObject, objectPath } from "../../quarantine/objects";
import type { CosBatchSettings } from "../../settings";
import { cosUrl } from "../../tencent/cos-client";
import { isMissing, ObjectReplacedError } from "../../tencent/cos-error";
import { DEFAULT_RETRY, type RetryPolicy } from "../../tencent/retry";
import { ObjectContent } from "./object-content";

/** Thrown after everything else is done, so that SCF delivers the event again. */
export class CosBatchError extends Error {
  override readonly name = "CosBatchError";
  readonly code = "COS_BATCH";
}

/** How often reading starts again if an object is replaced meanwhile; its last version has its own event. */
const MAX_RESTARTS = 3;

/**
 * One invocation of the handler `cos-batch`: reads the objects of the event one after the other, each as its own stream,
 * and logs the summary as one JSON line.
 *
 * The failure rule: for an object that fails, a note is written, and the others continue. If the failure is permanent, or
 * time is up, that is all. After a transient failure the invocation throws at the end, as it does for a Record that names
 * no object and for a note that could not be written. The reasons are written to stderr as text.
 */
export async function runCosBatch(
  event: unknown,
  context: ScfContext,
  settings: CosBatchSettings,
  retry: RetryPolicy = DEFAULT_RETRY,
): Promise<Summary> {
  const { objects, errors } = readCosEvent(event, settings.region);
  const wanted = objects.filter((object) => isOfSource(object, settings)).map((named) => ({ named }));
  const elsewhere = objects.length - wanted.length;
  return readObjects(wanted, { errors, event, elsewhere }, context, settings, retry);
}

/** An object that is to be read. */
export interface WantedObject {
  readonly named: ObjectReference;
  /** The state after earlier invocations. */
  readonly before?: Continuation;
  /** When it first failed, ISO 8601, if this is a retry. */
  readonly since?: string;
}

/** Other contents of an event. */
interface FromEvent {
  /** Errors in it. */
  readonly errors?: readonly Error[];
  readonly event?: unknown;
  /** Number of its objects that do not belong to the source. */
  readonly elsewhere?: number;
}

/** The same for known objects. */
export async function readObjects(
  wanted: readonly WantedObject[],
  { errors, event, elsewhere = 0 }: FromEvent,
  context: ScfContext,
  settings: CosBatchSettings,
  retry: RetryPolicy = DEFAULT_RETRY,
): Promise<Summary> {
  const session = new Session(context, settings, retry);
  if (elsewhere > 0) session.summary.elsewhere = elsewhere;
  const receipts = new Receipts(session, event);
  try {
    await session.start(wanted.map((one) => startOf(session, one)));
    const stored: ReadObject[] = [];
    for (const one of wanted) {
      const read = await takeObject(session, receipts, one, settings);
      if (read) stored.push(read);
    }
    for (const { message } of errors ?? []) session.throwLater(message);
    await end(session, receipts, stored);
  } finally {
    await session.close();
    session.report();
  }
  return session.finish(CosBatchError);
}

/**
 * Whether an object belongs to the source: if there are several prefixes, the trigger filters only by their common start.
 */
function isOfSource({ key, otherKey }: ObjectReference, { prefixes }: CosBatchSettings): boolean {
  return prefixes === undefined || prefixes.some((prefix) => key.startsWith(prefix) || otherKey?.startsWith(prefix));
}

/** An object with the key under which it was found: an address can mean two keys. */
interface FoundObject extends WantedObject {
  readonly object: ObjectReference;
}

/** An object that was read and stored to its end, or until something failed. */
interface ReadObject extends FoundObject {
  readonly outcome: ObjectOutcome;
}

/** Stores the records of an object, or writes a note for people or for the next catch-up. */
async function takeObject(
  session: Session,
  receipts: Receipts,
  wanted: WantedObject,
  settings: CosBatchSettings,
): Promise<ReadObject | undefined> {
  const { summary } = session;
  const { object, outcome } = await readNamed(session, wanted, settings);
  const read = { ...wanted, object, outcome };
  summary.bytes += Math.max(0, outcome.bytes - (wanted.before?.bytes ?? 0));
  summary.retries += outcome.retries;
  if (outcome.paddingBytes > 0) summary.paddingBytes = (summary.paddingBytes ?? 0) + outcome.paddingBytes;
  if (outcome.failure) {
    await leave(session, receipts, read, outcome.failure);
    return undefined;
  }
  if (outcome.unfinished) {
    await leaveUnfinished(session, receipts, read, outcome.unfinished);
    return undefined;
  }
  summary.objects++;
  return read;
}

/**
 * Ends the processor. Objects are done only then: the processor can fail at its end and lose records that it was still to
 * pass on. In that case, notes are written of all objects whose records it had.
 */
async function end(session: Session, receipts: Receipts, stored: readonly ReadObject[]): Promise<void> {
  const fault = await session.endProcessor();
  if (fault === undefined) {
    for (const { named } of stored) addDelay(session.summary, named.storedAt);
    await Promise.all(
      stored.map(async (one) => {
        await receipts.done(endedOf(one));
        await forget(session, one);
      }),
    );
    return;
  }
  session.summary.objects -= stored.length;
  if (stored.length === 0) session.throwLater(fault.message);
  for (const one of stored) await leave(session, receipts, one, failureOf(fault));
}

function startOf(session: Session, { named, before: goOn, since }: WantedObject): StartedInput {
  return {
    ...identityOf(named),
    note: (mark) => ({ ...noteOf(session, named, named.eTag), ...NOT_READ, since, goOn, ...mark }),
  };
}

function forget(session: Session, { named, object }: FoundObject): Promise<void> {
  // An earlier delivery can have failed before it tried the other key.
  const keys = named.key === object.key ? [object] : [object, named];
  return session.forget(identityOf(named), async (quarantine) => {
    await Promise.all(keys.map((one) => forgetObject(quarantine, one)));
  });
}

/** Reads the object, under its other key if the first does not exist. */
async function readNamed(session: Session, { named: object, before }: WantedObject, settings: CosBatchSettings) {
  const outcome = await readObject(session, object, settings, before);
  const { otherKey, ...named } = object;
  if (otherKey === undefined || !isMissing(outcome.error)) return { object, outcome };
  const other = { ...named, key: otherKey };
  const otherOutcome = await readObject(session, other, settings);
  return isMissing(otherOutcome.error) ? { object, outcome } : { object: other, outcome: otherOutcome };
}

/** The result for one object. */
export interface ObjectOutcome extends InputOutcome {
  /** Bytes of the stored object. */
  readonly bytes: number;
  readonly requests: number;
  /** Number of requests that were retried. */
  readonly retries: number;
  /** Number of padding bytes after its gzip. */
  readonly paddingBytes: number;
  /** ETag of what was read, if COS answered. */
  readonly eTag: string | undefined;
  /** Undefined if the object was read and stored to its end. */
  readonly failure: Failure | undefined;
}

/** Reads an object to its end. Starts again if it was replaced before it produced a line. Never throws. */
export async function readObject(
  session: Session,
  object: ObjectReference,
  settings: CosBatchSettings,
  given?: Continuation,
): Promise<ObjectOutcome> {
  const { cos: client, retry, signal } = session.context;
  const content = new ObjectContent(object, settings, { client, retry, signal });
  let before = given;
  for (let restarts = 0; ; restarts++) {
    const from = before && resumesAtLines(settings.content) ? before.byte : 0;
    const outcome = await readInput(session, {
      ...identityOf(object),
      source: content.open(from, before && object.eTag),
      content: settings.content,
      ...(canPause(settings) && { parts: { before, from, bytes: () => content.bytes } }),
    });
    const { error, lines } = outcome;
    const isUntouched = lines === (from > 0 ? before?.counts.lines : 0);
    if (error instanceof ObjectReplacedError && isUntouched && restarts < MAX_RESTARTS) {
      // Nothing was read of the new object yet.
      before = undefined;
      continue;
    }
    const { bytes, requests, retries, eTag, paddingBytes } = content;
    const failure = error === undefined ? undefined : failureAt(error, lines);
    return { ...outcome, bytes, requests, retries: retries + restarts, paddingBytes, eTag, failure };
  }
}

/**
 * Whether an object can be left to the next catch-up. Not if the user's code handles records: it can hold some back in the
 * memory of this invocation.
 */
function canPause({ catchUp, processor }: CosBatchSettings): boolean {
  return catchUp !== undefined && processor.type !== "code";
}

/** The object's identity for outputs: the same for each delivery of the same version. */
function identityOf(object: ObjectReference): InputIdentity {
  return { name: cosUrl(object), path: objectPath(object) };
}

function endedOf({ object, outcome }: ReadObject): Ended {
  const { bucket, key, eTag } = object;
  return { ...outcome, name: cosUrl(object), path: `${bucket}/${key}`, eTag: outcome.eTag ?? eTag };
}

/** A fault in the content reports where it is: the byte of the stored object, and the last complete line before it. */
function failureAt(error: unknown, lines: number): Failure {
  const failure = failureOf(error);
  if (!(error instanceof ContentError) || error.bytes === 0) return failure;
  return { ...failure, message: `${failure.message} (at byte ${error.bytes}, behind line ${lines})` };
}

/** The common part of all notes of an object. */
function noteOf({ context }: Session, object: ObjectReference, eTag: string | undefined) {
  const { bucket, region, key, otherKey, versionId } = object;
  return {
    version: 1,
    object: { bucket, region, key, otherKey, versionId, eTag },
    requestId: context.requestId,
    time: new Date().toISOString(),
  } as const;
}

async function leave(
  session: Session,
  receipts: Receipts,
  { named, object, outcome, before, since }: ReadObject,
  reason: Failure,
): Promise<void> {
  const note = {
    ...noteOf(session, object, outcome.eTag ?? object.eTag),
    since,
    // What earlier invocations stored stays valid, whatever happened in this one.
    ...(reason.kind !== "permanent" && { goOn: before }),
    reason,
    reached: { bytes: outcome.bytes, line: outcome.lines },
    attempts: outcome.requests,
  };
  const again = reason.kind === "transient";
  const hasNote = await session.leave({
    ...identityOf(named),
    reason,
    again,
    batches: outcome.left,
    write: (quarantine) => leaveObject(quarantine, note),
  });
  if (hasNote && !again) await receipts.quarantined(endedOf({ named, object, outcome }), reason);
}

/** Writes the note from which the next catch-up continues with the object. */
async function leaveUnfinished(
  session: Session,
  receipts: Receipts,
  { named, object, outcome }: ReadObject,
  goOn: Continuation,
): Promise<void> {
  const line = goOn.counts.lines;
  const message = `its time was up behind line ${line}; the next catch-up goes on there`;
  const note = {
    ...noteOf(session, object, outcome.eTag ?? object.eTag),
    reason: { kind: "unfinished", code: "UNFINISHED", message },
    reached: { bytes: outcome.bytes, line },
    attempts: outcome.requests,
    backfill: receipts.run,
    goOn,
  } as const;
  await session.leaveUnfinished(identityOf(named), message, (quarantine) => leaveObject(quarantine, note));
}

import type { EventNote } from "../../functions/quarantine/events";
import { type BatchNote, isBatchKey } from "../../functions/quarantine/batches";
import type { QuarantineNote } from "../../functions/quarantine/objects";
import { receiptFolder } from "../../functions/quarantine/receipts";
import { TIMER_FOLDER } from "../../functions/quarantine/store";
import { isObject, objectIn } from "../../functions/runtime/checked-json";
import { cosUrl } from "../../functions/tencent/cos-client";

/** A note in quarantine. Each kind has a name, and an event that invokes the function to retry it. */
export type Note = FoundObject | FoundEvent | FoundBatch;

interface NoteBase {
  /** Key of the note itself. */
  readonly noteKey: string;
  /** Its subject, in words. */
  readonly name: string;
  /** Compared with `--key` and `--under`: the object's key, otherwise the note's own. */
  readonly key: string;
}

/** An object that was not read to its end. */
export interface FoundObject extends NoteBase {
  readonly type: "object";
  readonly note: QuarantineNote;
}

/** An event of CLS that was not delivered to the outputs. */
export interface FoundEvent extends NoteBase {
  readonly type: "event";
  readonly note: EventNote;
}

/** A batch that an output did not accept. */
export interface FoundBatch extends NoteBase {
  readonly type: "batch";
  readonly note: BatchNote;
}

/** Parses a note; undefined if it is not one of version 1. @param prefix of the quarantine */
export function parseNote(text: string, noteKey: string, prefix: string): Note | undefined {
  const note = objectIn(text);
  if (note?.version !== 1 || !hasTexts(note.reason, "code", "message") || !hasTexts(note, "time")) return undefined;
  const { object } = note;
  if (hasTexts(object, "bucket", "region", "key") && hasTexts(note.reason, "kind") && isObject(note.reached)) {
    const { versionId, key } = object as QuarantineNote["object"];
    const name = cosUrl(object as QuarantineNote["object"]) + (versionId === undefined ? "" : `@${versionId}`);
    return { type: "object", note: note as unknown as QuarantineNote, noteKey, name, key };
  }
  if (note.event !== undefined && hasTexts(note.reason, "kind")) {
    const path = noteKey.slice(prefix.length, -".json".length).replace(/^(started\/)?cls\//, "");
    return { type: "event", note: note as unknown as EventNote, noteKey, name: `cls://${path}`, key: noteKey };
  }
  if (!hasTexts(note, "output", "input", "lines")) return undefined;
  const batch = note as unknown as BatchNote;
  const name = `${batch.records} records of ${batch.input} for output ${batch.output}`;
  return { type: "batch", note: batch, noteKey, name, key: noteKey };
}

/**
 * Until when an invocation can still be working on it, in ISO 8601, if its note is a mark. After that the invocation
 * was killed.
 *
 * @param now milliseconds since the epoch
 */
export function runningUntil({ type, note }: Note, now: number): string | undefined {
  if (type === "batch" || note.until === undefined) return undefined;
  return Date.parse(note.until) > now ? note.until : undefined;
}

/**
 * Whether a key does not belong to a note, but to a batch's records, which have their own note, to a receipt, or to the
 * timer.
 */
export function isBeside(key: string, prefix: string): boolean {
  return key.startsWith(receiptFolder(prefix)) || key.startsWith(prefix + TIMER_FOLDER) || isBatchKey(key, prefix);
}

function hasTexts(value: unknown, ...names: readonly string[]): boolean {
  return isObject(value) && names.every((name) => typeof value[name] === "string");
}

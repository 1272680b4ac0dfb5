import { batchFolder, type BatchNote } from "../../quarantine/batches";
import type { EventNote } from "../../quarantine/events";
import type { QuarantineNote } from "../../quarantine/objects";
import { behindReceipts, receiptFolder } from "../../quarantine/receipts";
import { type QuarantineStore, TIMER_FOLDER } from "../../quarantine/store";
import { isObject, objectIn } from "../../runtime/checked-json";
import type { ListedObject } from "../../tencent/cos-list";
import { type AnyNote, dueAt, FIRST_PAUSE_MS, TRIED_FOR_MS } from "./due";

/** A note that is due for a retry. */
export type DueNote = { readonly key: string } & (
  | { readonly type: "object"; readonly note: QuarantineNote }
  | { readonly type: "event"; readonly note: EventNote }
  | { readonly type: "batch"; readonly note: BatchNote }
);

/** Whether it is the note of an object with which the next catch-up continues. */
export function isUnfinished(found: DueNote): boolean {
  return found.type === "object" && found.note.reason.kind === "unfinished";
}

/** Maximum notes that are returned at a time: they must fit into memory, and the timer fires again. */
const MOST_NOTES = 500;
const READS_AT_ONCE = 16;

/**
 * The notes that are due, unfinished objects first.
 *
 * @param lookedAt when the notes were last examined
 */
export async function dueNotes(store: QuarantineStore, now: number, lookedAt = now): Promise<DueNote[]> {
  const { prefix } = store;
  const due: DueNote[] = [];
  for await (const page of pagesOf(store)) {
    const keys = page.flatMap(({ key, lastModified }) =>
      isNone(key, prefix) || !mayBeDue(key, prefix, now - lastModified, now - lookedAt) ? [] : [key],
    );
    // Notes that are not due do not count, so that they never delay those that are.
    for (let at = 0; at < keys.length && due.length < MOST_NOTES; at += READS_AT_ONCE) {
      const read = await Promise.all(keys.slice(at, at + READS_AT_ONCE).map((key) => readNote(store, key)));
      due.push(...read.flatMap((found) => (found && isDue(found.note, now) ? [found] : [])));
    }
    if (due.length >= MOST_NOTES) break;
  }
  return due.sort((one, other) => Number(isUnfinished(other)) - Number(isUnfinished(one)));
}

/** All objects below the prefix except receipts. */
async function* pagesOf(store: QuarantineStore): AsyncGenerator<readonly ListedObject[]> {
  const receipts = receiptFolder(store.prefix);
  for await (const page of store.list("")) {
    const first = page.findIndex(({ key }) => key.startsWith(receipts));
    if (first === -1) yield page;
    else {
      yield page.slice(0, first);
      return yield* store.list("", behindReceipts(store.prefix));
    }
  }
}

/** Whether a key does not belong to a note. */
function isNone(key: string, prefix: string): boolean {
  if (key.startsWith(prefix + TIMER_FOLDER)) return true;
  return key.startsWith(batchFolder(prefix)) && !key.endsWith(".json");
}

/**
 * Decided by age alone: a note is as old as its last attempt. An unfinished one can be of any age if there was no time for
 * it, so those older than a day are examined once a day.
 */
function mayBeDue(key: string, prefix: string, ageMs: number, sinceMs: number): boolean {
  const isObject = !key.startsWith(batchFolder(prefix)) && !key.startsWith(`${prefix}cls/`);
  if (ageMs > TRIED_FOR_MS) return isObject && daysOf(ageMs) > daysOf(ageMs - sinceMs);
  return isObject || ageMs >= FIRST_PAUSE_MS / 2;
}

function daysOf(ms: number): number {
  return Math.floor(ms / TRIED_FOR_MS);
}

function isDue(note: object, now: number): boolean {
  const due = dueAt(note as AnyNote);
  return due !== undefined && due <= now;
}

/** The note of a key; undefined if it is gone, or not a note. */
export async function readNote(store: QuarantineStore, key: string): Promise<DueNote | undefined> {
  const text = await store.read(key);
  const note = text && objectIn(text.toString());
  if (note?.version !== 1 || !isObject(note.reason)) return undefined;
  if (isObject(note.object)) return { key, type: "object", note: note as unknown as QuarantineNote };
  if (note.event !== undefined) return { key, type: "event", note: note as unknown as EventNote };
  return typeof note.lines === "string" ? { key, type: "batch", note: note as unknown as BatchNote } : undefined;
}

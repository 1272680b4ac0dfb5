import type { ClsEvent } from "../events/cls-event";
import type { Failure } from "../invocation/failure";
import { keyOf } from "../outputs/key";
import { builtin } from "../tencent/builtin";
import type { QuarantineStore } from "./store";

/** What is left of an event of CLS that was not delivered to the outputs: all of it. Stored as JSON. */
export interface EventNote {
  readonly version: 1;
  /** The event as it came. Invoking the function with it delivers it again. */
  readonly event: unknown;
  readonly reason: Failure;
  /** SCF's id of the invocation, to find its log. */
  readonly requestId: string;
  /** When the note was written, ISO 8601. */
  readonly time: string;
}

/** Writes an event's note, over an older one, in `cls/TOPIC/`. @param read undefined where the event cannot be read */
export async function leaveEvent(store: QuarantineStore, read: ClsEvent | undefined, note: EventNote): Promise<void> {
  await store.putNote(eventKey(store.prefix, read ? pathOf(read) : `unread/${hashOf(note.event)}`), note);
}

/** Removes an event's note, if there is one. */
export async function forgetEvent(store: QuarantineStore, read: ClsEvent): Promise<void> {
  await store.remove(eventKey(store.prefix, pathOf(read)));
}

/** The same for each delivery of the same logs. */
export function pathOf({ topicId, hash }: Pick<ClsEvent, "topicId" | "hash">): string {
  return `${topicId}/${hash}`;
}

function eventKey(prefix: string, path: string): string {
  return keyOf(`${prefix}cls/`, path, ".json");
}

function hashOf(event: unknown): string {
  const text = JSON.stringify(event) ?? "";
  return builtin("node:crypto").createHash("sha256").update(text).digest("hex").slice(0, 32);
}

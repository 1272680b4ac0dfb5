import type { ClsEvent } from "../events/cls-event";
import type { Failure } from "../invocation/failure";
import { keyOf } from "../outputs/key";
import { builtin } from "../tencent/builtin";
import type { Mark } from "./marks";
import type { QuarantineStore } from "./store";

/** The note of a CLS event that was not delivered to the outputs; it contains the whole event. Stored as JSON. */
export interface EventNote {
  readonly version: 1;
  /** For a CLS event its data: invoking the function with it delivers it again. See `keptEvent`. */
  readonly event: unknown;
  readonly reason: Failure | Mark["reason"];
  /** SCF's id of the invocation, to find its log. */
  readonly requestId: string;
  /** When the note was written, ISO 8601. */
  readonly time: string;
  /** Only in a mark. */
  readonly until?: string;
  /** When it first failed, ISO 8601, if it was retried since. */
  readonly since?: string;
}

/** Writes an event's note to `cls/`, replacing an older one. @param path {@link pathOf}, or {@link unreadPathOf} */
export async function leaveEvent(store: QuarantineStore, path: string, note: EventNote): Promise<void> {
  await store.putNote(eventKey(store.prefix, path), note);
}

/** Removes an event's note, if there is one. */
export async function forgetEvent(store: QuarantineStore, read: ClsEvent): Promise<void> {
  await store.remove(eventKey(store.prefix, pathOf(read)));
}

/** The same for each delivery of the same logs. */
export function pathOf({ topicId, hash }: Pick<ClsEvent, "topicId" | "hash">): string {
  return `${topicId}/${hash}`;
}

/** The path of an event that cannot be read. */
export function unreadPathOf(event: unknown): string {
  const text = JSON.stringify(event) ?? "";
  return `unread/${builtin("node:crypto").createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}

function eventKey(prefix: string, path: string): string {
  return keyOf(`${prefix}cls/`, path, ".json");
}

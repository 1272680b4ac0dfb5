import type { ObjectReference } from "../events/cos-event";
import type { Failure } from "../invocation/failure";
import type { Continuation } from "../invocation/pausing";
import { keyOf } from "../outputs/key";
import type { CosAddress } from "../tencent/cos-client";
import type { Mark } from "./marks";
import type { QuarantineStore } from "./store";

/** The note of an object that could not be read to its end, sufficient to read it again. Stored as JSON. */
export interface QuarantineNote {
  readonly version: 1;
  readonly object: Pick<ObjectReference, "bucket" | "region" | "key" | "otherKey" | "versionId" | "eTag">;
  readonly reason: Failure | Mark["reason"] | Unfinished;
  /** How far it was read. A replay delivers everything up to here again. */
  readonly reached: {
    /** Bytes of the stored object. */
    readonly bytes: number;
    /** Lines of its content. */
    readonly line: number;
  };
  /** Number of requests that were sent for the object. */
  readonly attempts: number;
  /** SCF's id of the invocation, to find its log. */
  readonly requestId: string;
  /** When the note was written, ISO 8601. */
  readonly time: string;
  /** Only in a mark. */
  readonly until?: string;
  /** When it first failed, ISO 8601, if it was retried since. */
  readonly since?: string;
  /** For an unfinished object: the backfill that asked for it. */
  readonly backfill?: string;
  /** For an object that several invocations read: where the next one continues. */
  readonly goOn?: Continuation;
}

/** Why an object has a note although nothing failed. */
export interface Unfinished {
  readonly kind: "unfinished";
  readonly code: "UNFINISHED";
  readonly message: string;
}

/** Writes an object's note, replacing an older one. */
export async function leaveObject(store: QuarantineStore, note: QuarantineNote): Promise<void> {
  await store.putNote(noteKey(store.prefix, note.object), note);
}

/** Removes an object's note, if there is one. */
export async function forgetObject(store: QuarantineStore, object: CosAddress): Promise<void> {
  await store.remove(noteKey(store.prefix, object));
}

/**
 * Key of an object's note: always the same, so that a later success finds it. Versions of one key fail and succeed
 * independently, so each has its own note.
 */
export function noteKey(prefix: string, object: CosAddress): string {
  return keyOf(prefix, objectPath(object), ".json");
}

/** The same for each delivery of the same version of an object. */
export function objectPath({ bucket, key, versionId }: CosAddress): string {
  return `${bucket}/${key}${versionId === undefined ? "" : `@${versionId}`}`;
}

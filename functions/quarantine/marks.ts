import type { Failure } from "../invocation/failure";
import { keyOf } from "../outputs/key";
import type { QuarantineStore } from "./store";

/**
 * The reason in a mark, valid once its invocation can no longer run. It is written in advance, so it describes every end
 * for which nothing else could be written.
 */
export const KILLED = {
  kind: "killed",
  code: "KILLED",
  message:
    "the invocation left no other word: it ran into its timeout in code that never waits, ran out of memory, or its " +
    "process ended; or it ended, and could neither write a note nor remove this mark, which its log tells",
} as const;

/** The progress in a mark, which is written before the input is read. */
export const NOT_READ = { reached: { bytes: 0, line: 0 }, attempts: 0 } as const;

/** The contents of every mark, besides what is needed to replay its input. */
export interface Mark {
  readonly reason: typeof KILLED | Failure;
  /** Until when the invocation can still be running, ISO 8601; undefined once it has certainly ended. */
  readonly until?: string;
}

/**
 * Writes the mark of an input before its handling begins, so that a trace is left if the invocation is killed. It is in
 * `started/`; any other end removes it. Resolves to whether a mark certainly existed, which means that an earlier delivery
 * of the input was killed, or is in progress.
 *
 * @param path path of the input, the same for each delivery of it
 */
export async function leaveMark(store: QuarantineStore, path: string, note: object): Promise<boolean> {
  const key = markKey(store.prefix, path);
  const written = await store.putNewNote(key, note);
  if (written !== "new") await store.putNote(key, note);
  return written === "old";
}

/** Replaces an input's mark by one with the result, if its note cannot be written. */
export async function amendMark(store: QuarantineStore, path: string, note: object): Promise<void> {
  await store.putNote(markKey(store.prefix, path), note);
}

/** Removes an input's mark, if there is one. */
export async function removeMark(store: QuarantineStore, path: string): Promise<void> {
  await store.remove(markKey(store.prefix, path));
}

/** Key of an input's mark. */
export function markKey(prefix: string, path: string): string {
  return keyOf(`${prefix}started/`, path, ".json");
}

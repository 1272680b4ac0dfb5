import type { Failure } from "../invocation/failure";
import { keyOf } from "../outputs/key";
import type { QuarantineStore } from "./store";

/**
 * Why a mark is where it is, once its invocation cannot run any more. It is written before, so it says what is true of every
 * end that nothing else could be written of.
 */
export const KILLED = {
  kind: "killed",
  code: "KILLED",
  message:
    "the invocation left no other word: it ran into its timeout in code that never waits, ran out of memory, or its " +
    "process ended; or it ended, and could neither write a note nor remove this mark, which its log tells",
} as const;

/** How far an input was read, in a mark: it is written before. */
export const NOT_READ = { reached: { bytes: 0, line: 0 }, attempts: 0 } as const;

/** What every mark holds, beside what replays its input. */
export interface Mark {
  readonly reason: typeof KILLED | Failure;
  /** Until when the invocation may still be running, ISO 8601; undefined once it is known to have ended. */
  readonly until?: string;
}

/**
 * Writes the mark of an input before work on it begins: what is left of it where the invocation is killed. It lies in
 * `started/`, and whatever ends otherwise removes it. Resolves to whether one was there for certain, so that an earlier
 * delivery of the input was killed, or is at work.
 *
 * @param path of the input, the same for each delivery of it
 */
export async function leaveMark(store: QuarantineStore, path: string, note: object): Promise<boolean> {
  const key = markKey(store.prefix, path);
  const written = await store.putNewNote(key, note);
  if (written !== "new") await store.putNote(key, note);
  return written === "old";
}

/** Writes over an input's mark what became of it, where its own note cannot be written. */
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

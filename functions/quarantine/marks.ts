import { keyOf } from "../outputs/key";
import type { QuarantineStore } from "./store";

/** Why a mark is where it is, once its invocation cannot run any more. */
export const KILLED = {
  kind: "killed",
  code: "KILLED",
  message:
    "the invocation has neither ended nor left another note: it ran into its timeout in code that never waits, " +
    "ran out of memory, or its process ended",
} as const;

/** How far an input was read, in a mark: it is written before. */
export const NOT_READ = { reached: { bytes: 0, line: 0 }, attempts: 0 } as const;

/** What every mark holds, beside what replays its input. */
export interface Mark {
  readonly reason: typeof KILLED;
  /** Until when the invocation may still be running, ISO 8601. */
  readonly until: string;
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

/** Removes an input's mark, if there is one. */
export async function removeMark(store: QuarantineStore, path: string): Promise<void> {
  await store.remove(markKey(store.prefix, path));
}

function markKey(prefix: string, path: string): string {
  return keyOf(`${prefix}started/`, path, ".json");
}

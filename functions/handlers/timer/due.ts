import type { QuarantineNote } from "../../quarantine/objects";

/** A note of any kind, as far as its next try goes. */
export type AnyNote = Pick<QuarantineNote, "time" | "since" | "until"> & {
  readonly reason: { readonly kind?: string; readonly code: string };
};

/** Milliseconds after a failure: SCF's own tries are over by then, or have a mark. */
export const FIRST_PAUSE_MS = 10 * 60_000;

/** Milliseconds after the first failure, beyond which nothing is tried again. */
export const TRIED_FOR_MS = 24 * 3_600_000;

/** What no other try changes: the content is what it is. Others that are permanent, such as a right that is missing, people mend. */
const HOPELESS =
  /^((GZIP|PACKED|JSON)_(TRUNCATED|CORRUPT)|WRONG_CONTENT|NOT_GZIP|CSV_HEADER|NO_RECORDS|START_PATTERN|GZIP_BOMB|LOGS_EVENT|NoSuch(Key|Version))$/;

/** When a note is to be tried again, in milliseconds since the epoch; undefined where it is left to people. */
export function dueAt({ time, since = time, until, reason }: AnyNote): number | undefined {
  if (reason.kind === "unfinished") return 0;
  if (reason.kind === "permanent" && HOPELESS.test(reason.code)) return undefined;
  const failedAt = Date.parse(until ?? time);
  const firstAt = Date.parse(since);
  // Each pause is as long as all before it.
  const due = failedAt + Math.max(FIRST_PAUSE_MS, failedAt - firstAt);
  return Number.isNaN(due) || due - firstAt > TRIED_FOR_MS ? undefined : due;
}

/** Whether the try that fails now is the last one. @param now milliseconds since the epoch */
export function isLastTry(note: AnyNote, now: number): boolean {
  const time = new Date(now).toISOString();
  return dueAt({ reason: note.reason, time, since: note.since ?? note.time }) === undefined;
}

import type { QuarantineNote } from "../../quarantine/objects";

/** The fields of any note that decide when it is retried. */
export type AnyNote = Pick<QuarantineNote, "time" | "since" | "until"> & {
  readonly reason: { readonly kind?: string; readonly code: string };
};

/** Milliseconds after a failure: SCF's own retries are over by then, or have a mark. */
export const FIRST_PAUSE_MS = 10 * 60_000;

/** Milliseconds after the first failure, after which there are no retries. */
export const TRIED_FOR_MS = 24 * 3_600_000;

/** Permanent failures that no retry can change. Others, such as a missing permission, people can fix. */
const HOPELESS =
  /^((GZIP|PACKED|JSON)_(TRUNCATED|CORRUPT)|WRONG_CONTENT|NOT_GZIP|CSV_HEADER|NO_RECORDS|START_PATTERN|GZIP_BOMB|LOGS_EVENT|NoSuch(Key|Version))$/;

/** When a note is to be retried, in milliseconds since the epoch; undefined if it is left to people. */
export function dueAt({ time, since = time, until, reason }: AnyNote): number | undefined {
  if (reason.kind === "unfinished") return 0;
  if (reason.kind === "permanent" && HOPELESS.test(reason.code)) return undefined;
  const failedAt = Date.parse(until ?? time);
  const firstAt = Date.parse(since);
  // Each pause is as long as all pauses before it.
  const due = failedAt + Math.max(FIRST_PAUSE_MS, failedAt - firstAt);
  return Number.isNaN(due) || due - firstAt > TRIED_FOR_MS ? undefined : due;
}

/** Whether the attempt that fails now is the last one. @param now milliseconds since the epoch */
export function isLastTry(note: AnyNote, now: number): boolean {
  const time = new Date(now).toISOString();
  return dueAt({ reason: note.reason, time, since: note.since ?? note.time }) === undefined;
}

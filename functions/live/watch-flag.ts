/**
 * The flag that marks a function as watched: an object in COS. A tail writes and renews it; when it stops, the watch ends
 * by itself. All times are COS's, from the `Date` of its answers.
 */
import { objectIn } from "../runtime/checked-json";

/** Prefix of the flags in their bucket. */
export const WATCH_PREFIX = "live/watch/";

/** Milliseconds for which a tail watches each time it writes the flag. */
export const WATCH_MS = 60_000;

/** Milliseconds after which a tail writes the flag again. */
export const RENEW_MS = 20_000;

/** Milliseconds after which a function looks at its flag again. */
export const LOOK_MS = 5_000;

/** Key of a function's flag. */
export function watchFlagKey({ namespace, function: name }: { namespace: string; function: string }): string {
  return `${WATCH_PREFIX}${namespace}/${name}.json`;
}

/** The flag's content. @param until milliseconds since the epoch, by COS's clock */
export function watchFlagText(until: number): string {
  return JSON.stringify({ until });
}

/** Until when a function is watched, in milliseconds since the epoch by COS's clock; undefined if it is not a flag. */
export function watchedUntil(text: string): number | undefined {
  const until = objectIn(text)?.until;
  return typeof until === "number" && Number.isFinite(until) ? until : undefined;
}

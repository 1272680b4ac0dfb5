import type { ReadNotice } from "../../functions/tencent/topic-reader";
import type { ErrorEvent, TailEvent } from "./events";

/** Something that a person should know while the tail continues. @param time microseconds since the epoch */
export function errorEvent(code: string, message: string, time: number): ErrorEvent {
  return { type: "error", code, message, time, fatal: false };
}

/**
 * The event for an error that reading recovered from; undefined if it is irrelevant.
 *
 * @param what is read, in words
 * @param time microseconds since the epoch
 */
export function eventOfNotice(notice: ReadNotice, what: string, time: number): TailEvent | undefined {
  const told = (code: string, message: string): TailEvent => errorEvent(code, message, time);
  switch (notice.notice) {
    case "disconnected":
      return told("NO_ANSWER", `no answer for the ${what}: ${notice.message}; retrying`);
    case "reconnected":
      return { type: "reconnected", what, time, afterMs: notice.afterMs };
    case "throttled":
      return told("THROTTLED", `CLS throttles requests (${notice.code}) for the ${what}: lines arrive later`);
    case "lost":
      return { type: "lost", reason: "position", time, what };
    case "searching":
      return told("SEARCHING", `the ${what} is read by search, so lines arrive later: ${notice.message}`);
    case "partitions":
      return undefined;
  }
}

import { visibleJson } from "./visible";

/**
 * Typed events of a tail: the command renders them for people, or prints them as NDJSON for programs, and a browser
 * page can show them too. Version 1: within a version, fields are never renamed or changed in meaning, and readers
 * ignore unknown ones.
 */

/** Version of the events, in the `v` of each NDJSON line. */
export const EVENTS_VERSION = 1;

/** The lane of a line: the reporter in the function, or the function's own log. */
export type LaneName = "fast" | "slow";

/** A function, as identified in every event about it. */
export interface OfFunction {
  readonly region: string;
  readonly namespace: string;
  readonly function: string;
}

/** One line of a function's log, or one log of a topic. */
export interface LineEvent extends OfFunction {
  /**
   * `late` if it is shown after lines that were written later: it was missing and came by the other lane, or was sent
   * after the invocation that wrote it.
   */
  readonly type: "line" | "late";
  /** Version of the function; "" if unknown. */
  readonly version: string;
  /**
   * 16 hex digits that identify an instance of the function; "" if only the slow lane is available, which does not
   * contain it.
   */
  readonly instance: string;
  /** Number of its (last) record among all of the instance; 0 in the slow lane. */
  readonly seq: number;
  /** "" for lines written outside an invocation. */
  readonly requestId: string;
  /** When it was written, in microseconds since the epoch. */
  readonly time: number;
  /** `debug`, `info`, `warn`, `error` and the like; "" if unknown. */
  readonly level: string;
  /** `platform` for lines of SCF itself; "" if unknown. */
  readonly stream: "stdout" | "stderr" | "platform" | "";
  /** Without its line end. */
  readonly text: string;
  readonly lane: LaneName;
  /** Milliseconds from writing until it was read here. */
  readonly lagMs: number;
}

/** An invocation, as identified in the events of its start and end. */
interface OfRequest extends OfFunction {
  readonly requestId: string;
  /** Version of the function; omitted if unknown. */
  readonly version?: string;
  /** 16 hex digits, as in its lines; omitted if only the slow lane is available. */
  readonly instance?: string;
}

/** The start of an invocation. */
export interface RequestStarted extends OfRequest {
  readonly type: "request_started";
  /** Microseconds since the epoch. */
  readonly time: number;
  /** Number of SCF's earlier attempts; 0 for the first. */
  readonly retry: number;
}

/** How an invocation ended. `unknown` if SCF's own log is not read, or contains an unknown code. */
export type Outcome = "ok" | "error" | "timeout" | "out_of_memory" | "exited" | "unknown";

/** The end of an invocation. */
export interface RequestFinished extends OfRequest {
  readonly type: "request_finished";
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly outcome: Outcome;
  /** SCF's status code: https://cloud.tencent.com/document/product/583/42611. */
  readonly statusCode?: number;
  readonly durationMs?: number;
  readonly memoryMb?: number;
  readonly memoryLimitMb?: number;
  /** Number of lines that the request wrote, if its reporter sent it. */
  readonly lines?: number;
  /** Its result, or why it failed, from SCF's log: JSON, or a sentence. */
  readonly result?: string;
}

/**
 * Something was not seen.
 *
 * - `gap`: records of an instance never came by the fast lane; the slow lane may still bring their lines, as `late`.
 * - `dropped`: the reporter counted the lines without sending them; the slow lane may still bring them.
 * - `neither`: lines of a completed request came by neither lane.
 * - `position`: CLS no longer stores the records at the position where reading was to continue.
 */
export interface LostEvent extends Partial<OfFunction> {
  readonly type: "lost";
  readonly reason: "gap" | "dropped" | "neither" | "position";
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly instance?: string;
  readonly requestId?: string;
  /** For `gap`: the first and the last missing record. */
  readonly from?: number;
  readonly to?: number;
  /** Number of records (`gap`) or lines; undefined if unknown. */
  readonly count?: number;
  /** For `position`: what is read. */
  readonly what?: string;
}

/** Reading continues after an interruption; missed records are fetched. */
export interface Reconnected {
  readonly type: "reconnected";
  /** What is read, in words. */
  readonly what: string;
  /** Microseconds since the epoch. */
  readonly time: number;
  /** Duration of the interruption in milliseconds. */
  readonly afterMs: number;
}

/** An error that a person should know of; the tail continues unless `fatal`. */
export interface ErrorEvent {
  readonly type: "error";
  /** Stable: `NO_ANSWER`, `MAY_NOT_WATCH`, ... (docs/live.md), or the code of a service. */
  readonly code: string;
  /** What, where, and the remedy. */
  readonly message: string;
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly fatal: boolean;
}

/** What is read of a function from now on: its first event, sent again when that changes. */
export interface TailingEvent extends OfFunction {
  readonly type: "tailing";
  readonly time: number;
  readonly lanes: readonly LaneName[];
}

export type TailEvent =
  LineEvent | RequestStarted | RequestFinished | LostEvent | Reconnected | ErrorEvent | TailingEvent;

/** The event as an NDJSON line, including the line end. It is safe for any terminal. */
export function ndjson(event: TailEvent): string {
  return `${visibleJson(JSON.stringify({ v: EVENTS_VERSION, ...event }))}\n`;
}

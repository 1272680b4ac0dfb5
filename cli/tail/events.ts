import { visibleJson } from "./visible";

/**
 * What a tail tells, as typed events: the command renders them for people, or prints them as NDJSON for programs, and a
 * page in a browser may show the same. Version 1; a field is never renamed or given another meaning within a version,
 * and readers leave alone what they do not know.
 */

/** Version of the events, which each line of NDJSON carries as `v`. */
export const EVENTS_VERSION = 1;

/** Which way a line came: from the reporter in the function, or by the function's own log. */
export type LaneName = "fast" | "slow";

/** A function, as every event about one names it. */
export interface OfFunction {
  readonly region: string;
  readonly namespace: string;
  readonly function: string;
}

/** One line of a function's log, or one log of a topic. */
export interface LineEvent extends OfFunction {
  /**
   * `late` where it is shown after lines that were written later: it was found missing and came by the other lane, or
   * left the function after the invocation that wrote it.
   */
  readonly type: "line" | "late";
  /** Version of the function; "" where it is unknown. */
  readonly version: string;
  /** 16 hex digits, one instance of the function; "" where only the slow lane is there, which does not know it. */
  readonly instance: string;
  /** Number of its (last) record among all of the instance; 0 in the slow lane. */
  readonly seq: number;
  /** "" for what was written outside of an invocation. */
  readonly requestId: string;
  /** Microseconds since the epoch, when it was written. */
  readonly time: number;
  /** `debug`, `info`, `warn`, `error` and the like; "" where nobody knows. */
  readonly level: string;
  /** `platform` for what SCF itself wrote; "" where it is unknown. */
  readonly stream: "stdout" | "stderr" | "platform" | "";
  /** Without its line end. */
  readonly text: string;
  readonly lane: LaneName;
  /** Milliseconds from the writing until it was read here. */
  readonly lagMs: number;
}

/** An invocation, as its begin and its end name it. */
interface OfRequest extends OfFunction {
  readonly requestId: string;
  /** Version of the function; left out where it is unknown. */
  readonly version?: string;
  /** 16 hex digits, as its lines have them; left out where the slow lane alone is there. */
  readonly instance?: string;
}

/** An invocation began. */
export interface RequestStarted extends OfRequest {
  readonly type: "request_started";
  /** Microseconds since the epoch. */
  readonly time: number;
  /** How often SCF tried before; 0 for the first try. */
  readonly retry: number;
}

/** How an invocation ended. `unknown` where SCF's own log is not read, or names a code that is not known here. */
export type Outcome = "ok" | "error" | "timeout" | "out_of_memory" | "exited" | "unknown";

/** An invocation ended. */
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
  /** Lines that the request wrote, where its reporter said so. */
  readonly lines?: number;
  /** What it returned, or why it failed, as SCF's log has it: JSON, or a sentence. */
  readonly result?: string;
}

/**
 * Something was not seen.
 *
 * - `gap`: records of an instance never came by the fast lane; the slow lane may still bring their lines, as `late`.
 * - `dropped`: the reporter counted them and did not send them; the slow lane may still bring them.
 * - `neither`: lines of a request that ended came by no lane.
 * - `position`: CLS keeps no more what stood where the reading was to go on.
 */
export interface LostEvent extends Partial<OfFunction> {
  readonly type: "lost";
  readonly reason: "gap" | "dropped" | "neither" | "position";
  /** Microseconds since the epoch. */
  readonly time: number;
  readonly instance?: string;
  readonly requestId?: string;
  /** Of `gap`: the first and the last record that is missing. */
  readonly from?: number;
  readonly to?: number;
  /** How many records (`gap`) or lines; undefined where nobody knows. */
  readonly count?: number;
  /** Of `position`: what is read. */
  readonly what?: string;
}

/** The reading goes on after an interruption; what was missed is fetched. */
export interface Reconnected {
  readonly type: "reconnected";
  /** What is read, in words. */
  readonly what: string;
  /** Microseconds since the epoch. */
  readonly time: number;
  /** Milliseconds of the interruption. */
  readonly afterMs: number;
}

/** What a person should know, and perhaps do; the tail goes on unless `fatal`. */
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

/** What is read of a function from now on: the first event about it, and told anew when that changes. */
export interface TailingEvent extends OfFunction {
  readonly type: "tailing";
  readonly time: number;
  readonly lanes: readonly LaneName[];
}

export type TailEvent =
  LineEvent | RequestStarted | RequestFinished | LostEvent | Reconnected | ErrorEvent | TailingEvent;

/** The event as a line of NDJSON, with its line end. Any terminal may show it. */
export function ndjson(event: TailEvent): string {
  return `${visibleJson(JSON.stringify({ v: EVENTS_VERSION, ...event }))}\n`;
}

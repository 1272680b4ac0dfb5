import type { ObjectReference } from "../../events/cos-event";
import { Deadline, type ScfContext } from "../../invocation/deadline";
import { failureOf } from "../../invocation/failure";
import type { Continuation } from "../../invocation/pausing";
import { reasonOf } from "../../outputs/output-error";
import { leaveBatchAgain } from "../../quarantine/batches";
import { markKey } from "../../quarantine/marks";
import { objectPath } from "../../quarantine/objects";
import { QuarantineStore } from "../../quarantine/store";
import { logError } from "../../runtime/log";
import { type CatchUpSettings, type PipelineSettings, QUARANTINED } from "../../settings";
import { CosClient } from "../../tencent/cos-client";
import { DEFAULT_RETRY } from "../../tencent/retry";
import { redeliver } from "../redeliver/redeliver";
import type { Action } from "./action";
import { type AnyNote, isLastTry } from "./due";
import { type DueNote, dueNotes, isUnfinished, readNote } from "./notes";
import { readState, type TimerState, writeState } from "./state";
import { sweep } from "./sweep";

/** Summary of a catch-up: logged as one JSON line, and returned. Each input has its usual summary line in addition. */
export interface CatchUpSummary {
  readonly action: Action;
  /** Number of unfinished objects that were continued. */
  continued: number;
  /** Number of notes that were retried, and of those that are still there. */
  redriven: number;
  failedAgain: number;
  /** Number of objects that had never been read. */
  missed: number;
  /** Number of inputs that are left to the next catch-up because time was up. */
  leftOver: number;
  /** Set if another catch-up was still running, so that nothing was done. */
  busy?: true;
  ms: number;
}

/** What a handler does for its trigger, one input at a time. Each throws if SCF would have to retry. */
export interface CatchUpWork {
  /** Reads an object; undefined if the handler reads none. */
  readonly object?: (
    wanted: {
      readonly named: ObjectReference;
      readonly before?: Continuation;
      readonly since?: string;
      /** The backfill that waits for the receipt. */
      readonly backfill?: string;
    },
    context: ScfContext,
  ) => Promise<unknown>;
  /** Handles an event like the trigger's. @param since when it first failed */
  readonly event: (event: unknown, context: ScfContext, since?: string) => Promise<unknown>;
}

/** Minimum milliseconds that must be left to begin another input. */
const LEAST_MS = 10_000;

/** Milliseconds after which an object counts as missed: its event, and SCF's own retries, are over by then. */
const ON_ITS_WAY_MS = 20 * 60_000;

const HOUR_MS = 3_600_000;

/**
 * The catch-up of a pipeline's function, started by its timer. Each input is read as if in its own invocation: one after
 * the other, by the same failure rule, with its own summary. Inputs for which time is too short are left to the next
 * catch-up.
 */
export async function catchUp(
  action: Action,
  context: ScfContext,
  settings: PipelineSettings & { readonly catchUp: CatchUpSettings },
  work: CatchUpWork,
): Promise<CatchUpSummary> {
  const summary: CatchUpSummary = { action, continued: 0, redriven: 0, failedAgain: 0, missed: 0, leftOver: 0, ms: 0 };
  const deadline = new Deadline(context);
  const cos = new CosClient({ network: settings.network });
  const store = new QuarantineStore(cos, settings.quarantine, DEFAULT_RETRY, deadline.notesSignal);
  try {
    await new CatchUp(summary, deadline, { cos, store, context, settings, work }).run();
    return summary;
  } finally {
    cos.close();
    deadline.close();
    summary.ms = deadline.elapsedMs;
    console.log(JSON.stringify(summary));
  }
}

interface Around {
  readonly cos: CosClient;
  readonly store: QuarantineStore;
  readonly context: ScfContext;
  readonly settings: PipelineSettings & { readonly catchUp: CatchUpSettings };
  readonly work: CatchUpWork;
}

/** One catch-up. */
class CatchUp {
  readonly #summary: CatchUpSummary;
  readonly #deadline: Deadline;
  readonly #around: Around;

  constructor(summary: CatchUpSummary, deadline: Deadline, around: Around) {
    this.#summary = summary;
    this.#deadline = deadline;
    this.#around = around;
  }

  async run(): Promise<void> {
    const { store } = this.#around;
    const { action } = this.#summary;
    const before = await readState(store);
    // Two at a time would do the same work.
    if (before?.until !== undefined && before.until > this.#now) {
      this.#summary.busy = true;
      return;
    }
    const began = before?.began ?? this.#now;
    let state: TimerState = { ...before, version: 1, began };
    await writeState(store, { ...state, until: this.#deadline.endsAt });
    try {
      const sweeps = action === "catch-up" || action === "sweep";
      const isFirst = state.owesSweep;
      if (sweeps && isFirst) state = await this.#sweep(state);
      const now = this.#now;
      const due = action === "sweep" ? [] : await dueNotes(store, now, state.lookedAt);
      if (action !== "sweep") state = { ...state, lookedAt: now };
      const asked = due.filter((one) => isAskedFor(one, action));
      for (const one of asked) if (!isMark(one, store)) await this.#retry(one);
      if (sweeps && !isFirst) state = await this.#sweep(state);
      // An input that was killed can end this invocation too, so it comes last.
      for (const one of asked) if (isMark(one, store)) await this.#retry(one);
    } finally {
      await writeState(store, { ...state, until: undefined });
    }
  }

  get #now(): number {
    return Date.now();
  }

  /** Whether there is time for another input; counts those for which there is none. */
  #hasTime(): boolean {
    const { endsAt, startedAt } = this.#deadline;
    const least = Math.min(LEAST_MS, (endsAt - startedAt) / 4);
    if (endsAt - Date.now() > least) return true;
    this.#summary.leftOver++;
    return false;
  }

  /** The context for a single input, which has the remaining time. */
  get #context(): ScfContext {
    const { context } = this.#around;
    return { ...context, getRemainingTimeInMillis: () => Math.max(0, this.#deadline.endsAt - Date.now()) };
  }

  async #retry(due: DueNote): Promise<void> {
    if (!this.#hasTime()) return;
    const { store } = this.#around;
    // The note can be gone by now, or its input can be in progress. An input that was killed has a mark, which is retried
    // in place of its note.
    const fresh = await readNote(store, due.key);
    if (!fresh || fresh.note.time !== due.note.time) return;
    if (fresh.type !== "batch" && !isMark(fresh, store) && (await readNote(store, markOf(fresh, store)))) return;
    if (isUnfinished(fresh)) this.#summary.continued++;
    else this.#summary.redriven++;
    try {
      await this.#work(fresh);
    } catch (error) {
      logError(`it is tried again later: ${failureOf(error).message}`);
    }
    await this.#look(fresh);
  }

  async #work(found: DueNote): Promise<unknown> {
    const { key } = found;
    const { work, settings, store } = this.#around;
    if (found.type === "batch") {
      try {
        return await redeliver({ redeliver: key }, this.#context, settings);
      } catch (error) {
        await leaveBatchAgain(store, key, found.note, reasonOf((error as Error).cause ?? error), this.#now);
        throw error;
      }
    }
    const since = isUnfinished(found) ? undefined : (found.note.since ?? found.note.time);
    if (found.type === "event") return work.event(found.note.event, this.#context, since);
    if (!work.object) throw new Error(`a stream reads no objects, got the note ${key}`);
    const { object: named, goOn: before, backfill } = found.note;
    return work.object({ named, before, since, backfill }, this.#context);
  }

  /** Checks the result of a retry; the last one is logged, because nothing retries after it. */
  async #look({ key }: DueNote): Promise<void> {
    const left = await readNote(this.#around.store, key);
    if (!left || isUnfinished(left)) return;
    this.#summary.failedAgain++;
    const note = left.note as AnyNote;
    if (isLastTry(note, this.#now)) logError(`${QUARANTINED} ${key}: it was tried for a day; it is left to people now`);
  }

  async #sweep(state: TimerState): Promise<TimerState> {
    const { cos, store, settings, work } = this.#around;
    const { sweep: places, lookbackHours } = settings.catchUp;
    if (!places || !work.object) return state;
    if (!this.#hasTime()) return { ...state, owesSweep: true };
    const now = this.#now;
    const window = {
      from: Math.max(state.began, now - lookbackHours * HOUR_MS),
      to: now - ON_ITS_WAY_MS,
      keptFrom: now - (lookbackHours + 1) * HOUR_MS,
    };
    const roundBegan = state.sweptTo ? (state.roundBegan ?? now) : now;
    if (now - roundBegan > lookbackHours * HOUR_MS) {
      logError(
        `the sweep must come round in lookbackHours (${lookbackHours}), got longer; raise everyMinutes' pace or lookbackHours`,
      );
    }
    const { missing, sweptTo } = await sweep(cos, store, places, window, state.sweptTo, this.#deadline.signal);
    for (const named of missing) {
      if (!this.#hasTime()) continue;
      this.#summary.missed++;
      try {
        await work.object({ named }, this.#context);
      } catch (error) {
        logError(`it is tried again later: ${failureOf(error).message}`);
      }
    }
    const swept = { ...state, roundBegan, owesSweep: undefined };
    // Inputs for which there was no time are found again.
    return this.#summary.leftOver > 0 ? swept : { ...swept, sweptTo };
  }
}

/** Key of the mark of a note's input. */
function markOf(found: DueNote, { prefix }: QuarantineStore): string {
  const path = found.key.slice(prefix.length, -".json".length);
  return markKey(prefix, found.type === "object" ? objectPath(found.note.object) : path);
}

function isMark({ key }: DueNote, { prefix }: QuarantineStore): boolean {
  return key.startsWith(`${prefix}started/`);
}

function isAskedFor(found: DueNote, action: Action): boolean {
  return action === "catch-up" || (action === "continue") === isUnfinished(found);
}

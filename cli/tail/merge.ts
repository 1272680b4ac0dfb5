import type { LiveLine, LiveRecord } from "../../functions/live/record";
import type { LaneName, LineEvent, OfFunction, RequestFinished, TailEvent } from "./events";
import { levelName } from "./level";
import { Instance, type Written } from "./instance";
import { FunctionState } from "./function-state";
import type { Request, ScfLine } from "./request";
import type { ScfLog } from "./scf-log";
import { OrderWindow } from "./window";

/** Milliseconds that a line of the slow lane waits for the fast lane. */
export const HOLD_MS = 3_000;

/** Milliseconds after SCF's end of a request in which the rest of the fast lane can arrive. */
export const GRACE_MS = 1_500;

/** Maximum known instances. */
const MAX_INSTANCES = 10_000;

/**
 * Merges both lanes into one stream of events: each line once, from whichever lane is first, in order for each
 * instance. It uses neither clock nor network: callers pass the time, in milliseconds.
 */
export class Merge {
  readonly #window: OrderWindow;
  readonly #functions = new Map<string, FunctionState>();
  readonly #instances = new Map<string, { readonly instance: Instance; readonly state: FunctionState }>();

  /** @param windowMs time in which several writers are ordered; 0 shows everything on arrival */
  constructor(windowMs: number) {
    this.#window = new OrderWindow(windowMs);
  }

  /** Sets a function's lanes from now on; by default it has both. */
  setLanes(of: OfFunction, lanes: readonly LaneName[]): void {
    this.#stateOf(of).lanes = new Set(lanes);
  }

  /** Takes a record of the fast lane. */
  fast(record: LiveRecord, region: string, now: number): void {
    const { function: name, namespace, instance: id } = record;
    const state = this.#stateOf({ region, namespace, function: name });
    const key = `${keyOf(state.of)}/${id}`;
    let known = this.#instances.get(key);
    if (!known) {
      known = { instance: new Instance(), state };
      this.#instances.set(key, known);
      if (this.#instances.size > MAX_INSTANCES) this.#forgetAnInstance();
    }
    this.#take(state, id, known.instance.take(record, now), now);
  }

  /** Takes a log of the slow lane. @param id of the log, to detect repeats */
  slow(log: ScfLog, id: string, region: string, now: number): void {
    const state = this.#stateOf({ region, namespace: log.namespace, function: log.function });
    const request = state.requestOfLog(log, now);
    if (request.isRepeat(id)) return;
    this.#startRequest(state, request, log, now);
    const isAlone = !state.lanes.has("fast");
    if (log.kind === "line" && isAlone && !request.hasReporter) {
      this.#showSlow(state, request, log, false, now);
    } else if (log.kind === "line") {
      request.takeSlow(log, now);
      // If the fast lane has ended, everything from it is known, so there is nothing to wait for.
      if (isAlone || request.isClosed) this.#showMissing(state, request, now, now);
    } else if (log.kind === "result") {
      request.result = log.text;
    } else if (log.kind !== "start") {
      request.endedAt = now;
      if (log.kind === "report") request.report = log;
    }
  }

  /** Takes a line without a function. @param writer whose order is kept */
  pass(writer: string, event: LineEvent, now: number): void {
    this.#window.insert(writer, event, now);
  }

  /**
   * What is to be shown by now.
   *
   * @param isBehind whether earlier records of the fast lane may still be unread, so that gaps are not certain yet
   */
  take(now: number, isBehind = false): TailEvent[] {
    for (const [key, { instance, state }] of this.#instances) {
      if (!instance.isIdle) this.#take(state, key.slice(key.lastIndexOf("/") + 1), instance.due(now, isBehind), now);
    }
    for (const state of this.#functions.values()) {
      for (const request of state.open) this.#advance(state, request, now);
      state.forgetOld(now);
    }
    return this.#window.take(now);
  }

  /** Everything that is held, at the end of the tail. */
  flush(now: number): TailEvent[] {
    for (const [key, { instance, state }] of this.#instances) {
      this.#take(state, key.slice(key.lastIndexOf("/") + 1), instance.flush(now), now);
    }
    for (const state of this.#functions.values()) {
      for (const request of state.open) {
        this.#showMissing(state, request, Infinity, now);
        if (request.endedAt !== undefined) this.#close(state, request, now);
      }
    }
    return this.#window.take(Infinity);
  }

  #stateOf(of: OfFunction): FunctionState {
    const key = keyOf(of);
    let state = this.#functions.get(key);
    if (!state) this.#functions.set(key, (state = new FunctionState(of)));
    return state;
  }

  #requestOfRecord(state: FunctionState, record: LiveRecord, now: number): Request {
    const request = state.requestOfRecord(record, now);
    this.#startRequest(state, request, { time: record.time, retry: state.triesBefore(request) }, now);
    return request;
  }

  /** Forgets the oldest instance: a later record of it counts as that of a new one. */
  #forgetAnInstance(): void {
    for (const [key, { instance }] of this.#instances) {
      if (!instance.isIdle) continue;
      this.#instances.delete(key);
      return;
    }
  }

  #take(state: FunctionState, instance: string, written: readonly Written[], now: number): void {
    for (const one of written) {
      if (one.kind === "line") this.#takeLine(state, one.line, one.isLate, now);
      else if (one.kind === "end") this.#takeEnd(state, one.end, now);
      else if (one.kind === "dropped") {
        const { requestId, time, lines } = one.dropped;
        const lost = { type: "lost", reason: "dropped", ...state.of, instance, requestId, time, count: lines } as const;
        this.#window.push(instance, lost, now);
      } else {
        const { from, to, time } = one;
        const count = to - from + 1;
        const lost = { type: "lost", reason: "gap", ...state.of, instance, time, from, to, count } as const;
        this.#window.push(instance, lost, now);
      }
    }
  }

  #takeLine(state: FunctionState, line: LiveLine, isLate: boolean, now: number): void {
    const { requestId, instance, time } = line;
    if (requestId === "") {
      if (!state.takeLoose(line)) return;
      isLate ||= state.hasShownSince(line);
    } else {
      const request = this.#requestOfRecord(state, line, now);
      if (!request.takeFast(line)) return;
      isLate ||= request.hasShownSince(time);
    }
    const { version, seq, stream, text } = line;
    const level = levelName(line.level);
    const type = isLate ? "late" : "line";
    const lagMs = lagOf(time, now);
    const event: LineEvent = {
      ...{ type, ...state.of, version, instance, seq, requestId, time, level, stream, text, lane: "fast", lagMs },
    };
    this.#window.push(instance, event, now);
  }

  #takeEnd(state: FunctionState, end: LiveRecord & { kind: "end" }, now: number): void {
    if (end.requestId === "") return;
    const request = this.#requestOfRecord(state, end, now);
    request.lines = end.lines;
    request.endSeq = end.seq;
  }

  #startRequest(
    state: FunctionState,
    request: Request,
    { time, retry }: Pick<ScfLog, "time" | "retry">,
    now: number,
  ): void {
    if (request.isStartTold) return;
    request.isStartTold = true;
    this.#push(request, { type: "request_started", ...state.of, ...nameOf(request), time, retry }, now);
  }

  /** Updates a request because time has passed. */
  #advance(state: FunctionState, request: Request, now: number): void {
    if (request.hasHeldSince(now - HOLD_MS)) this.#showMissing(state, request, now - HOLD_MS, now);
    if (this.#mayClose(state, request, now)) {
      this.#showMissing(state, request, now, now);
      this.#close(state, request, now);
    }
  }

  #mayClose({ lanes }: FunctionState, request: Request, now: number): boolean {
    if (!lanes.has("slow")) return request.lines !== undefined;
    if (request.endedAt === undefined) return false;
    if (!lanes.has("fast")) return request.report !== undefined || now - request.endedAt >= GRACE_MS;
    if (request.isComplete && request.report) return true;
    return now - Math.max(request.endedAt, request.lastAt) >= GRACE_MS;
  }

  #close(state: FunctionState, request: Request, now: number): void {
    state.close(request);
    const { id: requestId, lines, report, result } = request;
    const missing = (lines ?? 0) - request.fastCount - request.slowCount;
    const time = report?.time ?? now * 1000;
    if (missing > 0 && state.lanes.has("slow")) {
      const lost = { type: "lost", reason: "neither", ...state.of, requestId, time, count: missing } as const;
      this.#push(request, { ...lost, instance: request.instance }, now);
    }
    const { outcome = "unknown", statusCode, durationMs, memoryMb, memoryLimitMb } = report ?? {};
    const finished: RequestFinished = { type: "request_finished", ...state.of, ...nameOf(request), time, outcome };
    this.#push(
      request,
      { ...finished, ...given({ statusCode, durationMs, memoryMb, memoryLimitMb, lines, result }) },
      now,
    );
  }

  /** Shows what the slow lane has brought, and the fast lane has not. */
  #showMissing(state: FunctionState, request: Request, cameBefore: number, now: number): void {
    const isLate = request.hasReporter && state.lanes.has("fast");
    const missing = request.takeMissing(cameBefore, state.looseOf(request));
    for (const line of missing) this.#showSlow(state, request, line, isLate, now);
  }

  #showSlow(state: FunctionState, request: Request, line: ScfLine, isLate: boolean, now: number): void {
    const { version, requestId, time, level, text, isPlatform } = line;
    const event: LineEvent = {
      type: isLate && !isPlatform ? "late" : "line",
      ...{ ...state.of, version, instance: request.instance, seq: 0, requestId, time, level },
      ...{ stream: isPlatform ? "platform" : "", text, lane: "slow", lagMs: lagOf(time, now) },
    };
    this.#push(request, event, now);
  }

  /** Events of a request keep the order of its instance; if that is unknown, they are ordered by time. */
  #push({ id, instance }: Request, event: TailEvent, now: number): void {
    if (instance === "") this.#window.insert(`request ${id}`, event, now);
    else this.#window.push(instance, event, now);
  }
}

function keyOf({ region, namespace, function: name }: OfFunction): string {
  return `${region}/${namespace}/${name}`;
}

function nameOf({
  id: requestId,
  version,
  instance,
}: Request): Pick<RequestFinished, "requestId" | "version" | "instance"> {
  return { requestId, ...(version !== "" && { version }), ...(instance !== "" && { instance }) };
}

function lagOf(time: number, now: number): number {
  return Math.round(now - time / 1000);
}

/** The defined fields. */
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

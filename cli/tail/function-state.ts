import type { LiveLine, LiveRecord } from "../../functions/live/record";
import type { LaneName, OfFunction } from "./events";
import { type FastLine, Request } from "./request";
import type { ScfLog } from "./scf-log";

/**
 * Milliseconds for which a request is remembered after its end, since what its instance could not send comes with the next
 * invocation; how many are; and after how long one is given up that never ends.
 */
const REMEMBERED_MS = 3_600_000;
const MAX_CLOSED = 10_000;
const FORGOTTEN_MS = 3_600_000;

/** Lines outside of requests that the slow lane is compared with. */
const MAX_LOOSE = 5_000;

/** What is known of one function: its lanes, and its requests. */
export class FunctionState {
  readonly of: OfFunction;
  lanes: ReadonlySet<LaneName> = new Set(["fast", "slow"]);
  /** Requests that go on. */
  readonly open = new Set<Request>();
  /** Those that ended, in the order of their ends. */
  readonly #closed = new Set<Request>();
  /** By its id, the runs of a request that are remembered: SCF tries again what failed. */
  readonly #runs = new Map<string, Request[]>();
  /** Lines of the fast lane that were written outside of requests. */
  #loose: (FastLine & { readonly instance: string })[] = [];

  constructor({ region, namespace, function: name }: OfFunction) {
    this.of = { region, namespace, function: name };
  }

  /** The request that a record of the fast lane is of. */
  requestOfRecord(record: LiveRecord, now: number): Request {
    const runs = this.#runs.get(record.requestId) ?? [];
    const last = runs.at(-1);
    const earlier = record.late ? runs.find((run) => !run.isOfAnotherRun(record)) : undefined;
    const request = earlier ?? (last && !last.isOfAnotherRun(record) ? last : this.#begin(record.requestId, now));
    request.instance = record.instance;
    request.version ||= record.version;
    request.lastAt = now;
    return request;
  }

  /** The request that a log of the slow lane is of. */
  requestOfLog({ requestId, retry, version }: ScfLog, now: number): Request {
    const runs = this.#runs.get(requestId) ?? [];
    const known = runs.find((run) => run.retry === retry) ?? runs.find((run) => run.retry === undefined);
    const request = known ?? this.#begin(requestId, now);
    request.retry = retry;
    request.version ||= version;
    request.lastAt = now;
    return request;
  }

  /** How often SCF had tried the request before, as far as was seen. */
  triesBefore(request: Request): number {
    return request.retry ?? Math.max(0, this.#runs.get(request.id)?.indexOf(request) ?? 0);
  }

  /** Takes a line that was written outside of requests; returns whether it is new. */
  takeLoose({ text, seq, instance }: LiveLine): boolean {
    for (const requests of [this.open, this.#closed]) {
      for (const request of requests) if (request.isAlreadyShown(text)) return false;
    }
    this.#loose.push({ text, seq, instance, isMatched: false });
    if (this.#loose.length > MAX_LOOSE) this.#loose = this.#loose.slice(MAX_LOOSE / 2);
    return true;
  }

  /** Whether the slow lane has shown what the instance may have written later. */
  hasShownSince({ time, instance }: LiveLine): boolean {
    for (const requests of [this.open, this.#closed]) {
      for (const request of requests) {
        const mayBeOf = request.instance === "" || request.instance === instance;
        if (mayBeOf && request.hasShownSince(time)) return true;
      }
    }
    return false;
  }

  /** Lines outside of requests that SCF may have in this one. */
  looseOf({ instance }: Request): FastLine[] {
    this.#loose = this.#loose.filter(({ isMatched }) => !isMatched);
    return this.#loose.filter((line) => instance === "" || line.instance === instance);
  }

  close(request: Request): void {
    request.isClosed = true;
    this.open.delete(request);
    this.#closed.add(request);
  }

  forgetOld(now: number): void {
    for (const request of this.#closed) {
      if (now - request.lastAt <= REMEMBERED_MS && this.#closed.size <= MAX_CLOSED) break;
      this.#forget(request);
    }
    for (const request of this.open) if (now - request.lastAt > FORGOTTEN_MS) this.#forget(request);
  }

  #begin(id: string, now: number): Request {
    const request = new Request(id, now);
    this.open.add(request);
    const runs = this.#runs.get(id);
    if (runs) runs.push(request);
    else this.#runs.set(id, [request]);
    return request;
  }

  #forget(request: Request): void {
    this.open.delete(request);
    this.#closed.delete(request);
    const left = this.#runs.get(request.id)?.filter((run) => run !== request) ?? [];
    if (left.length > 0) this.#runs.set(request.id, left);
    else this.#runs.delete(request.id);
  }
}

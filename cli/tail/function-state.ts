import type { LiveLine, LiveRecord } from "../../functions/live/record";
import type { LaneName, OfFunction } from "./events";
import { type FastLine, Request } from "./request";
import type { ScfLog } from "./scf-log";

/**
 * Milliseconds for which a request is remembered after its end, because its instance sends what it could not send
 * before with the next invocation; maximum remembered requests; and the time after which a request without an end is
 * forgotten.
 */
const REMEMBERED_MS = 3_600_000;
const MAX_CLOSED = 10_000;
const FORGOTTEN_MS = 3_600_000;

/** Maximum lines outside requests that are compared with the slow lane. */
const MAX_LOOSE = 5_000;

/** State of one function: its lanes and its requests. */
export class FunctionState {
  readonly of: OfFunction;
  lanes: ReadonlySet<LaneName> = new Set(["fast", "slow"]);
  /** Requests in progress. */
  readonly open = new Set<Request>();
  /** Completed requests, in order of completion. */
  readonly #closed = new Set<Request>();
  /** The remembered runs of each request by id: SCF retries failed requests. */
  readonly #runs = new Map<string, Request[]>();
  /** Lines of the fast lane that were written outside requests. */
  #loose: (FastLine & { readonly instance: string })[] = [];

  constructor({ region, namespace, function: name }: OfFunction) {
    this.of = { region, namespace, function: name };
  }

  /** The request of a record in the fast lane. */
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

  /** The request of a log in the slow lane. */
  requestOfLog({ requestId, retry, version }: ScfLog, now: number): Request {
    const runs = this.#runs.get(requestId) ?? [];
    const known = runs.find((run) => run.retry === retry) ?? runs.find((run) => run.retry === undefined);
    const request = known ?? this.#begin(requestId, now);
    request.retry = retry;
    request.version ||= version;
    request.lastAt = now;
    return request;
  }

  /** Number of SCF's earlier attempts of the request, as far as observed. */
  triesBefore(request: Request): number {
    return request.retry ?? Math.max(0, this.#runs.get(request.id)?.indexOf(request) ?? 0);
  }

  /** Takes a line that was written outside requests; returns whether it is new. */
  takeLoose({ text, seq, instance }: LiveLine): boolean {
    for (const requests of [this.open, this.#closed]) {
      for (const request of requests) if (request.isAlreadyShown(text)) return false;
    }
    this.#loose.push({ text, seq, instance, isMatched: false });
    if (this.#loose.length > MAX_LOOSE) this.#loose = this.#loose.slice(MAX_LOOSE / 2);
    return true;
  }

  /** Whether the slow lane has shown lines that the instance may have written later. */
  hasShownSince({ time, instance }: LiveLine): boolean {
    for (const requests of [this.open, this.#closed]) {
      for (const request of requests) {
        const mayBeOf = request.instance === "" || request.instance === instance;
        if (mayBeOf && request.hasShownSince(time)) return true;
      }
    }
    return false;
  }

  /** Lines outside requests that SCF may include in this one. */
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

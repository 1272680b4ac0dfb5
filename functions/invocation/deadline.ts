/**
 * The used part of SCF's context (https://cloud.tencent.com/document/product/583/11060). For a function with a role, its
 * `environment` contains the credentials: never log it.
 */
export interface ScfContext {
  callbackWaitsForEmptyEventLoop?: boolean;
  readonly request_id?: string;
  readonly time_limit_in_ms?: number;
  readonly getRemainingTimeInMillis?: () => number;
}

/** The function's time is nearly up. */
export class DeadlineError extends Error {
  override readonly name = "DeadlineError";
  readonly code = "DEADLINE";
}

/** Milliseconds that are reserved for notes and the summary. */
const RESERVE_MS = 5_000;

/** Milliseconds that outputs get to store what they hold of an input that is left to the next invocation. */
const PAUSE_MS = 20_000;

/** Maximum run time of a function. */
const LONGEST_RUN_MS = 900_000;

/** The time limits of one invocation. Close it: its timers keep the process alive. */
export class Deadline {
  /** Aborts with a {@link DeadlineError} when reading must stop, some seconds before the end. */
  readonly signal: AbortSignal;
  /** Aborts when writing notes must stop, too. */
  readonly notesSignal: AbortSignal;
  /** When {@link signal} aborts, in milliseconds since the epoch; Infinity if the function has no time limit. */
  readonly workEndsAt: number;
  /** When an input should be left to the next invocation, while outputs still have time to store what they hold. */
  readonly pausesAt: number;
  /** Start of the invocation, in milliseconds since the epoch. */
  readonly startedAt = Date.now();
  /** When SCF ends the invocation, in milliseconds since the epoch. */
  readonly endsAt: number;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #work = new AbortController();

  constructor(context: ScfContext) {
    const remaining = context.getRemainingTimeInMillis?.() ?? context.time_limit_in_ms ?? Infinity;
    this.endsAt = this.startedAt + Math.min(remaining, LONGEST_RUN_MS);
    // A function with a short time limit reserves a quarter of it.
    const reserve = Math.min(RESERVE_MS, remaining / 4);
    this.workEndsAt = this.startedAt + remaining - reserve;
    this.pausesAt = this.workEndsAt - Math.min(PAUSE_MS, remaining / 4);
    this.signal = this.#abortAfter(remaining - reserve, "work", this.#work);
    this.notesSignal = this.#abortAfter(remaining - reserve / 5, "note");
  }

  /** Ends the work early. */
  abort(reason: Error): void {
    this.#work.abort(reason);
  }

  /** Milliseconds since the start. */
  get elapsedMs(): number {
    return Date.now() - this.startedAt;
  }

  close(): void {
    this.#timers.forEach(clearTimeout);
  }

  #abortAfter(milliseconds: number, what: string, controller = new AbortController()): AbortSignal {
    if (Number.isFinite(milliseconds)) {
      const message =
        `the ${what} must end before the function's timeout, got no further in ${Math.round(milliseconds)} ms; ` +
        `raise timeoutSeconds, or send less at once or to a faster output`;
      this.#timers.push(setTimeout(() => controller.abort(new DeadlineError(message)), milliseconds));
    }
    return controller.signal;
  }
}

import { LinkedAbort } from "../runtime/linked-abort";

/** An output took all the time that it may have: what it has not sent yet is kept in quarantine. */
export class OutputTimeError extends Error {
  override readonly name = "OutputTimeError";
  readonly code = "LOGS_OUTPUT_TIME";
}

/** The share of an invocation's time for which an output may hold up others, which must have time as well. */
const SHARE_OF_OTHERS = 1 / 2;

/** Milliseconds that must be left for putting aside what was not sent. */
function reserveOf(leftMs: number): number {
  return Math.min(leftMs / 4, Math.max(leftMs / 10, 10_000));
}

/**
 * The time of an output within an invocation: how long it may hold up whoever fills it, and when it must have ended. What
 * is under way then is given up, so that one slow destination neither takes the time of others nor fails the input.
 */
export class TimeBudget {
  readonly #abort: LinkedAbort;
  readonly #endsAt: number;
  #holdUpMs: number;

  /**
   * @param signal of the invocation's work
   * @param leftMs milliseconds until that must end; Infinity where nothing limits it
   * @param hasOthers whether others wait for this output
   */
  constructor(signal: AbortSignal, leftMs: number, hasOthers: boolean) {
    this.#abort = new LinkedAbort(signal);
    const ownMs = Number.isFinite(leftMs) ? leftMs - reserveOf(leftMs) : Infinity;
    this.#endsAt = Date.now() + ownMs;
    this.#holdUpMs = hasOthers ? leftMs * SHARE_OF_OTHERS : ownMs;
  }

  /** Aborts with an {@link OutputTimeError} when the time is up, and as the invocation's does. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Waits for room, which holds up the others. */
  async holdUp(work: Promise<unknown>): Promise<void> {
    const startedAt = Date.now();
    await this.#within(Math.min(this.#holdUpMs, this.#endsAt - startedAt), work);
    this.#holdUpMs -= Date.now() - startedAt;
  }

  /** Waits for the end of all, beside the others. */
  async finish(work: Promise<unknown>): Promise<void> {
    try {
      await this.#within(this.#endsAt - Date.now(), work);
    } finally {
      this.release();
    }
  }

  /** To be called when nothing is sent any more. */
  release(): void {
    this.#abort.release();
  }

  async #within(milliseconds: number, work: Promise<unknown>): Promise<void> {
    if (!Number.isFinite(milliseconds)) return void (await work);
    const end = (): void =>
      this.#abort.abort(
        new OutputTimeError("it must take its records while there is time for the others, got no further"),
      );
    const timer = setTimeout(end, Math.max(0, milliseconds));
    try {
      await work;
    } finally {
      clearTimeout(timer);
    }
  }
}

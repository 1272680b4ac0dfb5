import { LinkedAbort } from "../runtime/linked-abort";

/** An output used up its time: records that it has not sent yet are kept in quarantine. */
export class OutputTimeError extends Error {
  override readonly name = "OutputTimeError";
  readonly code = "LOGS_OUTPUT_TIME";
}

/** The share of an invocation's time for which an output can hold up others. */
const SHARE_OF_OTHERS = 1 / 2;

/** Milliseconds that must be left for writing unsent records to quarantine. */
function reserveOf(leftMs: number): number {
  return Math.min(leftMs / 4, Math.max(leftMs / 10, 10_000));
}

/**
 * The time of an output within an invocation: how long it can hold up its producer, and when it must end. Work in progress
 * is then given up, so that a slow destination neither takes the time of others nor fails the input.
 */
export class TimeBudget {
  readonly #abort: LinkedAbort;
  readonly #endsAt: number;
  #holdUpMs: number;

  /**
   * @param signal signal of the invocation's work
   * @param leftMs milliseconds until that must end; Infinity without a limit
   * @param hasOthers whether others wait for this output
   */
  constructor(signal: AbortSignal, leftMs: number, hasOthers: boolean) {
    this.#abort = new LinkedAbort(signal);
    const ownMs = Number.isFinite(leftMs) ? leftMs - reserveOf(leftMs) : Infinity;
    this.#endsAt = Date.now() + ownMs;
    this.#holdUpMs = hasOthers ? leftMs * SHARE_OF_OTHERS : ownMs;
  }

  /** Aborts with an {@link OutputTimeError} when the time is up, and when the invocation's signal aborts. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Waits for room, which holds up the others. */
  async holdUp(work: Promise<unknown>): Promise<void> {
    const startedAt = Date.now();
    await this.#within(Math.min(this.#holdUpMs, this.#endsAt - startedAt), work);
    this.#holdUpMs -= Date.now() - startedAt;
  }

  /** Waits until everything is sent, in parallel with the others. */
  async finish(work: Promise<unknown>): Promise<void> {
    try {
      await this.#within(this.#endsAt - Date.now(), work);
    } finally {
      this.release();
    }
  }

  /** Call it when nothing is sent any more. */
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

import { leaveBatch } from "../quarantine/batches";
import type { OutputReport } from "../records/contracts";
import { LinkedAbort } from "../runtime/linked-abort";
import { logError } from "../runtime/log";
import { QUARANTINED } from "../settings";
import { mayRetry, waitBeforeRetry } from "../tencent/retry";
import { ServiceError } from "../tencent/service-error";
import type { Breaker } from "./breaker";
import type { OutputContext } from "./context";
import { OutputError, reasonOf } from "./output-error";
import type { Parcel } from "./parcel";
import { PartlyTakenError } from "./partly-taken";
import { OutputTimeError, TimeBudget } from "./time-budget";

/** Maximum bytes of parcels that wait or are in progress while more are filled. A larger one waits alone. */
const MAX_WAITING_BYTES = 1024 * 1024;

/** Number of unsent parcels that are written to quarantine at once: there can be many, and little time. */
const MAX_LEAVING = 4;

/** Timeout in milliseconds for a probe of an output that was down. */
const PROBE_MS = 2_000;

/** The examined properties of a failed request. */
interface Failed {
  readonly transient?: boolean;
  readonly tooLarge?: boolean;
  readonly retryAfterMs?: number;
}

/**
 * Sends the parcels of one output, one after the other, while the next are filled. The number of waiting bytes is limited,
 * so that a slow destination slows the producer instead of filling memory; the time that it can take is limited, too.
 *
 * A failed parcel is retried, in halves if it was too large; then the output's failure policy applies. If that is
 * quarantine, no more is sent to the output for a while once all attempts of a parcel have failed.
 */
export class Sender {
  readonly #context: OutputContext;
  readonly #breaker: Breaker;
  readonly #time: TimeBudget;
  /** Parcels that wait or are in progress, the oldest first. */
  readonly #waiting: { readonly bytes: number; readonly sent: Promise<void> }[] = [];
  #last: Promise<void> = Promise.resolve();
  /** Parcels that are being written to quarantine without having been sent. */
  readonly #leaving = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;
  #records = 0;
  #bytes = 0;
  #retries = 0;
  #quarantined = 0;

  constructor(context: OutputContext) {
    this.#context = context;
    this.#breaker = context.connections.breaker(context.output);
    const leftMs = this.#mayLeave ? context.endsAt - Date.now() : Infinity;
    this.#time = new TimeBudget(context.signal, leftMs, context.hasOthers);
  }

  /** Resolves when there is room for more. */
  async push(parcel: Parcel): Promise<void> {
    while (this.#waiting.length > 0 && this.#waitingBytes + parcel.bytes > MAX_WAITING_BYTES) {
      await this.#time.holdUp(this.#waiting[0].sent);
    }
    // The next push, or the end, gets the error.
    if (this.#failure) throw this.#failure.error;
    const sent = this.#last.then(() => this.#deliver(parcel));
    this.#waiting.push({ bytes: parcel.bytes, sent });
    this.#last = sent;
    sent.then(
      () => void this.#waiting.shift(),
      (error: unknown) => (this.#failure ??= { error }),
    );
  }

  /** Resolves when all parcels have arrived, or are in quarantine. */
  async end(): Promise<void> {
    await this.#time.finish(this.#last);
    await Promise.all(this.#leaving);
    if (this.#failure) throw this.#failure.error;
  }

  /** Resolves when no work is in progress, once the signal is aborted. */
  async ended(): Promise<void> {
    await this.#last.catch(() => undefined);
    await Promise.allSettled(this.#leaving);
    this.#time.release();
  }

  report(): OutputReport {
    return {
      records: this.#records,
      bytes: this.#bytes,
      ...(this.#retries > 0 && { retries: this.#retries }),
      ...(this.#quarantined > 0 && { quarantined: this.#quarantined }),
    };
  }

  get #waitingBytes(): number {
    return this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get #mayLeave(): boolean {
    return this.#context.onFailure === "quarantine";
  }

  async #deliver(parcel: Parcel): Promise<void> {
    this.#context.signal.throwIfAborted();
    const down = this.#mayLeave ? this.#breaker.refusal() : undefined;
    if (down !== undefined) return this.#leaveBeside(parcel, down);
    try {
      this.#bytes += await this.#send(parcel);
      this.#records += parcel.records;
      this.#breaker.close();
    } catch (error) {
      this.#context.signal.throwIfAborted();
      await this.#settle(parcel, error);
    }
  }

  /** Handles a parcel that could not be sent. */
  async #settle(parcel: Parcel, error: unknown): Promise<void> {
    const { transient, tooLarge, retryAfterMs } = error as Failed;
    // A service that refuses this parcel because of its contents is up again.
    if (transient === false) this.#breaker.close();
    const halves = tooLarge ? parcel.halves?.() : undefined;
    if (halves) {
      for (const half of halves) await this.#deliver(half);
      return;
    }
    if (!this.#mayLeave && !this.#isTakenButForRefused(parcel, error)) {
      throw new OutputError(this.#context.output, error);
    }
    // An output that used up its time would use up as much of the next input's.
    if (transient || error instanceof OutputTimeError) this.#breaker.open(error, retryAfterMs);
    const notTaken = parcel.notTaken?.(error) ?? [{ parcel, error }];
    this.#records += parcel.records - notTaken.reduce((sum, { parcel: { records } }) => sum + records, 0);
    if (error instanceof PartlyTakenError) this.#bytes += error.bytes;
    for (const one of notTaken) await this.#leave(one.parcel, one.error);
  }

  /** Whether a redelivery has done all it can: only refused records are left, and somebody must look at the reasons. */
  #isTakenButForRefused(parcel: Parcel, error: unknown): boolean {
    const isPart = error instanceof PartlyTakenError && error.waiting.length === 0;
    return this.#context.isRedelivery === true && isPart && error.refused.length < parcel.records;
  }

  async #send(parcel: Parcel): Promise<number> {
    if (this.#breaker.isOpen && this.#mayLeave) return this.#probe(parcel);
    const { signal } = this.#time;
    const { retry } = this.#context;
    for (let failures = 1; ; failures++) {
      try {
        signal.throwIfAborted();
        await parcel.turn?.(signal);
        return await parcel.send(signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!mayRetry(retry, failures, error)) throw error;
        this.#retries++;
        await waitBeforeRetry(retry, failures, signal, error);
      }
    }
  }

  /** Sends once, with a short timeout: success shows that the output is up again. The wait for its turn does not count. */
  async #probe(parcel: Parcel): Promise<number> {
    await parcel.turn?.(this.#time.signal);
    const moment = new LinkedAbort(this.#time.signal);
    const slow = new ServiceError("ETIMEDOUT", `output ${this.#context.output} got no answer for ${PROBE_MS} ms`);
    const timer = setTimeout(() => moment.abort(slow), PROBE_MS);
    try {
      return await parcel.send(moment.signal);
    } finally {
      clearTimeout(timer);
      moment.release();
    }
  }

  /** Writes a parcel to quarantine in parallel with others; resolves when there is room for another one. */
  async #leaveBeside(parcel: Parcel, error: unknown): Promise<void> {
    const left = this.#leave(parcel, error, "; it is not sent, since one before it failed so");
    const entry = left.then(
      () => void this.#leaving.delete(entry),
      (failure: unknown) => {
        this.#leaving.delete(entry);
        this.#failure ??= { error: failure };
      },
    );
    this.#leaving.add(entry);
    if (this.#leaving.size >= MAX_LEAVING) await Promise.race(this.#leaving);
    if (this.#failure) throw this.#failure.error;
  }

  /** @param more appended to the reason */
  async #leave(parcel: Parcel, error: unknown, more = ""): Promise<void> {
    const { output, input, signal } = this.#context;
    const reason = reasonOf(error);
    try {
      await leaveBatch(parcel, { ...reason, message: reason.message + more }, this.#context);
    } catch (cause) {
      signal.throwIfAborted();
      throw new OutputError(output, cause);
    }
    // Once per input, so that an outage does not fill the log.
    if (this.#quarantined === 0) logError(`${QUARANTINED} ${input.name} for output ${output}: ${reason.message}`);
    this.#quarantined += parcel.records;
  }
}

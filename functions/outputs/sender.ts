import { setTimeout as wait } from "node:timers/promises";
import { logError } from "../runtime/log";
import { leaveBatch } from "../quarantine/batches";
import type { OutputReport } from "../records/contracts";
import { QUARANTINED } from "../settings";
import { retryDelay } from "../tencent/retry";
import type { OutputContext } from "./context";
import { OutputError, reasonOf } from "./output-error";
import type { Parcel } from "./parcel";

/** Longest wait that a service may ask for, in milliseconds. */
const MAX_RETRY_AFTER_MS = 60_000;

/**
 * Sends the parcels of one output, in order: one is under way while the next is filled, so that a slow destination slows
 * whoever fills them, and memory holds two. What fails is tried again; then the output's failure policy decides.
 */
export class Sender {
  readonly #context: OutputContext;
  #underWay: Promise<void> = Promise.resolve();
  #records = 0;
  #bytes = 0;
  #retries = 0;
  #quarantined = 0;

  constructor(context: OutputContext) {
    this.#context = context;
  }

  /** Resolves when the parcel is under way, which is when the one before has arrived. */
  async push(parcel: Parcel): Promise<void> {
    await this.#underWay;
    this.#underWay = this.#deliver(parcel);
    // Whoever pushes next, or ends, gets the error.
    this.#underWay.catch(() => undefined);
  }

  /** Resolves when all parcels have arrived, or are in quarantine. */
  async end(): Promise<void> {
    await this.#underWay;
  }

  /** Resolves when nothing is under way, once the signal is aborted. */
  async ended(): Promise<void> {
    await this.#underWay.catch(() => undefined);
  }

  report(): OutputReport {
    return {
      records: this.#records,
      bytes: this.#bytes,
      ...(this.#retries > 0 && { retries: this.#retries }),
      ...(this.#quarantined > 0 && { quarantined: this.#quarantined }),
    };
  }

  async #deliver(parcel: Parcel): Promise<void> {
    try {
      this.#bytes += await this.#send(parcel);
      this.#records += parcel.records;
    } catch (error) {
      this.#context.signal.throwIfAborted();
      if (this.#context.onFailure === "fail") throw new OutputError(this.#context.output, error);
      await this.#quarantine(parcel, error);
    }
  }

  async #send(parcel: Parcel): Promise<number> {
    const { retry, signal } = this.#context;
    for (let failures = 1; ; failures++) {
      try {
        signal.throwIfAborted();
        return await parcel.send(signal);
      } catch (error) {
        signal.throwIfAborted();
        const { transient, retryAfterMs = 0 } = error as { transient?: boolean; retryAfterMs?: number };
        if (!transient || failures > retry.retries) throw error;
        this.#retries++;
        const delay = Math.max(retryDelay(retry, failures), Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
        await wait(delay, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    }
  }

  async #quarantine(parcel: Parcel, error: unknown): Promise<void> {
    const { output, input } = this.#context;
    const reason = reasonOf(error);
    try {
      await leaveBatch(parcel, reason, this.#context);
    } catch (cause) {
      throw new OutputError(output, cause);
    }
    // Once for an input: an outage must not fill the log.
    if (this.#quarantined === 0) logError(`${QUARANTINED} ${input.name} for output ${output}: ${reason.message}`);
    this.#quarantined += parcel.records;
  }
}

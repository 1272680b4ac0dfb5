import type { Alert, AlertOutcome } from "../../../monitor";
import { LinkedAbort } from "../../runtime/linked-abort";
import { retryDelay } from "../../tencent/retry";
import type { ReceiverClient } from "./client";
import type { Clock } from "./clock";
import type { Kept, KeptAlerts } from "./kept-alerts";
import { isRefusal, ReceiverError, slow, tooMany } from "./receiver-error";

/** Dependencies of a receiver's queue. */
export interface QueueOptions {
  readonly client: ReceiverClient;
  readonly kept: KeptAlerts;
  readonly clock: Clock;
  /** Reports to the operator. */
  readonly tell: (text: string) => void;
  /** Nothing new is begun; alerts that are not sent by then are kept. */
  readonly closing: AbortSignal;
  /** Ends requests in progress. */
  readonly ending: AbortSignal;
}

/** Result of sending kept alerts. */
export interface Drained {
  readonly told: number;
  readonly left: number;
}

type Result = Omit<AlertOutcome, "receiver" | "ms">;

/** Milliseconds for which an alert is retried. After that the receiver counts as down, and its fallback gets the alert. */
const TRYING_MS = 30_000;

/** Maximum milliseconds that an alert waits for its turn. After that it is kept, and sent together with others. */
const TURN_MS = 5_000;

/** Milliseconds between two attempts for a receiver that is down. */
const PROBE_EVERY_MS = 15_000;

const PAUSES = { retries: Infinity, baseDelayMs: 250, maxDelayMs: 5_000 };

/** Number of consecutively refused alerts after which the receiver is assumed to refuse all. */
const MOST_REFUSED = 3;

/** Alerts that are read at once; a message contains as many of them as fit. */
const MOST_TOGETHER = 20;

/** Maximum messages of one drain, if somebody waits for it and if nobody does. */
const MESSAGES = { beside: 3, alone: 60 };

const NOT_KEPT = "LOGS_ALERT_NOT_KEPT";

/**
 * Sends alerts to one receiver, one after the other, in order. Alerts that it does not accept are kept. While some are
 * kept, later alerts are kept after them, until all are sent.
 */
export class ReceiverQueue {
  readonly #options: QueueOptions;
  #last: Promise<unknown> = Promise.resolve();
  /** Why the receiver is down, and when the next attempt is. */
  #down: { readonly error: ReceiverError; readonly probeAt: number } | undefined;
  /** Keys of alerts that it refused because of their contents, the latest last: nothing waits for these. */
  readonly #refused = new Set<string>();
  /** The last refusal, until the receiver accepts something: the operator is told of it once. */
  #refusal: string | undefined;
  /** Number of alerts that are being stored. */
  #keeping = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Sends an alert, or keeps it. Never rejects. */
  async deliver(alert: Alert): Promise<AlertOutcome> {
    const { client, clock } = this.#options;
    const startedAt = clock.now();
    // A kept alert need not be stored before the next one's turn.
    const settle = await this.#inTurn(() => this.#deliver(alert, startedAt));
    const result = await settle();
    return { receiver: client.name, ms: Math.round(clock.now() - startedAt), ...result };
  }

  /**
   * Sends all kept alerts, including those of other processes, several in one message.
   *
   * @throws errors of the store in which they are kept
   */
  drain(): Promise<Drained> {
    const { kept } = this.#options;
    return this.#inTurn(async () => {
      await kept.written();
      const keys = new Set(await kept.keys());
      const refused = [...this.#refused].filter((key) => keys.delete(key));
      return this.#drain([...keys, ...refused], MESSAGES.alone);
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** The turn of an alert; resolves to a function that waits for its end. */
  async #deliver(alert: Alert, startedAt: number): Promise<() => Promise<Result>> {
    if (this.#down || this.#isBlocked) return this.#deliverBehind(alert);
    const { error, attempts } = await this.#try(alert, startedAt);
    if (!error) return () => Promise.resolve({ outcome: "taken", attempts });
    const key = await this.#keep(alert, error);
    if (key !== undefined && isRefusal(error)) this.#refuse(key, alert, error);
    const outcome: Result =
      key === undefined
        ? { outcome: "failed", attempts, code: NOT_KEPT }
        : { outcome: "quarantined", attempts, code: error.code };
    return () => Promise.resolve(outcome);
  }

  /** The turn of an alert after others that are kept. */
  async #deliverBehind(alert: Alert): Promise<() => Promise<Result>> {
    const reason = this.#down?.error ?? tooMany();
    const keeping = this.#keep(alert, reason);
    const attempts = (await this.#drainIfDue()) ? 1 : 0;
    return async () => {
      const key = await keeping;
      if (key === undefined) return { outcome: "failed", attempts, code: NOT_KEPT };
      if (!this.#options.kept.own.has(key)) return { outcome: "taken", attempts };
      return { outcome: "quarantined", attempts, code: (this.#down?.error ?? reason).code };
    };
  }

  /** Whether alerts are kept that later ones must wait for. */
  get #isBlocked(): boolean {
    for (const key of this.#options.kept.own) if (!this.#refused.has(key)) return true;
    return this.#keeping > 0;
  }

  /** Sends an alert until it is accepted, refused, or its time is up. */
  async #try(alert: Alert, startedAt: number): Promise<{ error?: ReceiverError; attempts: number }> {
    const { client, clock, closing, ending } = this.#options;
    const beganAt = clock.now();
    const limit = new LinkedAbort(ending);
    const timer = setTimeout(() => limit.abort(slow(TRYING_MS)), TRYING_MS);
    let attempts = 0;
    try {
      for (let latest = startedAt + TURN_MS; ; latest = clock.now() + TURN_MS) {
        const error = await this.#attempt(latest, async () => {
          attempts++;
          await client.tell([{ alert }], limit.signal);
        });
        if (!error?.transient) return { error, attempts };
        const pause = Math.max(retryDelay(PAUSES, attempts), error.retryAfterMs ?? 0);
        if (clock.now() + pause - beganAt <= TRYING_MS) await clock.sleep(pause, closing).catch(() => undefined);
        else limit.abort(slow(TRYING_MS));
        if (limit.signal.aborted || closing.aborted) {
          this.#open(error);
          return { error, attempts };
        }
      }
    } finally {
      clearTimeout(timer);
      limit.release();
    }
  }

  /** Sends once, within the rate. @param latest latest time to send @returns why it was not accepted */
  async #attempt(latest: number, send: () => Promise<void>): Promise<ReceiverError | undefined> {
    try {
      if (!(await this.#turn(latest))) return tooMany();
      await send();
      this.#down = undefined;
      this.#refusal = undefined;
      return undefined;
    } catch (error) {
      return this.#errorOf(error);
    }
  }

  /** Waits until the receiver's rate allows a message; resolves to false if that would be too late. */
  async #turn(latest: number): Promise<boolean> {
    const { client, clock, closing } = this.#options;
    const { limiter } = client;
    closing.throwIfAborted();
    if (!limiter) return true;
    if (clock.now() + limiter.delay() > latest) return false;
    const delay = limiter.reserve();
    if (delay > 0) await clock.sleep(delay, closing);
    return true;
  }

  /** Keeps an alert; resolves to its key, or to undefined if it cannot be stored, which is reported. */
  async #keep(alert: Alert, error: ReceiverError): Promise<string | undefined> {
    const { client, kept, clock, tell } = this.#options;
    this.#keeping++;
    try {
      return await kept.keep(alert, { code: error.code, message: error.message }, clock.now());
    } catch (caught) {
      const why = `${error.message}, and it cannot be kept: ${(caught as Error).message}`;
      tell(`alert ${alert.id} failed at receiver ${client.name}: ${why}; it must be sent again`);
      return undefined;
    } finally {
      this.#keeping--;
    }
  }

  /** Sends kept alerts if the receiver can be back, or is within its rate again; resolves to whether it tried. */
  async #drainIfDue(): Promise<boolean> {
    const { client, kept, clock, tell } = this.#options;
    const isDue = this.#down ? clock.now() >= this.#down.probeAt : (client.limiter?.delay() ?? 0) === 0;
    if (!isDue) return false;
    try {
      await kept.written();
      await this.#drain([...kept.own].filter((key) => !this.#refused.has(key)).sort(), MESSAGES.beside);
    } catch (error) {
      tell(`what receiver ${client.name} did not take could not be told again: ${(error as Error).message}`);
    }
    return true;
  }

  async #drain(waiting: string[], messages: number): Promise<Drained> {
    try {
      return await this.#drainClaimed(waiting, messages);
    } finally {
      await this.#options.kept.release();
    }
  }

  /** @param waiting keys, the oldest first */
  async #drainClaimed(waiting: string[], messages: number): Promise<Drained> {
    const others: string[] = [];
    const told = new Set<string>();
    let gone = 0;
    let refusals = 0;
    let isApart = false;
    let aside = 0;
    for (let count = 0; waiting.length > 0 && count < messages && refusals < MOST_REFUSED; count++) {
      // The oldest alert alone shows whether a receiver that was down is back.
      const next = await this.#read(waiting, isApart || this.#down ? 1 : MOST_TOGETHER, others);
      if (next.length === 0) break;
      const { keys, error } = await this.#tellKept(next, told);
      await this.#forget(keys, waiting);
      gone += keys.length;
      if (!error) refusals = 0;
      else if (!isRefusal(error)) {
        if (error.transient) this.#open(error);
        break;
      } else if (next.length > 1) {
        // One of them was refused because of its contents, and it is unknown which.
        isApart = true;
      } else {
        refusals++;
        aside++;
        this.#refuse(next[0].key, next[0].kept.alert, error);
        waiting.shift();
      }
    }
    return { told: gone, left: waiting.length + aside + others.length };
  }

  /** Sets a kept alert aside: the others are tried before it. */
  #refuse(key: string, { id }: Alert, { message }: ReceiverError): void {
    const { client, tell } = this.#options;
    this.#refused.delete(key);
    this.#refused.add(key);
    if (this.#refusal !== message)
      tell(`receiver ${client.name} refused alert ${id}: ${message}; it is kept, and tried again`);
    this.#refusal = message;
  }

  /**
   * Reads some of the oldest kept alerts; keys of missing ones are dropped.
   *
   * @param others collects keys that other processes are sending
   */
  async #read(waiting: string[], most: number, others: string[]): Promise<Kept[]> {
    const { kept, clock } = this.#options;
    const found: Kept[] = [];
    while (found.length < Math.min(most, waiting.length)) {
      const together = waiting.slice(found.length, most);
      const taken = await Promise.allSettled(together.map((key) => kept.take(key, clock.now())));
      taken.forEach((result, index) => {
        if (result.status === "rejected") throw result.reason;
        const one = result.value;
        if (typeof one === "object") return void found.push(one);
        waiting.splice(waiting.indexOf(together[index]), 1);
        if (one === "claimed") others.push(together[index]);
      });
    }
    return found;
  }

  /**
   * Sends as many as fit into one message; resolves to their keys. An alert that was kept twice is sent once.
   *
   * @param told ids of alerts that were sent in this drain
   */
  async #tellKept(next: readonly Kept[], told: Set<string>): Promise<{ keys: string[]; error?: ReceiverError }> {
    const { client, clock, ending } = this.#options;
    const seen = new Set(told);
    const once = next.map(({ kept }) => kept).filter(({ alert }) => !seen.has(alert.id) && seen.add(alert.id));
    const error =
      once.length === 0
        ? undefined
        : await this.#attempt(clock.now() + TURN_MS, async () => {
            const taken = await client.tell(once, ending);
            for (const { alert } of once.slice(0, taken)) told.add(alert.id);
          });
    const keys = next.filter(({ kept }) => told.has(kept.alert.id)).map(({ key }) => key);
    return { keys, ...(error && { error }) };
  }

  async #forget(keys: readonly string[], waiting: string[]): Promise<void> {
    for (const key of keys) {
      waiting.splice(waiting.indexOf(key), 1);
      this.#refused.delete(key);
      await this.#options.kept.remove(key).catch((error: Error) => {
        this.#options.tell(`${key} was told and cannot be removed, so that it may be told again: ${error.message}`);
      });
    }
  }

  #open(error: ReceiverError): void {
    const { client, clock, tell } = this.#options;
    if (!this.#down) tell(`receiver ${client.name} takes nothing: ${error.message}; its alerts are kept until it does`);
    this.#down = { error, probeAt: clock.now() + Math.max(PROBE_EVERY_MS, error.retryAfterMs ?? 0) };
  }

  #errorOf(caught: unknown): ReceiverError {
    if (caught instanceof ReceiverError) return caught;
    if (this.#options.closing.aborted)
      return new ReceiverError("LOGS_ALERT_CLOSED", "this process ends", true, false, 0);
    const { name, message } = caught as Error;
    return new ReceiverError(name, message, false, false, undefined);
  }
}

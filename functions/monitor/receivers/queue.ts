import type { Alert, AlertOutcome } from "../../../monitor";
import { LinkedAbort } from "../../runtime/linked-abort";
import { retryDelay } from "../../tencent/retry";
import type { ReceiverClient } from "./client";
import type { Clock } from "./clock";
import type { Kept, KeptAlerts } from "./kept-alerts";
import { isRefusal, ReceiverError, slow, tooMany } from "./receiver-error";

/** What the queue of a receiver is made of. */
export interface QueueOptions {
  readonly client: ReceiverClient;
  readonly kept: KeptAlerts;
  readonly clock: Clock;
  /** Tells whoever operates this. */
  readonly tell: (text: string) => void;
  /** Nothing is begun any more: what is not told by then is kept. */
  readonly closing: AbortSignal;
  /** Ends what is under way. */
  readonly ending: AbortSignal;
}

/** What a queue told of what was kept. */
export interface Drained {
  readonly told: number;
  readonly left: number;
}

type Result = Omit<AlertOutcome, "receiver" | "ms">;

/** Milliseconds for which an alert is tried. After that the receiver is down, and its fallback is told. */
const TRYING_MS = 30_000;

/** Milliseconds for which an alert waits for its turn. After that it is kept, and told with others. */
const TURN_MS = 5_000;

/** Milliseconds between two tries of a receiver that is down. */
const PROBE_EVERY_MS = 15_000;

const PAUSES = { retries: Infinity, baseDelayMs: 250, maxDelayMs: 5_000 };

/** Alerts in a row that a receiver refuses for what they are, after which it is taken to refuse all. */
const MOST_REFUSED = 3;

/** Alerts that are read at once; a message takes as many of them as fit. */
const MOST_TOGETHER = 20;

/** Messages of one draining, where somebody waits for it, and where nobody does. */
const MESSAGES = { beside: 3, alone: 60 };

const NOT_KEPT = "LOGS_ALERT_NOT_KEPT";

/**
 * Tells one receiver of alerts, one after the other, in their order. What it does not take is kept; and while something is
 * kept, what comes after it is kept as well, behind it, until all of it is told.
 */
export class ReceiverQueue {
  readonly #options: QueueOptions;
  #last: Promise<unknown> = Promise.resolve();
  /** Why the receiver is down, and when it is tried again. */
  #down: { readonly error: ReceiverError; readonly probeAt: number } | undefined;
  /** Keys of what it refused for what it is, the last refused last: nothing waits behind these. */
  readonly #refused = new Set<string>();
  /** Why it refused something last, until it takes something: whoever operates this hears it once. */
  #refusal: string | undefined;
  /** Alerts that are being kept. */
  #keeping = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  /** Tells of an alert, or keeps it. Never rejects. */
  async deliver(alert: Alert): Promise<AlertOutcome> {
    const { client, clock } = this.#options;
    const startedAt = clock.now();
    // What is kept need not lie there before the next one's turn.
    const settle = await this.#inTurn(() => this.#deliver(alert, startedAt));
    const result = await settle();
    return { receiver: client.name, ms: Math.round(clock.now() - startedAt), ...result };
  }

  /**
   * Tells of all that is kept, also by others, several in one message.
   *
   * @throws what the place where they are kept fails with
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

  /** The turn of an alert; resolves to what waits for its end. */
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

  /** The turn of an alert that comes behind others that are kept. */
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

  /** Whether something is kept that others wait behind. */
  get #isBlocked(): boolean {
    for (const key of this.#options.kept.own) if (!this.#refused.has(key)) return true;
    return this.#keeping > 0;
  }

  /** Sends an alert until it is taken, refused, or its time is up. */
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

  /** Sends in turn, once. @param latest when that must be @returns why it was not taken */
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

  /** Waits until the receiver's rate lets a message go; resolves to false where that is too late. */
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

  /** Keeps an alert; resolves to its key, or to undefined where it cannot be kept, which is told. */
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

  /** Tells of what is kept where the receiver may be back, or is within its rate again; resolves to whether it tried. */
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
      // The oldest alone shows whether a receiver that is down is back.
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
        // One of them was refused for what it is, and nobody knows which.
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

  /** Sets an alert aside that is kept: the others are tried before it. */
  #refuse(key: string, { id }: Alert, { message }: ReceiverError): void {
    const { client, tell } = this.#options;
    this.#refused.delete(key);
    this.#refused.add(key);
    if (this.#refusal !== message)
      tell(`receiver ${client.name} refused alert ${id}: ${message}; it is kept, and tried again`);
    this.#refusal = message;
  }

  /**
   * Some of the oldest that are kept; keys under which there is nothing are dropped.
   *
   * @param others is added what other processes are telling
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
   * Tells of as many as one message takes; resolves to the keys of those. What was kept twice is told once.
   *
   * @param told ids of what was told in this draining
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

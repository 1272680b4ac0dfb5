import { setMaxListeners } from "node:events";
import { UserError } from "../../terminal/user-error";
import type { Fate, Journal } from "./journal";

/** The input of one invocation. */
export interface Input {
  /** Identifies it in the journal: its path. */
  readonly id: string;
  /** Its name for people. */
  readonly name: string;
  /** Position in the list of inputs, after which a listing can continue. */
  readonly position: unknown;
  /** Created when needed. */
  event(): Promise<object> | object;
}

/** Runs inputs and finds out their results. */
export interface Engine {
  /** Lets the function read an input asynchronously; resolves to SCF's id of the invocation. */
  invoke(event: object): Promise<string>;
  /** The result of an input; undefined if it is not known yet. */
  look(id: string): Promise<Fate | undefined>;
  /** The same when there is nothing more to wait for; undefined if there still is. */
  giveUp(id: string): Promise<Fate | undefined>;
}

/** Expected durations. All except `now` and `wait` are in milliseconds. */
export interface Timing {
  now(): number;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** Maximum duration of an invocation: after that, a failed one waits for its retry, and does not block others. */
  readonly holdMs: number;
  /** Time after which no result of an input is expected any more: all of SCF's attempts are over. */
  readonly patienceMs: number;
  /**
   * Duration of an invocation after its receipt, if another one must not start before its end: SCF would throttle it,
   * and retry a minute later.
   */
  readonly settleMs?: number;
}

/** Pauses between two checks of an input. */
const FIRST_LOOK_MS = 300;
const SHORTEST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 5_000;
const LONGEST_WAITING_LOOK_MS = 15_000;

/** Maximum inputs that wait for a retry, for each concurrent one: more indicate that nothing succeeds. */
const WAITING_FOR_EACH = 10;

/** Maximum inputs without a result before the first result: more indicate that there will be none. */
const MOST_UNHEARD = 20;

/** Receives the progress of a runner. */
export interface Tell {
  ended(input: Pick<Input, "id" | "name">, fate: Fate): void;
  /** Called whenever a number has changed. */
  progress(running: number): void;
}

/** State of an input in the journal: unknown; requested, and SCF may have received it; accepted by SCF. */
type Before = "new" | "asked" | "queued";

/** Lets inputs be read, some concurrently, and records the result of each. */
export class Runner {
  readonly #engine: Engine;
  readonly #journal: Journal;
  readonly #timing: Timing;
  readonly #concurrency: number;
  readonly #tell: Tell;
  #running = 0;
  #waiting = 0;
  /** Recent duration of an input, from the call to its completion. */
  #usualMs = FIRST_LOOK_MS;
  #wake: () => void = () => undefined;
  #failure: { readonly error: unknown } | undefined;
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    options: {
      readonly engine: Engine;
      readonly journal: Journal;
      readonly timing: Timing;
      readonly concurrency: number;
    },
    tell: Tell,
  ) {
    this.#engine = options.engine;
    this.#journal = options.journal;
    this.#timing = options.timing;
    this.#concurrency = options.concurrency;
    this.#tell = tell;
  }

  /**
   * Runs the open inputs of the journal, then the others; resolves when all are complete. Rejects with the error that
   * prevents it from continuing, when this machine has no more work in progress.
   *
   * @param inputs the open ones, and those after them
   */
  async run(open: Iterable<Input>, inputs: AsyncIterable<Input>, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    // A listener for each input in progress.
    setMaxListeners(0, stop.signal, signal);
    const abort = (): void => {
      stop.abort(signal.reason);
      this.#wake();
    };
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    const follow = (input: Input, before: Before): void => {
      const followed = this.#follow(input, before, stop.signal).catch((error: unknown) => {
        this.#failure ??= { error };
        stop.abort(error);
        this.#wake();
      });
      this.#underWay.add(followed);
      void followed.then(() => this.#underWay.delete(followed));
    };
    try {
      const queued = new Set(this.#journal.open.filter(({ requestId }) => requestId !== undefined).map(({ id }) => id));
      for (const input of open) {
        await this.#room(stop.signal);
        follow(input, queued.has(input.id) ? "queued" : "asked");
      }
      for await (const input of inputs) {
        await this.#room(stop.signal);
        this.#journal.asked(input.id, input.position);
        follow(input, "new");
      }
      while (this.#running + this.#waiting > 0) await this.#change(stop.signal);
    } catch (error) {
      stop.abort(error);
      // Known results are recorded; the journal can then be closed.
      await Promise.all(this.#underWay);
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Resolves when another input can start. */
  async #room(signal: AbortSignal): Promise<void> {
    const isFull = () => this.#running >= this.#concurrency || this.#waiting >= WAITING_FOR_EACH * this.#concurrency;
    while (isFull()) await this.#change(signal);
    signal.throwIfAborted();
  }

  async #change(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve) => (this.#wake = resolve));
    signal.throwIfAborted();
  }

  /** Follows an input from its call to its completion. */
  async #follow(input: Input, before: Before, signal: AbortSignal): Promise<void> {
    this.#running++;
    let isHolding = true;
    const release = (): void => {
      if (isHolding) this.#running--;
      else this.#waiting--;
      this.#wake();
    };
    try {
      const fate = await this.#fateOf(input, before, signal, () => {
        isHolding = false;
        this.#running--;
        this.#waiting++;
        this.#wake();
      });
      this.#journal.ended(input.id, fate);
      this.#tell.ended(input, fate);
      this.#requireWord();
      const { settleMs, wait } = this.#timing;
      if (isHolding && settleMs !== undefined) await wait(settleMs, signal);
    } finally {
      release();
      this.#tell.progress(this.#running);
    }
  }

  #requireWord(): void {
    const { done, quarantined, failed } = this.#journal.totals;
    if (done + quarantined > 0 || failed < MOST_UNHEARD) return;
    throw new UserError(
      `the function must write a receipt for each input, got none for the first ${failed}; ` +
        `deploy it with this release, look for receipts in its log, and run the same command with --missing`,
    );
  }

  async #fateOf(input: Input, before: Before, signal: AbortSignal, letGo: () => void): Promise<Fate> {
    const { now, wait, holdMs, patienceMs } = this.#timing;
    const early = before === "new" ? undefined : await this.#engine.look(input.id);
    if (early) return early;
    let began = now();
    if (before !== "queued") {
      const requestId = await this.#engine.invoke(await input.event());
      this.#journal.queued(input.id, requestId);
    }
    this.#tell.progress(this.#running);
    let isHolding = true;
    let pauseMs = Math.max(SHORTEST_LOOK_MS, Math.min(LONGEST_LOOK_MS, this.#usualMs * 0.8));
    for (;;) {
      await wait(pauseMs, signal);
      const fate = await this.#engine.look(input.id);
      const tookMs = now() - began;
      if (fate) {
        if (isHolding) this.#usualMs += (tookMs - this.#usualMs) / 8;
        return fate;
      }
      if (tookMs >= patienceMs) {
        const last = await this.#engine.giveUp(input.id);
        if (last) return last;
        began = now();
      }
      if (isHolding && tookMs >= holdMs) {
        isHolding = false;
        letGo();
      }
      // A third of its time so far: a slot is rarely occupied for much longer than its input, and checks cost little.
      const longestMs = isHolding ? LONGEST_LOOK_MS : LONGEST_WAITING_LOOK_MS;
      pauseMs = Math.min(longestMs, Math.max(SHORTEST_LOOK_MS, tookMs / 3));
    }
  }
}

import { setMaxListeners } from "node:events";
import { UserError } from "../../terminal/user-error";
import type { Fate, Journal } from "./journal";

/** What one invocation of the function is to read. */
export interface Input {
  /** Tells it apart in the journal: its path. */
  readonly id: string;
  /** What it is called where people read. */
  readonly name: string;
  /** Where it stands among what is listed, so that a list can go on behind it. */
  readonly position: unknown;
  /** Made when it is needed. */
  event(): Promise<object> | object;
}

/** What runs inputs and knows what became of them. */
export interface Engine {
  /** Has the function read an input some time soon; resolves to SCF's id of the invocation. */
  invoke(event: object): Promise<string>;
  /** What became of an input; undefined where nothing is told of it yet. */
  look(id: string): Promise<Fate | undefined>;
  /** The same, once nothing more is to be waited for; undefined where something is all the same. */
  giveUp(id: string): Promise<Fate | undefined>;
}

/** How long things take. All but `now` and `wait` in milliseconds. */
export interface Timing {
  now(): number;
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
  /** What an invocation takes at most: after that, one that failed waits to be tried again, and holds up no other. */
  readonly holdMs: number;
  /** After that nothing more is to come of an input: all of SCF's tries are over. */
  readonly patienceMs: number;
  /**
   * How long an invocation goes on behind its receipt, where another one must not begin before its end: SCF would refuse that,
   * and try it again a minute later.
   */
  readonly settleMs?: number;
}

/** Pauses between two looks at one input. */
const FIRST_LOOK_MS = 300;
const SHORTEST_LOOK_MS = 100;
const LONGEST_LOOK_MS = 5_000;
const LONGEST_WAITING_LOOK_MS = 15_000;

/** Inputs that wait to be tried again, for each that may run: more show that nothing gets through. */
const WAITING_FOR_EACH = 10;

/** Inputs of which nothing is heard, before anything is of one: more show that nothing will be. */
const MOST_UNHEARD = 20;

/** What a runner tells as it goes on. */
export interface Tell {
  ended(input: Pick<Input, "id" | "name">, fate: Fate): void;
  /** Called whenever a number has changed. */
  progress(running: number): void;
}

/** What the journal knew of an input: nothing; that SCF was asked, and may have it; that SCF has it. */
type Before = "new" | "asked" | "queued";

/** Has inputs read, some at a time, and notes what became of each. */
export class Runner {
  readonly #engine: Engine;
  readonly #journal: Journal;
  readonly #timing: Timing;
  readonly #concurrency: number;
  readonly #tell: Tell;
  #running = 0;
  #waiting = 0;
  /** What an input took of late, from the call to the end. */
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
   * Runs what the journal has open, then the inputs; resolves when all of them have ended. Rejects with what keeps it from
   * going on, when nothing of it is under way any more on this machine.
   *
   * @param inputs of those that are open, and of those behind them
   */
  async run(open: Iterable<Input>, inputs: AsyncIterable<Input>, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    // A listener for each input that is waited for.
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
      // What is known by now is noted; the journal may be closed then.
      await Promise.all(this.#underWay);
      throw error;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Resolves when another input may begin. */
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

  /** From the call of an input to its end. */
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
      // A third of what it took by now: a slot is seldom busy for much longer than its input, and looks cost little.
      const longestMs = isHolding ? LONGEST_LOOK_MS : LONGEST_WAITING_LOOK_MS;
      pauseMs = Math.min(longestMs, Math.max(SHORTEST_LOOK_MS, tookMs / 3));
    }
  }
}

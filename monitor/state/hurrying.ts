import { openClaim } from "./claiming";
import type { Context } from "./context";
import { inParallel } from "./in-parallel";
import { HEAD, turnKey } from "./keys";
import { NearThresholds } from "./near-thresholds";
import { type Head, parse, type Turn } from "./objects";
import type { Sweeping, SweepReport } from "./sweeping";

/** Milliseconds between a sweep and the following early one, per megabyte of the ledger. */
const EARLY_MS = 5_000;
const MEGABYTE = 1_000_000;

/** Maximum ledger size for early sweeps, because each reads and writes all of it. */
const MAX_LEDGER = 4 * MEGABYTE;

/** Milliseconds that an early sweep waits for counts that other instances write at the same time. */
const GATHER_MS = 1_000;

/** Milliseconds after which an early sweep that has started reading, and has not decided, is considered dead. */
const READING_MS = 15_000;

/** Number of checks, a second apart, before it is left to the sweep of the minute. */
const MAX_LOOKS = 10;

/** Maximum groups for which one check asks whether they are open: those counted most recently. */
const MAX_ASKED = 100;

/** Fraction of a window for which a group that was open is assumed to be open. */
const SURE = 0.8;

/** Early sweeps, when a threshold may have been crossed: docs/design/monitor-state.md#early-sweeps. */
export class Hurrying {
  readonly near = new NearThresholds();
  readonly #context: Context;
  readonly #sweeping: Sweeping;
  #head: Head | undefined;
  #isLeaving = false;
  /** The last early sweep that this instance knows of, and when it starts reading. */
  #next = { number: 0, at: -Infinity };

  constructor(context: Context, sweeping: Sweeping) {
    this.#context = context;
    this.#sweeping = sweeping;
  }

  /**
   * Resolves when this instance's counts are summed, when another instance is going to do that, or when no threshold
   * can have been crossed.
   */
  async run(): Promise<SweepReport | undefined> {
    const { now, pause } = this.#context;
    for (let look = 0; look < MAX_LOOKS && !this.near.isEmpty; look++) {
      if (look > 0) await pause(GATHER_MS);
      if (this.#isLeaving || this.#isCovered(now())) return undefined;
      const head = await this.#hear(look === 0 ? now() - GATHER_MS : now());
      if ((head?.ledgerBytes ?? 0) > MAX_LEDGER || !(await this.#isNear())) return undefined;
      const number = (head?.number ?? 0) + 1;
      const at = await this.#reserve(number, head);
      if (at === undefined) continue;
      await pause(Math.max(0, at - now()));
      if (this.#isLeaving) return undefined;
      const report = await this.#sweeping.runEarly(number);
      if (report.number !== undefined) return report;
    }
    return undefined;
  }

  /** Stops early sweeps. */
  leave(): void {
    this.#isLeaving = true;
  }

  /** Reads the result of the last sweep, if it is newer than that. */
  async #hear(since: number): Promise<Head | undefined> {
    if (this.near.hasHeardSince(since)) return this.#head;
    this.#head = parse<Head>(HEAD, await this.#context.store.get(HEAD));
    this.near.hear(this.#head ?? { at: -Infinity }, this.#context.now());
    return this.#head;
  }

  /** A sweep that starts reading this late includes everything counted so far. */
  #isCovered(now: number): boolean {
    return this.#next.at - GATHER_MS > now;
  }

  /** Whether one of the groups may have crossed its threshold without being open. */
  async #isNear(): Promise<boolean> {
    const { now } = this.#context;
    const near = this.near.near(now()).slice(-MAX_ASKED);
    const open = await inParallel(near, async ({ group, monitor }) => {
      const isOpen = (await openClaim(this.#context, group)) !== undefined;
      if (isOpen) this.near.open(group, now() + SURE * monitor.windowMs);
      return isOpen;
    });
    return open.includes(false);
  }

  /**
   * Reserves the next sweep for this instance.
   * @returns when it starts; undefined if another instance does it or has started
   */
  async #reserve(number: number, head: Head | undefined): Promise<number | undefined> {
    const { instance, now, store } = this.#context;
    const isDead = (turn: { readonly at: number }): boolean => Math.abs(now() - turn.at) >= READING_MS;
    if (this.#next.number === number && !isDead(this.#next)) return undefined;
    const least = EARLY_MS * Math.max(1, Math.ceil((head?.ledgerBytes ?? 0) / MEGABYTE));
    // Limits the wait in case a clock was wrong.
    const at = Math.min(now() + least, Math.max(now() + GATHER_MS, (head?.at ?? 0) + least));
    const turn: Turn = { version: 1, by: instance, at, isEarly: true };
    const key = turnKey(number);
    const isFree = (await store.create(key, JSON.stringify(turn))) === "created";
    const other = isFree ? undefined : parse<Turn>(key, await store.get(key));
    const isOurs = isFree || (other?.isEarly === true && isDead(other));
    if (isOurs || other?.isEarly) this.#next = { number, at: isOurs ? at : other!.at };
    return isOurs ? at : undefined;
  }
}

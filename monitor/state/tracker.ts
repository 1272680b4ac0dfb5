import { setTimeout as wait } from "node:timers/promises";
import type { AlertSender } from "../alert/alert";
import type { MonitorFile } from "../definition/types";
import type { BatchMatches, SourceRef } from "../match/matches";
import type { Context } from "./context";
import { Hurrying } from "./hurrying";
import { InstanceMemory } from "./instance-memory";
import { seenKey } from "./keys";
import type { Seen } from "./objects";
import type { StateStore } from "./store";
import { Sweeping, type SweepReport } from "./sweeping";
import { Taking } from "./taking";

/** What a {@link Tracker} is given. */
export interface TrackerOptions {
  readonly file: MonitorFile;
  /** Shared by all instances of all regions. */
  readonly store: StateStore;
  readonly sender: AlertSender;
  /** Name of this process, unlike that of any other, and of any before. */
  readonly instance: string;
  /** Milliseconds since 1970. @default this machine's */
  readonly clock?: () => number;
  /** Waits for milliseconds. @default a timer */
  readonly pause?: (ms: number) => Promise<void>;
}

/**
 * Remembers what matched, and has people told: the first of a group once, however many instances share the store, and then
 * how many more. Semantics, and what a crash leaves: docs/design/monitor-state.md.
 */
export class Tracker {
  readonly #context: Context;
  readonly #memory = new InstanceMemory();
  readonly #sweeping: Sweeping;
  readonly #hurrying: Hurrying;
  #hurry: Promise<SweepReport | undefined> | undefined;
  #isAskedAgain = false;
  readonly #watched: ReadonlySet<string>;
  /** Minute of the last word on each source. */
  readonly #seen = new Map<string, number>();

  constructor({ file, store, sender, instance, clock = Date.now, pause = (ms) => wait(ms) }: TrackerOptions) {
    const monitors = new Map(file.monitors.map((monitor) => [monitor.name, monitor]));
    this.#context = { file, monitors, store, sender, instance, now: clock, pause };
    this.#sweeping = new Sweeping(this.#context, this.#memory);
    this.#hurrying = new Hurrying(this.#context, this.#sweeping);
    this.#watched = new Set(file.monitors.flatMap(({ missing, sources }) => (missing ? sources : [])));
  }

  /**
   * Takes what of a batch matched. Resolves when its first alerts are out, or kept, and its counts are stored: only then may
   * the position be committed, or the delivery be a success.
   *
   * @param isOurs whether the batch is this process's still, asked before anything is told and before it is counted: one whose
   *   partition went to another process is that one's to count
   * @throws NotOursError where it is not
   * @throws StateUnreachableError where the state is away: first alerts went out from memory, and the batch has to come again
   * @throws AlertNotSentError where a receiver neither took nor kept an alert: the batch has to come again
   */
  async take(batch: BatchMatches, isOurs: () => boolean = () => true): Promise<void> {
    await this.#writeKept();
    if (batch.groups.length === 0) return;
    const options = { context: this.#context, memory: this.#memory, near: this.#hurrying.near };
    await new Taking(options, batch, isOurs).run();
  }

  /**
   * Sums early where a threshold may be crossed by what several batches counted. Call it after {@link take}: it waits up to
   * five seconds and some, in which nothing is held back, and does nothing where nothing is near.
   *
   * @returns what its sweep did; undefined where none was needed, or another instance makes one
   */
  hurry(): Promise<SweepReport | undefined> {
    if (this.#hurry) this.#isAskedAgain = true;
    this.#hurry ??= this.#hurryOn().finally(() => (this.#hurry = undefined));
    return this.#hurry;
  }

  /** Has {@link hurry} do nothing any more: what is counted is summed by others, or by the sweep of the minute. */
  leave(): void {
    this.#hurrying.leave();
  }

  async #hurryOn(): Promise<SweepReport | undefined> {
    let report: SweepReport | undefined;
    do {
      this.#isAskedAgain = false;
      report = (await this.#hurrying.run()) ?? report;
    } while (this.#isAskedAgain);
    return report;
  }

  /** Hears that a source had records, of which none need match; one that nobody waits for is ignored. @param at milliseconds */
  async seen({ name, topic }: SourceRef, at: number): Promise<void> {
    const minute = Math.floor(at / 60_000);
    if (!this.#watched.has(name) || this.#seen.get(name) === minute) return;
    const seen: Seen = { version: 1, at, topic };
    await this.#context.store.put(seenKey(name), JSON.stringify(seen));
    this.#seen.set(name, minute);
  }

  /** Sums, and tells what is due; does nothing where this minute is swept, or another instance is at it. Call it each minute. */
  async sweep(): Promise<SweepReport> {
    await this.#writeKept();
    return this.#sweeping.run();
  }

  /** Counts that could not be written while the state was away. */
  async #writeKept(): Promise<void> {
    for (const [key, body] of this.#memory.kept) {
      try {
        await this.#context.store.put(key, body);
      } catch {
        return;
      }
      this.#memory.written(key);
    }
  }
}

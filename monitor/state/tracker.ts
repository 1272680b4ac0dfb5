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

/** Options of a {@link Tracker}. */
export interface TrackerOptions {
  readonly file: MonitorFile;
  /** Shared by all instances in all regions. */
  readonly store: StateStore;
  readonly sender: AlertSender;
  /** Name of this process, unique among all current and earlier ones. */
  readonly instance: string;
  /** Milliseconds since 1970. @default the machine's clock */
  readonly clock?: () => number;
  /** Waits for milliseconds. @default a timer */
  readonly pause?: (ms: number) => Promise<void>;
}

/**
 * Remembers matches and sends alerts: the first of a group exactly once, however many instances share the store, and
 * later how many more there were. Semantics, and the effects of a crash: docs/design/monitor-state.md.
 */
export class Tracker {
  readonly #context: Context;
  readonly #memory = new InstanceMemory();
  readonly #sweeping: Sweeping;
  readonly #hurrying: Hurrying;
  #hurry: Promise<SweepReport | undefined> | undefined;
  #isAskedAgain = false;
  readonly #watched: ReadonlySet<string>;
  /** Minute of the last report on each source. */
  readonly #seen = new Map<string, number>();

  constructor({ file, store, sender, instance, clock = Date.now, pause = (ms) => wait(ms) }: TrackerOptions) {
    const monitors = new Map(file.monitors.map((monitor) => [monitor.name, monitor]));
    this.#context = { file, monitors, store, sender, instance, now: clock, pause };
    this.#sweeping = new Sweeping(this.#context, this.#memory);
    this.#hurrying = new Hurrying(this.#context, this.#sweeping);
    this.#watched = new Set(file.monitors.flatMap(({ missing, sources }) => (missing ? sources : [])));
  }

  /**
   * Takes the matches of a batch. Resolves when its first alerts are sent or quarantined, and its counts are stored.
   * Only then is the caller allowed to commit the position, or to report the delivery as successful.
   *
   * @param isOurs whether the batch still belongs to this process. It is called before alerts are sent and before the
   * batch is counted: if its partition went to another process, that process counts it.
   * @throws NotOursError if it does not
   * @throws StateUnreachableError if the state is unavailable: first alerts were sent from memory, and the batch must
   * come again
   * @throws AlertNotSentError if a receiver neither accepted nor quarantined an alert: the batch must come again
   */
  async take(batch: BatchMatches, isOurs: () => boolean = () => true): Promise<void> {
    await this.#writeKept();
    if (batch.groups.length === 0) return;
    const options = { context: this.#context, memory: this.#memory, near: this.#hurrying.near };
    await new Taking(options, batch, isOurs).run();
  }

  /**
   * Sums early if several batches together may have crossed a threshold. Call it after {@link take}. It waits up to
   * about five seconds, during which nothing is held back, and returns at once if no threshold is near.
   *
   * @returns the result of its sweep; undefined if none was needed, or another instance does it
   */
  hurry(): Promise<SweepReport | undefined> {
    if (this.#hurry) this.#isAskedAgain = true;
    this.#hurry ??= this.#hurryOn().finally(() => (this.#hurry = undefined));
    return this.#hurry;
  }

  /** Disables {@link hurry}: the counts are summed by other instances, or by the sweep of the minute. */
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

  /**
   * Records that a source had records, whether or not they match. Sources that no monitor waits for are ignored. @param
   * at milliseconds
   */
  async seen({ name, topic }: SourceRef, at: number): Promise<void> {
    const minute = Math.floor(at / 60_000);
    if (!this.#watched.has(name) || this.#seen.get(name) === minute) return;
    const seen: Seen = { version: 1, at, topic };
    await this.#context.store.put(seenKey(name), JSON.stringify(seen));
    this.#seen.set(name, minute);
  }

  /**
   * Sums, and sends the alerts that are due. Does nothing if this minute is already swept, or another instance is
   * sweeping. Call it each minute.
   */
  async sweep(): Promise<SweepReport> {
    await this.#writeKept();
    return this.#sweeping.run();
  }

  /** Writes counts that could not be written while the state was unavailable. */
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

import { setTimeout as wait } from "node:timers/promises";
import type { AlertSender } from "../alert/alert";
import type { MonitorFile } from "../definition/types";
import type { BatchMatches, SourceRef } from "../match/matches";
import type { Context } from "./context";
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
  readonly #watched: ReadonlySet<string>;
  /** Minute of the last word on each source. */
  readonly #seen = new Map<string, number>();

  constructor({ file, store, sender, instance, clock = Date.now, pause = (ms) => wait(ms) }: TrackerOptions) {
    const monitors = new Map(file.monitors.map((monitor) => [monitor.name, monitor]));
    this.#context = { file, monitors, store, sender, instance, now: clock, pause };
    this.#sweeping = new Sweeping(this.#context, this.#memory);
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
    if (batch.groups.length > 0) await new Taking(this.#context, this.#memory, batch, isOurs).run();
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

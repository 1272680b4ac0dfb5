import { again } from "./alerts";
import type { Context } from "./context";
import { inParallel } from "./in-parallel";
import type { InstanceMemory } from "./instance-memory";
import { judgeGroups, judgeSources, REPEATS_MS } from "./judging";
import { HEAD, ledgerKey, marksKey, seenKey, turnKey } from "./keys";
import { type Ledger, minuteOf, missingSources, nextLedger, openGroups } from "./ledger";
import { type Head, type Mark, parse, type Seen, type Turn } from "./objects";
import { tellMissing } from "./near-thresholds";
import { Summing } from "./summing";
import { mostWithin } from "./threshold";
import { announce, tidy } from "./work";

/** Milliseconds after which a sweep that has decided, but has not ended, is considered dead. */
const LEASE_MS = 120_000;

/** The same for a sweep that has not decided. Nothing is done twice if it is not dead. */
const TURN_MS = 50_000;

/** Number of times, a second apart, that the sweep of a minute checks whether an early one has ended. */
const MAX_LOOKS = 5;
const LOOK_MS = 1_000;

/** Result of a sweep. */
export interface SweepReport {
  /** Undefined if there was nothing to do, or another instance does it. */
  readonly number?: number;
  /** Why it did nothing. */
  readonly why?:
    "this minute is swept" | "another sweep is at work" | "an early sweep is at work" | "another sweep was faster";
  /** Number of batches whose counts were summed, and of those left to the next sweep. */
  readonly counts: number;
  readonly left: number;
  readonly alerts: number;
  /** Number of alerts that were neither accepted nor quarantined. The next sweep sends them again. */
  readonly failed: number;
  /** Number of groups. */
  readonly opened: number;
  readonly closed: number;
  readonly open: number;
  /** Number of claims that were never confirmed, and whose alerts this sweep sent. */
  readonly takenOver: number;
  /** Number of sources that have been silent for the time that a monitor waits. */
  readonly missing: number;
  /**
   * Number of counts that this instance dropped while the state was unavailable, because it stored too many. They come
   * again with their batches.
   */
  readonly dropped: number;
}

type Done = Omit<SweepReport, "dropped">;

const NOTHING = { counts: 0, left: 0, alerts: 0, failed: 0, opened: 0, closed: 0, open: 0, takenOver: 0, missing: 0 };

/** The sweeps of one instance: docs/design/monitor-state.md#sweep. */
export class Sweeping {
  readonly #context: Context;
  readonly #memory: InstanceMemory;
  /** The last ledger that this instance read or wrote, and the marks of what it summed. */
  #last: { readonly ledger: Ledger; readonly marks?: ReadonlyMap<string, Mark | undefined> } | undefined;
  /** The current sweep, and whether it is early. */
  #atWork: { readonly done: Promise<unknown>; readonly isEarly: boolean } | undefined;

  constructor(context: Context, memory: InstanceMemory) {
    this.#context = context;
    this.#memory = memory;
  }

  /** Does the sweep of this minute. It first waits for an early sweep in progress, which does not replace it. */
  async run(): Promise<SweepReport> {
    const dropped = this.#memory.takeDropped();
    for (let look = 1; ; look++) {
      const report = await this.#alone(false, () => this.#sweep(undefined));
      const mayEnd = report.why === "an early sweep is at work" || report.why === "another sweep was faster";
      if (!mayEnd || look >= MAX_LOOKS) return { ...report, dropped };
      await this.#context.pause(LOOK_MS);
    }
  }

  /** Does a sweep that this instance has reserved, if it is still the next one. */
  async runEarly(number: number): Promise<SweepReport> {
    return { ...(await this.#alone(true, () => this.#sweep(number))), dropped: this.#memory.takeDropped() };
  }

  async #alone(isEarly: boolean, sweep: () => Promise<Done>): Promise<Done> {
    while (this.#atWork) {
      if (!this.#atWork.isEarly) return { ...NOTHING, why: "another sweep is at work" };
      await this.#atWork.done;
    }
    const sweeping = sweep();
    const done = sweeping.then(
      () => undefined,
      () => undefined,
    );
    this.#atWork = { done, isEarly };
    try {
      return await sweeping;
    } finally {
      this.#atWork = undefined;
    }
  }

  /** @param early number of the sweep, if it is early */
  async #sweep(early: number | undefined): Promise<Done> {
    const { store, instance, now } = this.#context;
    const isEarly = early !== undefined;
    const before = await this.#lastLedger();
    if (typeof before === "string") return { ...NOTHING, why: before };
    const at = now();
    if (!isEarly && before && sameMinute(minuteOf(before.ledger), at))
      return { ...NOTHING, why: "this minute is swept" };
    const ledger = nextLedger(before?.ledger, instance, at, isEarly);
    if (isEarly && ledger.number !== early) return { ...NOTHING, why: "another sweep was faster" };
    if (!isEarly && !(await this.#takeTurn(ledger.number, at))) return { ...NOTHING, why: "another sweep is at work" };

    if (before) await tidy(this.#context, before.ledger, this.#marksOf(before.ledger));
    this.#carryOver(ledger, before);
    const summing = new Summing(this.#context, ledger);
    await summing.run();
    judgeGroups(this.#context, ledger);
    judgeSources(this.#context, ledger, await this.#seen());
    this.#throwAway(ledger, summing.marks.size > 0);

    const key = ledgerKey(ledger.number);
    let body = JSON.stringify(ledger);
    const bytes = body.length;
    if ((await store.create(key, body)) === "exists") return { ...NOTHING, why: "another sweep was faster" };
    if (((await this.#head())?.number ?? 0) >= ledger.number) {
      // Other instances are far ahead: the created number had already been removed.
      await store.remove(key);
      return { ...NOTHING, why: "another sweep was faster" };
    }
    // For 10,000 groups it is some megabytes, and sending alerts can take long.
    body = "";
    this.#last = { ledger, marks: summing.marks };
    const failed = await announce(this.#context, ledger, false);
    await this.#end(ledger, failed, bytes);
    const { work } = ledger;
    const open = Object.values(openGroups(ledger)).reduce((sum, groups) => sum + groups, 0);
    return {
      number: ledger.number,
      counts: work.consumed.length,
      left: summing.left,
      alerts: work.outbox.length,
      failed: failed.length,
      opened: work.opened.length,
      closed: work.closed.length,
      open,
      takenOver: work.takenOver.length,
      missing: missingSources(ledger),
    };
  }

  /** The last ledger, after its sweep is complete: what a dead sweeper left undone is done here. */
  async #lastLedger(): Promise<
    | { readonly ledger: Ledger; readonly failed: readonly string[] }
    | "another sweep is at work"
    | "an early sweep is at work"
    | undefined
  > {
    const { instance, now } = this.#context;
    const head = await this.#head();
    let ledger = head && ((await this.#ledger(head.number)) ?? (await this.#newestLedger()));
    let failed = head?.failed ?? [];
    for (;;) {
      const pending = await this.#ledger((ledger?.number ?? 0) + 1);
      if (!pending) return ledger && { ledger, failed };
      if (pending.by !== instance && Math.abs(now() - pending.at) < LEASE_MS)
        return pending.minuteAt === undefined ? "another sweep is at work" : "an early sweep is at work";
      if (ledger) await tidy(this.#context, ledger, this.#marksOf(ledger));
      failed = await announce(this.#context, pending, true);
      await this.#end(pending, failed, JSON.stringify(pending).length);
      ledger = pending;
    }
  }

  async #head(): Promise<Head | undefined> {
    return parse<Head>(HEAD, await this.#context.store.get(HEAD));
  }

  async #ledger(number: number): Promise<Ledger | undefined> {
    if (this.#last?.ledger.number === number) return this.#last.ledger;
    const key = ledgerKey(number);
    return parse<Ledger>(key, await this.#context.store.get(key));
  }

  /** Handles a head that a sweeper, wrongly considered dead, set back to a removed ledger. */
  async #newestLedger(): Promise<Ledger | undefined> {
    const prefix = ledgerKey(0).slice(0, -1);
    let newest = 0;
    for await (const key of this.#context.store.list(prefix))
      newest = Math.max(newest, Number(key.slice(prefix.length)));
    const ledger = newest > 0 ? await this.#ledger(newest) : undefined;
    if (ledger) return ledger;
    throw new Error(`${prefix} must hold the ledger that ${HEAD} names, got none; remove ${HEAD} to begin anew`);
  }

  #marksOf({ number, by }: Ledger): ReadonlyMap<string, Mark | undefined> | undefined {
    return this.#last?.ledger.number === number && by === this.#context.instance ? this.#last.marks : undefined;
  }

  /** Saves several processes the same work. That only one sweep counts is ensured by the ledger. */
  async #takeTurn(number: number, at: number): Promise<boolean> {
    const { store, instance } = this.#context;
    const turn: Turn = { version: 1, by: instance, at };
    const key = turnKey(number);
    if ((await store.create(key, JSON.stringify(turn))) === "created") return true;
    const other = parse<Turn>(key, await store.get(key));
    // Between an early sweep and this one, the faster decides; the other has read in vain.
    return !other || other.isEarly === true || other.by === instance || Math.abs(at - other.at) >= TURN_MS;
  }

  /** Alerts of the last sweep that were neither accepted nor quarantined. */
  #carryOver(
    { work }: Ledger,
    before: { readonly ledger: Ledger; readonly failed: readonly string[] } | undefined,
  ): void {
    if (!before) return;
    const failed = new Set(before.failed);
    for (const { alert } of before.ledger.work.outbox)
      if (failed.has(alert.id)) work.outbox.push({ alert: again(alert) });
  }

  async #seen(): Promise<Map<string, Seen>> {
    const { monitors, store } = this.#context;
    const names = new Set([...monitors.values()].flatMap(({ missing, sources }) => (missing ? sources : [])));
    const seen = await inParallel([...names], async (name) => {
      const last = parse<Seen>(seenKey(name), await store.get(seenKey(name)));
      return last === undefined ? [] : [[name, last] as const];
    });
    return new Map(seen.flat());
  }

  /** What the next sweep removes, and what later ones remove. */
  #throwAway(ledger: Ledger, hasMarks: boolean): void {
    const { number, at, trash, work } = ledger;
    if (hasMarks) trash.push([at + REPEATS_MS, marksKey(number)]);
    work.removed.push(...trash.filter(([due]) => due <= at).map(([, key]) => key));
    ledger.trash = trash.filter(([due]) => due > at);
    if (number > 3) work.removed.push(ledgerKey(number - 3), turnKey(number - 3));
  }

  /** Publishes to instances which groups are open, and forgets groups that this instance knew and that are closed. */
  async #end(ledger: Ledger, failed: readonly string[], ledgerBytes: number): Promise<void> {
    const { number, at, work } = ledger;
    const missing = missingOf(this.#context, ledger);
    const head: Head = { version: 1, number, at, failed, open: openGroups(ledger), missing, ledgerBytes };
    await this.#context.store.put(HEAD, JSON.stringify(head));
    this.#memory.learnOpen(number, head.open, this.#context.now());
    for (const { group } of work.closed) this.#memory.forget(group);
  }
}

function sameMinute(one: number, other: number): boolean {
  return Math.floor(one / 60_000) === Math.floor(other / 60_000);
}

/** Number of missing records of groups below their thresholds. */
function missingOf({ monitors }: Context, { groups }: Ledger): Record<string, number> {
  const below = Object.entries(groups).flatMap(([group, { monitor, pool }]): [string, number, number][] => {
    const threshold = monitors.get(monitor)?.threshold;
    if (!pool || !threshold) return [];
    const seconds = pool.seconds.map(([second, records]) => [second, records] as const);
    return [[group, threshold.count - mostWithin(seconds, threshold.withinMs), threshold.count]];
  });
  return tellMissing(below);
}

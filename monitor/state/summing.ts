import type { Monitor } from "../definition/types";
import { again, labelsOf, LATE_MS } from "./alerts";
import { mutedUntil } from "./calendar";
import type { Context } from "./context";
import { inParallel } from "./in-parallel";
import { claimKey, claimOf, CLAIMS, COUNTS, groupKey, markKey } from "./keys";
import { type GroupState, isHeld, type Ledger, type OpenGroup, openGroups } from "./ledger";
import { countsOf, settle, withTakenOver } from "./marks";
import { addUntold, joined, openedBy, openOfClaim, openOfCount, openOfPool, spanOf, untoldOf, widen } from "./opening";
import { type Claim, type Count, type CountedGroup, type Mark, parse } from "./objects";
import { isCrossed } from "./threshold";

/** Maximum counts that one sweep reads; the next one reads the rest. */
const MAX_COUNTS = 5_000;

/**
 * Maximum groups of a monitor that are counted separately while they are below its threshold, or muted; the rest are
 * "others".
 */
const MAX_HELD = 10_000;

/**
 * Milliseconds after which a claim without a count is taken over: a batch sends alerts for up to half a minute, and
 * waits 40 s for a repeat.
 */
const UNCONFIRMED_MS = 45_000;

/** Adds to a ledger what instances wrote since the previous one: claims and counts. */
export class Summing {
  readonly #context: Context;
  readonly #ledger: Ledger;
  readonly #trash: ReadonlySet<string>;
  readonly #open: Map<string, number>;
  /** Number of groups by monitor that are below the threshold, or muted. */
  readonly #held = new Map<string, number>();
  /** Groups whose muted records were counted, or reported. */
  readonly #muted = new Set<string>();
  /** New marks of all positions that were read. */
  readonly marks = new Map<string, Mark | undefined>();
  /** Number of counts that are left to the next sweep. */
  left = 0;

  constructor(context: Context, ledger: Ledger) {
    this.#context = context;
    this.#ledger = ledger;
    this.#trash = new Set(ledger.trash.map(([, key]) => key));
    this.#open = new Map(Object.entries(openGroups(ledger)));
    for (const state of Object.values(ledger.groups)) if (isHeld(state)) this.#hold(state.monitor);
  }

  async run(): Promise<void> {
    await this.#seeOpened();
    await this.#seeClaims();
    await this.#sumCounts();
    await this.#openCrossed();
    await this.#seeConfirmed();
    for (const group of this.#muted)
      this.#ledger.work.muted.push({ group, count: this.#ledger.groups[group]?.muted ?? 0 });
  }

  /**
   * Checks the groups that the previous sweep opened. If an instance was faster, it sent the alert, and what the sweep
   * counted has not been reported.
   */
  async #seeOpened(): Promise<void> {
    const opened = Object.entries(this.#ledger.groups).filter(([, { open }]) => open?.openedBy !== undefined);
    await inParallel(opened, async ([key, { open }]) => {
      const claim = await this.#claim(key, open!.epoch);
      delete open!.openedBy;
      if (!claim || claim.position === "sweep") return;
      const told = claim.isTold ? 0 : claim.alert.count;
      Object.assign(open!, { told, isTold: true, toldAt: claim.at, labels: claim.alert.labels });
      if (!claim.isTold) Object.assign(open!, openedBy(claim, this.#ledger));
      if (open!.total > 0) open!.fresh ??= { ...spanOf(claim), regions: [...open!.regions], isLate: false };
    });
  }

  /** Claims that the ledger does not know. */
  async #seeClaims(): Promise<void> {
    const { store } = this.#context;
    const unknown: string[] = [];
    for await (const key of store.list(CLAIMS)) {
      const { group, epoch } = claimOf(key);
      const state = this.#ledger.groups[group];
      const isKnown = state && (state.open !== undefined || state.next !== epoch);
      if (!isKnown && !this.#trash.has(key)) unknown.push(key);
    }
    const claims = await inParallel(unknown, async (key) => ({ key, claim: parse<Claim>(key, await store.get(key)) }));
    for (const { key, claim } of claims) {
      const { group, epoch } = claimOf(key);
      if (claim && !claim.isForgotten) this.#register(group, epoch, claim);
    }
  }

  #register(key: string, epoch: number, claim: Claim): void {
    if (claim.next !== undefined) {
      // The ledger with this group was lost: only the link to the next epoch remains.
      const [monitor] = key.split("/");
      this.#ledger.groups[key] ??= { monitor, group: [], next: claim.next, closedAt: this.#ledger.at };
      return;
    }
    const { alert } = claim;
    const group = alert.group.map(([, value]) => value);
    const state: GroupState = Object.assign(this.#ledger.groups[key] ?? {}, {
      monitor: alert.monitor,
      group,
      ...(alert.isOthers && { isOthers: true as const }),
      next: epoch,
    });
    this.#ledger.groups[key] = state;
    state.open = openOfClaim(claim, epoch, this.#ledger);
    if (state.muted) this.#unmute(key, state);
    this.#countOpen(state, 1);
    this.#takePool(state);
  }

  #unmute(key: string, state: GroupState): void {
    delete state.muted;
    this.#muted.add(key);
  }

  #hold(monitor: string): void {
    this.#held.set(monitor, (this.#held.get(monitor) ?? 0) + 1);
  }

  #countOpen({ monitor, isOthers }: GroupState, change: number): void {
    if (!isOthers) this.#open.set(monitor, (this.#open.get(monitor) ?? 0) + change);
  }

  /** Records that were counted below the threshold belong to the group when it opens. */
  #takePool(state: GroupState): void {
    const { open, pool } = state;
    if (!open || !pool) return;
    delete state.pool;
    const count = pool.seconds.reduce((sum, [, records]) => sum + records, 0);
    open.total += count;
    open.sample ??= pool.sample;
    addUntold(open, pool, pool.source);
  }

  async #sumCounts(): Promise<void> {
    const { store } = this.#context;
    const keys: string[] = [];
    for await (const key of store.list(COUNTS)) {
      if (keys.length < MAX_COUNTS) keys.push(key);
      else this.left++;
    }
    const read = await inParallel(keys, async (key) => {
      const count = parse<Count>(key, await store.get(key));
      if (count) await this.#loadMark(markKey(count.source.name, count.position));
      return { key, count };
    });
    const there = read.flatMap(({ key, count }) => (count ? [{ key, count }] : []));
    for (const { key, count } of there.sort((one, other) => one.count.at - other.count.at)) {
      const mark = markKey(count.source.name, count.position);
      const settled = settle(this.marks.get(mark), count.at, countsOf(count));
      this.marks.set(mark, settled.mark);
      this.#ledger.work.consumed.push(key);
      await this.#add(count, settled.differences);
    }
  }

  async #loadMark(key: string): Promise<void> {
    if (!this.marks.has(key)) this.marks.set(key, parse<Mark>(key, await this.#context.store.get(key)));
  }

  async #add(count: Count, differences: Readonly<Record<string, number>>): Promise<void> {
    const counted = new Map(count.groups.map((group) => [groupKey(group.monitor, group.group), group]));
    for (const [key, difference] of Object.entries(differences)) {
      const group = counted.get(key);
      const open = this.#ledger.groups[key]?.open;
      // Another content of the position does not have this group.
      if (!group) {
        if (open) open.total += difference;
        continue;
      }
      const monitor = this.#context.monitors.get(group.monitor);
      if (monitor) await this.#addGroup(monitor, key, group, count, difference);
    }
  }

  async #addGroup(monitor: Monitor, key: string, group: CountedGroup, count: Count, difference: number): Promise<void> {
    const othersKey = groupKey(monitor.name, undefined);
    const known = this.#ledger.groups[key];
    const values = key === othersKey || group.isOthers ? [] : group.group;
    const isMuted = mutedUntil(monitor, values, count.at) !== undefined;
    const isHeldBack = isMuted || monitor.threshold !== undefined;
    const isBeyond = isHeldBack && !(known && isHeld(known)) && (this.#held.get(monitor.name) ?? 0) >= MAX_HELD;
    const isOthers = !known?.open && key !== othersKey && (group.isOthers === true || isBeyond);
    const own = isOthers ? othersKey : key;
    const state = this.#state(own, monitor, group);
    if (state.open && !(isOthers && isMuted)) return this.#addOpen(state.open, group, count, difference);
    if (difference < 0) return;
    if (isHeldBack && !isHeld(state)) this.#hold(monitor.name);
    if (isMuted) {
      state.muted = (state.muted ?? 0) + difference;
      this.#muted.add(own);
    } else if (monitor.threshold) this.#addToPool(state, monitor, group, count, difference);
    else await this.#openByCount(monitor, own, state, group, count, difference);
  }

  #state(key: string, { name }: Monitor, { group }: Pick<CountedGroup, "group">): GroupState {
    const isOthers = key === groupKey(name, undefined);
    const state: GroupState = (this.#ledger.groups[key] ??= { monitor: name, group: [], next: 0 });
    // The values of a group that was found only by its claim were unknown until now.
    return Object.assign(state, isOthers ? { isOthers: true as const } : { group });
  }

  #addOpen(open: OpenGroup, group: CountedGroup, { at, source, position }: Count, difference: number): void {
    open.total += difference;
    open.lastArrival = Math.max(open.lastArrival, at);
    open.firstAt = Math.min(open.firstAt, group.firstAt);
    open.lastAt = Math.max(open.lastAt, group.lastAt);
    if (!open.regions.includes(source.region)) open.regions.push(source.region);
    // What the opening batch counts was reported; additional counts of a longer repeat were not.
    if (open.opener === markKey(source.name, position) && difference === group.count) return;
    if (group.isTold) {
      open.told += difference;
      return;
    }
    addUntold(open, untoldOf(group, at, source), source);
  }

  #addToPool(state: GroupState, monitor: Monitor, group: CountedGroup, count: Count, difference: number): void {
    const untold = untoldOf(group, count.at, count.source);
    const labels = labelsOf(this.#context.file, monitor, count.source);
    const pool = (state.pool ??= { ...untold, seconds: [], labels, source: count.source, sample: group.sample });
    const isWhole = difference === group.count && group.seconds !== undefined;
    const seconds = isWhole ? group.seconds! : [[Math.floor(group.lastAt / 1000), difference] as const];
    for (const [second, records] of seconds) pool.seconds.push([second, records, count.at]);
    widen(pool, untold);
    if (pool.source?.name !== count.source.name) delete pool.source;
  }

  /** Opens a group that no instance opened. */
  async #openByCount(
    monitor: Monitor,
    key: string,
    state: GroupState,
    group: CountedGroup,
    count: Count,
    difference: number,
  ): Promise<void> {
    if (await this.#findClaim(key, state)) return this.#addOpen(state.open!, group, count, difference);
    if (!state.isOthers && (this.#open.get(monitor.name) ?? 0) >= monitor.maxGroups) {
      if (state.next === 0 && !state.muted) delete this.#ledger.groups[key];
      return this.#addGroup(monitor, groupKey(monitor.name, undefined), group, count, difference);
    }
    const labels = labelsOf(this.#context.file, monitor, count.source);
    state.open = openOfCount(count, group, difference, { epoch: state.next, labels, ledger: this.#ledger });
    this.#countOpen(state, 1);
  }

  /** Whether an instance opened a group, which a list may not show yet. */
  async #findClaim(key: string, state: GroupState): Promise<boolean> {
    for (let epoch: number | undefined = state.next; epoch !== undefined;) {
      const claim: Claim | undefined = await this.#claim(key, epoch);
      if (!claim) return false;
      if (claim.isForgotten) epoch = 0;
      else if (claim.next !== undefined) epoch = claim.next;
      else {
        state.next = epoch;
        this.#register(key, epoch, claim);
        return true;
      }
      state.next = epoch;
    }
    return false;
  }

  async #claim(group: string, epoch: number): Promise<Claim | undefined> {
    const key = claimKey(group, epoch);
    return parse<Claim>(key, await this.#context.store.get(key));
  }

  /** Pools that have crossed their thresholds. Records that arrived too long ago are forgotten. */
  async #openCrossed(): Promise<void> {
    for (const [key, state] of Object.entries(this.#ledger.groups)) {
      const { pool } = state;
      const monitor = this.#context.monitors.get(state.monitor);
      if (!pool) continue;
      if (!monitor?.threshold) {
        delete state.pool;
        continue;
      }
      const from = this.#ledger.at - monitor.windowMs - monitor.threshold.withinMs;
      pool.seconds = pool.seconds.filter(([, , arrivedAt]) => arrivedAt > from);
      const seconds = pool.seconds.map(([second, records]) => [second, records] as const);
      if (pool.seconds.length === 0) delete state.pool;
      else if (isCrossed(seconds, monitor.threshold)) await this.#openCrossedPool(key, state, monitor);
    }
  }

  async #openCrossedPool(key: string, state: GroupState, monitor: Monitor): Promise<void> {
    if (await this.#findClaim(key, state)) return;
    const isFull = !state.isOthers && (this.#open.get(monitor.name) ?? 0) >= monitor.maxGroups;
    if (!isFull) return this.#openPool(state);
    const othersKey = groupKey(monitor.name, undefined);
    const others = this.#state(othersKey, monitor, { group: [] });
    others.pool = joined(state.pool!, others.pool);
    delete state.pool;
    if (others.open) this.#takePool(others);
    else if (!(await this.#findClaim(othersKey, others))) this.#openPool(others);
  }

  #openPool(state: GroupState): void {
    state.open = openOfPool(state.pool!, state.next, this.#ledger);
    this.#countOpen(state, 1);
    this.#takePool(state);
  }

  /** Claims whose batch has been counted. This sweep reports those that remain unconfirmed for too long. */
  async #seeConfirmed(): Promise<void> {
    const open = Object.values(this.#ledger.groups).filter((state) => state.open?.claim);
    await inParallel(open, async ({ open }) => {
      const { claim } = open!;
      const { countKey, source, position, since, counted, at, alert } = claim!;
      const mark = markKey(source, position);
      const isCounted = (): boolean =>
        Object.keys(counted).some((key) => this.marks.get(mark)?.groups[key] !== undefined);
      if (isCounted()) return void delete open!.claim;
      if ((await this.#context.store.get(countKey)) !== undefined) return void delete open!.claim;
      // A sweep writes marks before it removes counts, so the mark is read last.
      this.marks.delete(mark);
      await this.#loadMark(mark);
      if (isCounted()) return void delete open!.claim;
      if (Math.abs(this.#ledger.at - since) < UNCONFIRMED_MS) return;
      delete open!.claim;
      open!.total += alert.count;
      this.marks.set(mark, withTakenOver(this.marks.get(mark), at, counted));
      this.#ledger.work.takenOver.push({ mark, at, counted });
      const marks =
        this.#ledger.at - alert.firstAt > LATE_MS ? [...new Set([...alert.marks, "late" as const])] : alert.marks;
      this.#ledger.work.outbox.push({ alert: again({ ...alert, marks }) });
    });
  }
}

/** Groups that an instance remembers at most; the one that it forgets is asked for again. */
const MAX_GROUPS = 20_000;

/** Counts that are kept while the state is away. */
const MAX_KEPT_COUNTS = 1_000;

/** Alerts whose sending is remembered, for a batch that comes again since another of its alerts failed. */
const MAX_SENT = 10_000;

/** A group that was open when it was looked at. */
export interface KnownGroup {
  readonly epoch: number;
  /** Source and position of the batch that opened it. */
  readonly openedBy: string;
  /** When this instance saw it open, and counted what is no repeat: it cannot be closed within a window from then. */
  readonly countedAt: number;
}

/** That a group was told while the state was away. */
export interface FromMemory {
  /** In milliseconds. */
  readonly at: number;
  /** Source and position of the batch that it was told of. */
  readonly by: string;
}

/** What an instance remembers to spare requests, and while the state is away. All of it may be lost. */
export class InstanceMemory {
  readonly #known = new Map<string, KnownGroup>();
  readonly #sent = new Map<string, true>();
  readonly #fromMemory = new Map<string, FromMemory>();
  readonly #kept = new Map<string, string>();
  readonly #others = new Map<string, number>();
  #dropped = 0;
  /** Open groups by monitor after the last sweep that was heard of, and when that was. */
  #open:
    | { readonly sweep: number; readonly byMonitor: Readonly<Record<string, number>>; readonly readAt: number }
    | undefined;
  readonly #won = new Map<string, number>();

  known(group: string): KnownGroup | undefined {
    return this.#known.get(group);
  }

  learn(group: string, known: KnownGroup): void {
    this.#known.delete(group);
    this.#known.set(group, known);
    bound(this.#known, MAX_GROUPS);
  }

  forget(group: string): void {
    this.#known.delete(group);
  }

  hasSent(alert: string): boolean {
    return this.#sent.has(alert);
  }

  sent(alert: string): void {
    this.#sent.set(alert, true);
    bound(this.#sent, MAX_SENT);
  }

  /** That a group was told without the state. */
  toldFromMemory(group: string): FromMemory | undefined {
    return this.#fromMemory.get(group);
  }

  tellFromMemory(group: string, told: FromMemory): void {
    this.#fromMemory.delete(group);
    this.#fromMemory.set(group, told);
    bound(this.#fromMemory, MAX_GROUPS);
  }

  /** Keeps a count that cannot be written yet. */
  keep(key: string, body: string): void {
    this.#kept.set(key, body);
    this.#dropped += bound(this.#kept, MAX_KEPT_COUNTS);
  }

  /** Counts that are kept, oldest first. */
  get kept(): readonly (readonly [key: string, body: string])[] {
    return [...this.#kept];
  }

  written(key: string): void {
    this.#kept.delete(key);
  }

  /** How many counts were dropped since the last call, for there were too many. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** Whether the number of open groups was heard within so long. */
  knowsOpenSince(at: number): boolean {
    return this.#open !== undefined && this.#open.readAt >= at;
  }

  learnOpen(sweep: number, byMonitor: Readonly<Record<string, number>>, readAt: number): void {
    if (this.#open?.sweep !== sweep) this.#won.clear();
    this.#open = { sweep, byMonitor, readAt };
  }

  /** Groups of a monitor that are open, as far as this instance knows. */
  openGroups(monitor: string): number {
    return (this.#open?.byMonitor[monitor] ?? 0) + (this.#won.get(monitor) ?? 0);
  }

  /** Whether a group was seen to be one of the others since then. */
  isOtherSince(group: string, at: number): boolean {
    return (this.#others.get(group) ?? -Infinity) >= at;
  }

  learnOther(group: string, at: number): void {
    this.#others.delete(group);
    this.#others.set(group, at);
    bound(this.#others, MAX_GROUPS);
  }

  won(monitor: string): void {
    this.#won.set(monitor, (this.#won.get(monitor) ?? 0) + 1);
  }
}

/** Drops the oldest; returns how many. */
function bound(map: Map<string, unknown>, size: number): number {
  let dropped = 0;
  for (const key of map.keys()) {
    if (map.size <= size) break;
    map.delete(key);
    dropped++;
  }
  return dropped;
}

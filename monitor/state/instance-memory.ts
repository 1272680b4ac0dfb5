/** Maximum groups that an instance remembers. A forgotten one is read again. */
const MAX_GROUPS = 20_000;

/** Maximum counts that are stored while the state is unavailable. */
const MAX_KEPT_COUNTS = 1_000;

/** Maximum sent alerts that are remembered, for a batch that comes again because another of its alerts failed. */
const MAX_SENT = 10_000;

/** A group that was open when it was last read. */
export interface KnownGroup {
  readonly epoch: number;
  /** Source and position of the batch that opened it. */
  readonly openedBy: string;
  /**
   * When this instance last saw it open and counted something other than a repeat. It cannot be closed within a window
   * from then.
   */
  readonly countedAt: number;
}

/** A group's alert that was sent while the state was unavailable. */
export interface FromMemory {
  /** In milliseconds. */
  readonly at: number;
  /** Source and position of the batch that caused it. */
  readonly by: string;
}

/** What an instance remembers, to save requests and while the state is unavailable. All of it can be lost. */
export class InstanceMemory {
  readonly #known = new Map<string, KnownGroup>();
  readonly #sent = new Map<string, true>();
  readonly #fromMemory = new Map<string, FromMemory>();
  readonly #kept = new Map<string, string>();
  readonly #others = new Map<string, number>();
  #dropped = 0;
  /** Number of open groups by monitor after the last known sweep, and when it was read. */
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

  /** Records that a group's alert was sent without the state. */
  toldFromMemory(group: string): FromMemory | undefined {
    return this.#fromMemory.get(group);
  }

  tellFromMemory(group: string, told: FromMemory): void {
    this.#fromMemory.delete(group);
    this.#fromMemory.set(group, told);
    bound(this.#fromMemory, MAX_GROUPS);
  }

  /** Stores a count that cannot be written yet. */
  keep(key: string, body: string): void {
    this.#kept.set(key, body);
    this.#dropped += bound(this.#kept, MAX_KEPT_COUNTS);
  }

  /** Stored counts, oldest first. */
  get kept(): readonly (readonly [key: string, body: string])[] {
    return [...this.#kept];
  }

  written(key: string): void {
    this.#kept.delete(key);
  }

  /** Number of counts dropped since the last call because there were too many. */
  takeDropped(): number {
    const dropped = this.#dropped;
    this.#dropped = 0;
    return dropped;
  }

  /** Whether the number of open groups was read since then. */
  knowsOpenSince(at: number): boolean {
    return this.#open !== undefined && this.#open.readAt >= at;
  }

  learnOpen(sweep: number, byMonitor: Readonly<Record<string, number>>, readAt: number): void {
    if (this.#open?.sweep !== sweep) this.#won.clear();
    this.#open = { sweep, byMonitor, readAt };
  }

  /** Number of open groups of a monitor, as far as this instance knows. */
  openGroups(monitor: string): number {
    return (this.#open?.byMonitor[monitor] ?? 0) + (this.#won.get(monitor) ?? 0);
  }

  /** Whether a group was known to be one of the others since then. */
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

/** Drops the oldest entries; returns how many. */
function bound(map: Map<string, unknown>, size: number): number {
  let dropped = 0;
  for (const key of map.keys()) {
    if (map.size <= size) break;
    map.delete(key);
    dropped++;
  }
  return dropped;
}

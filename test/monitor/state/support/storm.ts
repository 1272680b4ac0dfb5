import { MemoryStore, type StateStore, type Tracker } from "../../../../monitor";
import { FaultyCalls } from "./faulty";
import { LateLists } from "./late-lists";
import { fileOf, type Inbox, MINUTE, monitor, World } from "./world";

/** The size of a storm. */
export interface StormSize {
  readonly matches: number;
  readonly groups: number;
  readonly matchesOfBatch: number;
}

export interface StormOutcome {
  readonly inbox: Inbox;
  readonly batches: number;
  readonly requests: number;
  /** Number of matches by group. */
  readonly totals: ReadonlyMap<string, number>;
}

/**
 * An incident in two regions: one is delivered to three instances, one is pulled by three processes. One of the
 * instances is killed during a batch. One of the processes hangs during a write, is considered dead, and continues to
 * write five minutes later. Lists are delayed by seconds.
 */
export async function storm({ matches, groups, matchesOfBatch }: StormSize): Promise<StormOutcome> {
  let requests = 0;
  const memory = new MemoryStore();
  const world: World = new World(fileOf(monitor({ maxGroups: groups })), memory);
  const late = new LateLists(
    memory,
    () => world.now,
    () => 3_000,
  );
  const counted = new Proxy<StateStore>(late, {
    get(store, name: keyof StateStore) {
      requests++;
      return store[name].bind(store) as unknown;
    },
  });
  const hang = new Hang(counted);
  const killed = new FaultyCalls(400, "killed before");
  const trackers: Tracker[] = [
    world.tracker(killed.store(counted), killed.sender(world.inbox)),
    world.tracker(counted),
    world.tracker(counted),
    world.tracker(hang.store),
    world.tracker(counted),
    world.tracker(counted),
  ];
  const totals = new Map<string, number>();
  const batches = Math.ceil(matches / matchesOfBatch);
  const alive = new Set([0, 1, 2, 3, 4, 5]);
  let isDead = false;
  void killed.died.then(() => (isDead = true));

  for (let at = 0; at < batches; at++) {
    world.now += Math.floor((15 * MINUTE) / batches);
    const own = matchesIn(at, groups, matchesOfBatch);
    for (const [group, count] of Object.entries(own)) totals.set(group, (totals.get(group) ?? 0) + count);
    const isPulled = at % 2 === 1;
    const batch = world.batch(isPulled ? `${at % 6}/${at}` : `hash-${at}`, own, { source: isPulled ? "sg" : "gz" });
    const turn = ((at % 6) >> 1) + (isPulled ? 3 : 0);
    const index = alive.has(turn) ? turn : isPulled ? 4 : 1;
    if (index === 3 && at > batches / 3) {
      hang.isHanging = true;
      alive.delete(3);
      // It has read less than its successor reads at the same position.
      void trackers[3].take({ ...batch, groups: batch.groups.slice(0, 3) }).catch(() => undefined);
      await settle();
      world.now += 6_000;
      await trackers[4].take({ ...batch, arrivedAt: world.now });
    } else if (index === 0) {
      await Promise.race([trackers[0].take(batch), killed.died]);
      await settle();
      if (isDead) {
        alive.delete(0);
        await trackers[1].take({ ...batch, arrivedAt: world.now });
      }
    } else await trackers[index].take(batch);
    if (at === Math.floor(batches * 0.7)) await hang.release();
    if (at % Math.ceil(batches / 40) === 0) await trackers[[1, 2, 4, 5][at % 4]].sweep();
    // CLS repeats some successful deliveries.
    if (!isPulled && at % 17 === 0) await trackers[2].take({ ...batch, arrivedAt: world.now });
  }
  for (let minute = 0; minute < 14; minute++) {
    world.now += MINUTE;
    await trackers[1].sweep();
  }
  return { inbox: world.inbox, batches, requests, totals };
}

/** Matches of a batch: most groups have few, some have many. */
function matchesIn(batch: number, groups: number, matches: number): Record<string, number> {
  const found: Record<string, number> = {};
  for (let at = 0; at < matches; at++) {
    const group = `service-${(batch * 7 + at * at) % groups}`;
    found[group] = (found[group] ?? 0) + 1;
  }
  return found;
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** A store whose writes hang until they are released. */
class Hang {
  isHanging = false;
  readonly store: StateStore;
  #release = (): void => undefined;
  readonly #released = new Promise<void>((resolve) => (this.#release = resolve));

  constructor(inner: StateStore) {
    this.store = {
      create: (key, body) => inner.create(key, body),
      get: (key) => inner.get(key),
      list: (prefix) => inner.list(prefix),
      remove: (key) => inner.remove(key),
      put: async (key, body) => {
        if (this.isHanging) await this.#released;
        await inner.put(key, body);
      },
    };
  }

  async release(): Promise<void> {
    this.#release();
    await settle();
  }
}

/** Errors in the alerts of a storm. */
export function wrongsOf({ inbox, totals }: StormOutcome): string[] {
  const firsts = new Map<string, { plain: number; again: number }>();
  const sums = new Map<string, number>();
  const told = new Map<string, Map<string, number>>();
  for (const { id, kind, group, count, marks } of inbox.alerts) {
    const name = group[0]?.[1] ?? "others";
    if (kind === "recovered") sums.set(name, (sums.get(name) ?? 0) + count);
    else told.set(name, (told.get(name) ?? new Map<string, number>()).set(id, count));
    if (kind !== "first") continue;
    const seen = firsts.get(name) ?? { plain: 0, again: 0 };
    if (marks.includes("again")) seen.again++;
    else seen.plain++;
    firsts.set(name, seen);
  }
  const found: string[] = [];
  for (const [name, total] of totals) {
    const { plain = 0, again = 0 } = firsts.get(name) ?? {};
    if (plain > 1 || plain + again === 0) found.push(`${name}: ${plain} first alerts, ${again} again`);
    if (sums.get(name) !== total) found.push(`${name} must count ${total}, got ${sums.get(name)}`);
    const toldOf = [...(told.get(name)?.values() ?? [])].reduce((sum, count) => sum + count, 0);
    if (toldOf !== total) found.push(`${name} must be told ${total}, got ${toldOf}`);
  }
  if (firsts.size !== totals.size) found.push(`${totals.size} groups must be told, got ${firsts.size}`);
  return found;
}

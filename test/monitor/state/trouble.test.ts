import { AlertNotSentError, NotOursError, MemoryStore, StateUnreachableError, type StateStore } from "../../../monitor";
import { FaultyCalls } from "./support/faulty";
import { LateLists } from "./support/late-lists";
import { fileOf, MINUTE, monitor, START, World } from "./support/world";

/** A store that is away while it is told so. */
class Away {
  isAway = false;
  readonly inner = new MemoryStore();
  readonly store: StateStore = new Proxy<StateStore>(this.inner, {
    get: (store, name: keyof StateStore) => {
      const call = store[name].bind(store) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        if (!this.isAway) return call(...args);
        const error = new Error(`${name} got no answer`);
        if (name !== "list") return Promise.reject(error);
        return { [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(error) }) };
      };
    },
  });
}

describe("while the state is away", () => {
  it("first alerts go out from memory, marked, once an instance; the batch fails, and is counted once when it is back", async () => {
    const away = new Away();
    const world = new World(fileOf(monitor()), away.store);
    const [one, two] = [world.tracker(), world.tracker()];
    away.isAway = true;
    const first = world.batch("a", { orders: 3 });
    await expect(one.take(first)).rejects.toThrow(StateUnreachableError);
    await expect(one.take(first)).rejects.toThrow(
      "the state must be reached to take a batch, got get got no answer; the batch comes again",
    );
    expect(world.inbox.alerts.map(({ words }) => words)).toEqual([
      "the state could not be reached: others may have told this, and counts follow",
    ]);
    expect(world.inbox.take()).toEqual(["first orders 3 again"]);
    await expect(two.take(world.batch("b", { orders: 1 }))).rejects.toThrow(StateUnreachableError);
    expect(world.inbox.take()).toEqual(["first orders 1 again"]);
    await expect(one.sweep()).rejects.toThrow("got no answer");

    away.isAway = false;
    world.now += 5_000;
    await one.take({ ...first, arrivedAt: world.now });
    await two.take(world.batch("c", { orders: 10 }));
    expect(world.inbox.take()).toEqual([]);
    expect(await world.pass(11, one)).toEqual(["more orders 10", "recovered orders 14"]);
  });

  it("counts are kept within bounds, and what is dropped is said", async () => {
    const away = new Away();
    const world = new World(fileOf(monitor()), away.store);
    const tracker = world.tracker();
    away.isAway = true;
    for (let batch = 0; batch < 1_200; batch++) {
      await tracker.take(world.batch(`p${batch}`, { orders: 1 })).catch(() => undefined);
    }
    away.isAway = false;
    world.now += MINUTE;
    expect(await tracker.sweep()).toMatchObject({ counts: 1_000, dropped: 200 });
    for (let batch = 0; batch < 1_200; batch++) await tracker.take(world.batch(`p${batch}`, { orders: 1 }));
    expect((await world.pass(12, tracker)).at(-1)).toBe("recovered orders 1200");
  });
});

describe("lists that are late", () => {
  it.each([2_000, 30_000, 150_000])(
    "by %i ms lose nothing, count nothing twice, and tell each epoch once",
    async (lateMs) => {
      let late = lateMs;
      const world: World = new World(
        fileOf(monitor({ windowMs: 3 * MINUTE })),
        new LateLists(
          new MemoryStore(),
          () => world.now,
          () => late,
        ),
      );
      const trackers = [world.tracker(), world.tracker(), world.tracker()];
      let total = 0;
      for (let batch = 0; batch < 120; batch++) {
        world.now += batch % 40 === 39 ? 6 * MINUTE : 7_000;
        total += (batch % 5) + 1;
        await trackers[batch % 3].take(world.batch(`p${batch}`, { orders: (batch % 5) + 1 }));
        await trackers[(batch + 1) % 3].sweep();
      }
      late = 0;
      for (let minute = 0; minute < 12; minute++) {
        world.now += MINUTE;
        await trackers[0].sweep();
      }
      const { alerts } = world.inbox;
      const ids = alerts.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const sum = (kinds: readonly string[]) =>
        alerts.filter(({ kind }) => kinds.includes(kind)).reduce((all, { count }) => all + count, 0);
      expect(sum(["recovered"])).toBe(total);
      expect(sum(["first", "more"])).toBe(total);
      expect(alerts.flatMap(({ marks }) => marks)).not.toContain("again");
    },
  );
});

describe("sweeps", () => {
  it("of several instances at once: one does it, the others do nothing; a second one in that minute neither", async () => {
    const world = new World();
    const trackers = [world.tracker(), world.tracker(), world.tracker()];
    await trackers[0].take(world.batch("a", { orders: 1 }));
    world.now += MINUTE;
    const reports = await Promise.all(trackers.map((tracker) => tracker.sweep()));
    expect(reports.filter(({ number }) => number === 1)).toHaveLength(1);
    expect(reports.filter(({ why }) => why !== undefined)).toHaveLength(2);
    expect(await trackers[1].sweep()).toMatchObject({ why: "this minute is swept" });
  });

  it("go on while clocks jump, in both directions", async () => {
    const world = new World();
    const tracker = world.tracker();
    await tracker.take(world.batch("a", { orders: 1 }));
    world.now += 24 * 60 * MINUTE;
    await tracker.take(world.batch("b", { orders: 1 }));
    await tracker.sweep();
    world.now -= 24 * 60 * MINUTE;
    expect(await tracker.sweep()).toMatchObject({ number: 2 });
    await tracker.take(world.batch("c", { orders: 1 }));
    const told = await world.pass(15, tracker);
    expect(told.filter((alert) => alert.startsWith("recovered"))).toEqual([
      expect.stringContaining("recovered orders"),
    ]);
    const counted = world.inbox.alerts.length;
    expect(counted).toBe(0);
  });

  it("leave a group alone that is told, and forget it seven hours later, with all that lies below the prefix", async () => {
    const store = new MemoryStore();
    const world = new World(fileOf(monitor()), store);
    const tracker = world.tracker();
    for (let hour = 0; hour < 3; hour++) {
      await tracker.take(world.batch(`a${hour}`, { orders: 1, [`only${hour}`]: 2 }));
      expect(await world.pass(60, tracker)).toHaveLength(4);
    }
    await world.pass(9 * 60, tracker);
    const left: string[] = [];
    for await (const key of store.list("")) left.push(key.replace(/\d+$/, "n"));
    expect([...new Set(left)]).toEqual(["sweep/head", "sweep/ledger/n", "sweep/turn/n"]);
    expect(left.length).toBeLessThan(10);
    await tracker.take(world.batch("b", { orders: 1 }));
    expect(world.inbox.take()).toEqual(["first orders 1"]);
  });

  it("forget no group that an instance opens at that moment: one first alert, whoever is faster", async () => {
    for (const at of [0, 1, 2, 3, 4, 5, 6]) {
      const world = new World();
      const [sweeper, one, two] = [world.tracker(), world.tracker(), world.tracker()];
      await one.take(world.batch("a", { orders: 1 }));
      await world.pass(7 * 60 + 9, sweeper);
      world.inbox.take();
      for (let minute = 0; minute < 4; minute++) {
        world.now += MINUTE;
        if (minute === at % 4)
          await Promise.all([
            sweeper.sweep(),
            one.take(world.batch("b", { orders: 1 })),
            two.take(world.batch("c", { orders: 1 })),
          ]);
        else await sweeper.sweep();
      }
      expect(world.inbox.take()).toEqual(["first orders 1"]);
      expect(await world.pass(12, sweeper)).toEqual(["more orders 1", "recovered orders 2"]);
    }
  });
});

describe("a claim whose process died before its alert was confirmed", () => {
  /** Dies after the claim, or after the alert; the batch has two groups. */
  async function dead(world: World, step: "create claims" | "send"): Promise<void> {
    const count = new FaultyCalls(-1, "killed after");
    const trial = new World(world.file);
    await trial.tracker(count.store(trial.store), count.sender(trial.inbox)).take(batch(trial));
    const at = count.calls.findIndex((call) => call.startsWith(step));
    const faulty = new FaultyCalls(at, "killed after");
    void world.tracker(faulty.store(world.store), faulty.sender(world.inbox)).take(batch(world));
    await faulty.died;
  }
  const batch = (world: World) => world.batch("a", { orders: 3 });

  it.each(["create claims", "send"] as const)(
    "after %s: is told by the second sweep, marked, where the batch never comes again",
    async (step) => {
      const world = new World();
      await dead(world, step);
      world.inbox.take();
      const other = world.tracker();
      await other.take(world.batch("b", { orders: 2 }));
      expect(world.inbox.take()).toEqual([]);
      expect(await world.pass(1, other)).toEqual([]);
      expect(await world.pass(1, other)).toEqual(["first orders 3 late again"]);
      // Hours later it comes again after all.
      expect(await world.pass(15, other)).toEqual(["more orders 2", "recovered orders 5"]);
      await other.take({ ...batch(world), arrivedAt: world.now });
      expect(await world.pass(15, other)).toEqual([]);
    },
  );

  it("is told by the batch's own repeat, marked, at once or after the time that another try may take", async () => {
    const world = new World();
    await dead(world, "create claims");
    const began = world.now;
    await world.tracker().take(batch(world));
    expect(world.inbox.take()).toEqual(["first orders 3 again"]);
    expect(world.now - began).toBe(40_000);
    expect(await world.pass(12, world.tracker())).toEqual(["recovered orders 3"]);
  });

  it("is waited for once, however many groups the earlier try had claimed", async () => {
    const world = new World();
    const many = world.batch("a", Object.fromEntries(Array.from({ length: 100 }, (_, at) => [`service-${at}`, 1])));
    const stuck = new FaultyCalls(-1, "killed after").store(world.store);
    const put = (): Promise<void> => new Promise(() => undefined);
    void world.tracker({ ...stuck, put }).take(many);
    await until(() => world.inbox.alerts.length === 100);
    world.inbox.take();
    const began = world.now;
    await world.tracker().take(many);
    expect(world.inbox.take().filter((told) => told.endsWith(" again"))).toHaveLength(100);
    expect(world.now - began).toBe(40_000);
  });

  it("is not counted where the batch is another process's by then, and not even told where it was before", async () => {
    const world = new World();
    let asked = 0;
    const take = (mostAsked: number): Promise<void> => {
      asked = 0;
      return world.tracker().take(world.batch("a", { orders: 3 }), () => asked++ < mostAsked);
    };
    await expect(take(0)).rejects.toThrow("the batch must be this process's to count, got another one's");
    expect(world.inbox.take()).toEqual([]);
    await expect(take(1)).rejects.toThrow(NotOursError);
    expect(world.inbox.take()).toEqual(["first orders 3"]);
    // It is the other process that counts it, with what came since.
    await world.tracker().take({ ...world.batch("a", { orders: 5 }), arrivedAt: world.now + 1 });
    expect(world.inbox.take()).toEqual(["first orders 3 again"]);
    expect(await world.pass(12, world.tracker())).toEqual(["more orders 2", "recovered orders 5"]);
  });
});

/** Waits until something holds. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise(setImmediate);
}

describe("a receiver that neither takes nor keeps", () => {
  it("has the batch come again, and a sweep's alerts sent again, marked", async () => {
    const world = new World();
    const tracker = world.tracker();
    world.inbox.outcome = ({ group }) => (group[0][1] === "pay" ? "failed" : "taken");
    const batch = world.batch("a", { orders: 1, pay: 1 });
    await expect(tracker.take(batch)).rejects.toThrow(AlertNotSentError);
    await expect(tracker.take(batch)).rejects.toThrow(
      "alerts of a batch must be taken or kept by each receiver, got failures of oncall",
    );
    expect(world.inbox.take()).toEqual(["first orders 1"]);
    world.inbox.outcome = () => "taken";
    await tracker.take(batch);
    expect(world.inbox.take()).toEqual(["first pay 1 again"]);

    world.inbox.outcome = () => "failed";
    expect(await world.pass(11, tracker)).toEqual([]);
    world.inbox.outcome = () => "quarantined";
    expect((await world.pass(1, tracker)).sort()).toEqual(["recovered orders 1 again", "recovered pay 1 again"]);
    expect(await world.pass(5, tracker)).toEqual([]);
  });

  it("is not waited for by the alerts of other groups", async () => {
    const world = new World();
    const tracker = world.tracker();
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    world.inbox.outcome = ({ group }) =>
      group[0][1] === "g0" ? (held.then(() => "taken") as Promise<never>) : "taken";
    const groups = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`g${at}`, 1]));
    const taking = tracker.take(world.batch("a", groups));
    for (let turn = 0; turn < 500; turn++) await Promise.resolve();
    expect(world.inbox.alerts).toHaveLength(59);
    release();
    await taking;
    expect(world.inbox.alerts).toHaveLength(60);
    expect(START).toBe(world.now);
  });
});

describe("a storm of groups that are told to nobody", () => {
  const storm = (from: number, count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, number) => [`g${from + number}`, 1]));
  const ledgerOf = async (world: World) => {
    const keys: string[] = [];
    for await (const key of world.store.list("sweep/ledger/")) keys.push(key);
    return JSON.parse((await world.store.get(keys.sort((a, b) => a.length - b.length || (a < b ? -1 : 1)).at(-1)!))!);
  };

  it("is kept apart up to 10,000 below a threshold, and the rest together, which may cross it", async () => {
    const world = new World(monitor({ threshold: { count: 500, withinMs: MINUTE } }));
    const tracker = world.tracker();
    for (let batch = 0; batch < 11; batch++) await tracker.take(world.batch(`b${batch}`, storm(batch * 1000, 1000)));
    await tracker.sweep();
    expect(world.inbox.take()).toEqual(["first others 1000"]);
    expect(Object.keys((await ledgerOf(world)).groups)).toHaveLength(10_001);
  });

  it("is kept apart up to 10,000 while it is muted, counted whole, and forgotten when the mute is long over", async () => {
    const world = new World(monitor({ mute: [{ group: {}, until: START + 5 * MINUTE }] }));
    const tracker = world.tracker();
    for (let batch = 0; batch < 11; batch++) await tracker.take(world.batch(`b${batch}`, storm(batch * 1000, 1000)));
    world.now += MINUTE;
    await tracker.sweep();
    const groups = Object.values((await ledgerOf(world)).groups as Record<string, { muted: number }>);
    expect(groups).toHaveLength(10_001);
    expect(groups.reduce((sum, { muted }) => sum + muted, 0)).toBe(11_000);
    expect(await world.pass(3, tracker)).toEqual([]);
    world.now += 8 * 60 * MINUTE;
    await world.pass(3, tracker);
    expect(Object.keys((await ledgerOf(world)).groups)).toEqual([]);
    for await (const key of world.store.list("muted/")) throw new Error(`${key} is left`);
  });

  it("opens no other group when a part of it is muted, and says the count of one exactly", async () => {
    const world = new World(monitor({ mute: [{ group: { service: "orders" }, until: START + 60 * MINUTE }] }));
    const tracker = world.tracker();
    for (let batch = 0; batch < 20; batch++) await tracker.take(world.batch(`b${batch}`, { orders: 2 }));
    expect(await world.pass(2, tracker)).toEqual([]);
    for await (const key of world.store.list("muted/"))
      expect(JSON.parse((await world.store.get(key))!).count).toBe(40);
  });
});

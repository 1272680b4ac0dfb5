import { MemoryStore, type StateStore, type Tracker } from "../../../monitor";
import { inShort, MINUTE, monitor, START } from "./support/world";
import { Timeline } from "./support/timeline";

const ten = { count: 10, withinMs: 5 * MINUTE };

/** Takes what matched, and then sums early where that may be needed, as functions and processes do. */
async function take(world: Timeline, tracker: Tracker, position: string, count: number): Promise<void> {
  await tracker.take(world.batch(position, { orders: count }));
  void tracker.hurry();
}

/** Requests of a store, in their order. */
class Counted {
  readonly calls: string[] = [];
  readonly store: StateStore = new Proxy<StateStore>(new MemoryStore(), {
    get: (store, name: keyof StateStore) => {
      const call = store[name].bind(store) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        this.calls.push(`${name} ${String(args[0])}`);
        return call(...args);
      };
    },
  });
}

describe("a threshold that several batches cross together", () => {
  it.each([1, 3, 16])("is told within seconds, by itself, with %i instances", async (instances) => {
    const world = new Timeline(monitor({ threshold: { count: 160, withinMs: 5 * MINUTE } }));
    const trackers = Array.from({ length: instances }, () => world.tracker());
    world.now += 20_000;
    for (let batch = 0; batch < 16; batch++) await take(world, trackers[batch % instances], `p${batch}`, 10);
    expect(world.inbox.take()).toEqual([]);
    await world.wait(6);
    expect(world.inbox.take()).toEqual(["first orders 160"]);
  });

  it("is told six seconds later at most, whenever its records come, and once", async () => {
    const world = new Timeline(monitor({ threshold: ten }));
    const trackers = [world.tracker(), world.tracker(), world.tracker()];
    world.now += 5_000;
    for (let batch = 0; batch < 9; batch++) {
      await take(world, trackers[batch % 3], `p${batch}`, 1);
      await world.wait(3);
    }
    expect(world.inbox.take()).toEqual([]);
    await take(world, trackers[0], "last", 1);
    await world.wait(6);
    expect(world.inbox.take()).toEqual(["first orders 10"]);
    await take(world, trackers[1], "more", 4);
    await world.wait(11 * 60, () => trackers[2].sweep());
    expect(world.inbox.take()).toEqual(["more orders 4", "recovered orders 14"]);
  });

  it("is told of what others counted before the last sweep, of which this instance has not heard", async () => {
    const world = new Timeline(monitor({ threshold: { count: 1000, withinMs: 5 * MINUTE } }));
    const [one, two] = [world.tracker(), world.tracker()];
    world.now += 5_000;
    await take(world, two, "a", 1);
    await world.wait(5);
    await take(world, one, "b", 985);
    await world.wait(10);
    await take(world, two, "c", 14);
    await world.wait(6);
    expect(world.inbox.take()).toEqual(["first orders 1000"]);
  });

  it("waits for nobody in quiet hours, and not for what is muted", async () => {
    const counted = new Counted();
    const quiet = [{ days: [], fromMinute: 0, toMinute: 24 * 60 - 1, zone: "UTC" }];
    const muted = [{ group: { service: "orders" }, until: START + 60 * MINUTE }];
    for (const one of [monitor({ threshold: ten, quiet }), monitor({ threshold: ten, mute: muted })]) {
      const world = new Timeline(one, counted.store);
      const tracker = world.tracker();
      await take(world, tracker, "a", 9);
      await take(world, tracker, "b", 9);
      await world.wait(20);
    }
    expect(counted.calls.filter((call) => !call.startsWith("put counts/"))).toEqual([]);
  });
});

describe("early sweeps", () => {
  it("are at least five seconds apart, and the minute is swept all the same", async () => {
    const counted = new Counted();
    const world = new Timeline(monitor({ threshold: { count: 1_000_000, withinMs: MINUTE } }), counted.store);
    const trackers = [world.tracker(), world.tracker(), world.tracker()];
    const sweeper = world.tracker();
    const swept: unknown[] = [];
    const each = async () => swept.push((await sweeper.sweep()).number);
    for (let second = 0; second < 5 * 60; second++) {
      for (const [at, tracker] of trackers.entries()) await take(world, tracker, `p${second}-${at}`, 40_000);
      await world.wait(1, each);
      if (second === 0) counted.calls.length = 0;
    }
    expect(swept).toHaveLength(5);
    expect(swept.every((number) => typeof number === "number")).toBe(true);
    expect(world.inbox.take()).toEqual([expect.stringContaining("first orders")]);
  });

  it("cost no more than a dozen turns a minute, whatever is counted", async () => {
    const counted = new Counted();
    const world = new Timeline(monitor({ threshold: { count: 1_000_000, withinMs: MINUTE } }), counted.store);
    const trackers = [world.tracker(), world.tracker(), world.tracker()];
    for (let second = 0; second < 120; second++) {
      for (const [at, tracker] of trackers.entries()) {
        await tracker.take(world.batch(`p${second}-${at}`, { [`g${second % 20}`]: 80_000 }));
        void tracker.hurry();
      }
      await world.wait(1);
    }
    const created = (what: string) => counted.calls.filter((call) => call.startsWith(`create sweep/${what}/`)).length;
    expect(created("ledger")).toBeLessThanOrEqual(25);
    expect(created("turn")).toBeLessThanOrEqual(3 * (created("ledger") + 1));
    const heads = counted.calls.filter((call) => call === "get sweep/head").length;
    expect(heads).toBeLessThanOrEqual(360 + 6 * created("ledger"));
  });

  it("are not made where nothing is near", async () => {
    const counted = new Counted();
    const world = new Timeline(monitor({ threshold: { count: 1_000, withinMs: MINUTE } }), counted.store);
    const tracker = world.tracker();
    for (let batch = 0; batch < 6; batch++) {
      await take(world, tracker, `p${batch}`, 5);
      await world.wait(3);
    }
    expect(counted.calls.filter((call) => call.startsWith("create"))).toEqual([]);
    expect(counted.calls.filter((call) => call.startsWith("put"))).toHaveLength(6);
  });

  it("are not asked for once a group is open", async () => {
    const counted = new Counted();
    const world = new Timeline(monitor({ threshold: ten }), counted.store);
    const trackers = [world.tracker(), world.tracker()];
    for (const [at, tracker] of trackers.entries()) await take(world, tracker, `a${at}`, 5);
    await world.wait(10);
    expect(world.inbox.take()).toEqual(["first orders 10"]);
    counted.calls.length = 0;
    for (let batch = 0; batch < 60; batch++) {
      await take(world, trackers[batch % 2], `b${batch}`, 5);
      await world.wait(3);
    }
    expect(counted.calls.filter((call) => call.startsWith("create"))).toEqual([]);
  });

  it("are left to the sweep of the minute where the ledger is large", async () => {
    const counted = new Counted();
    const world = new Timeline(monitor({ threshold: ten }), counted.store);
    const tracker = world.tracker();
    const many = Object.fromEntries(
      Array.from({ length: 2_000 }, (_, at) => [`service-${at}-${"x".repeat(2_000)}`, 1]),
    );
    await tracker.take(world.batch("a", many));
    await world.wait(60, () => tracker.sweep());
    counted.calls.length = 0;
    await take(world, tracker, "b", 9);
    await take(world, tracker, "c", 9);
    await world.wait(20);
    expect(counted.calls.filter((call) => call.startsWith("create"))).toEqual([]);
    await world.wait(60, () => tracker.sweep());
    expect(world.inbox.alerts.map(inShort)).toEqual(["first orders 18"]);
  }, 30_000);

  it("take over no claim whose batch is merely under way", async () => {
    const world = new Timeline(monitor({ threshold: ten }));
    const [slow, one, two] = [world.tracker(), world.tracker(), world.tracker()];
    // Its receiver takes half a minute.
    const answers: (() => void)[] = [];
    const { send } = world.inbox;
    world.inbox.send = async (alert) => {
      if (alert.group[0][1] === "pay") await new Promise<void>((resolve) => answers.push(resolve));
      return send.call(world.inbox, alert);
    };
    world.now += 1_000;
    const taking = slow.take(world.batch("s", { pay: 10 }));
    for (let batch = 0; batch < 10; batch++) {
      await one.take(world.batch(`a${batch}`, { [`g${batch}`]: 9 }));
      void one.hurry();
      await two.take(world.batch(`b${batch}`, { [`g${batch}`]: 9 }));
      void two.hurry();
      await world.wait(3);
    }
    answers.forEach((answer) => answer());
    await taking;
    expect(world.inbox.take().filter((told) => told.includes("pay"))).toEqual(["first pay 10"]);
  });
});

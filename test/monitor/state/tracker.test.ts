import { isQuiet } from "../../../monitor/state/calendar";
import { batchOf, fileOf, MINUTE, monitor, sourceRef, START, World } from "./support/world";

describe("a group", () => {
  it("is told once, however many instances see it, and then counted exactly, with regions and last time", async () => {
    const world = new World();
    const [one, two, three] = [world.tracker(), world.tracker(), world.tracker()];
    await Promise.all([
      one.take(world.batch("a", { orders: 3 })),
      two.take(world.batch("b", { orders: 2 }, { source: "sg" })),
      three.take(world.batch("c", { orders: 5 })),
    ]);
    const [first, ...others] = world.inbox.alerts.splice(0);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ kind: "first", group: [["service", "orders"]], marks: [], windowMs: 10 * MINUTE });

    for (let batch = 0; batch < 20; batch++) {
      world.now += 20_000;
      await [one, two, three][batch % 3].take(
        world.batch(`d${batch}`, { orders: 10 }, { source: batch % 2 ? "sg" : "gz" }),
      );
      await two.sweep();
    }
    const lastAt = world.now - 1000;
    expect(world.inbox.take()).toEqual([]);
    await world.pass(3, one);
    world.now = START + 10 * MINUTE;
    await three.sweep();
    const [more] = world.inbox.alerts;
    expect(more).toMatchObject({
      kind: "more",
      count: 210 - first.count,
      regions: expect.arrayContaining(["ap-guangzhou", "ap-singapore"]) as string[],
      lastAt,
    });
    expect(more.source).toBeUndefined();
    expect(world.inbox.take()).toEqual([`more orders ${210 - first.count}`]);
    expect(await world.pass(20, one)).toEqual(["recovered orders 210"]);
  });

  it("is opened again after it recovered, and that is told at once", async () => {
    const world = new World();
    const [one, two] = [world.tracker(), world.tracker()];
    await one.take(world.batch("a", { orders: 1 }));
    await two.take(world.batch("b", { orders: 1 }));
    expect(world.inbox.take()).toEqual(["first orders 1"]);
    expect(await world.pass(11, one)).toEqual(["more orders 1", "recovered orders 2"]);
    for (const tracker of [two, one]) {
      await tracker.take(world.batch(`c${tracker === one}`, { orders: 7 }));
    }
    expect(world.inbox.take()).toEqual(["first orders 7"]);
    expect(await world.pass(11, two)).toEqual(["more orders 7", "recovered orders 14"]);
    expect(new Set(world.inbox.alerts.map(({ id }) => id)).size).toBe(world.inbox.alerts.length);
  });

  it("costs one PUT a batch once it is open, and none without a match", async () => {
    const world = new World();
    const calls: string[] = [];
    const counting = new Proxy(world.store, {
      get:
        (store, name: "put") =>
        (...args: [string, string]) => {
          calls.push(`${name} ${args[0].split("/")[0]}`);
          return store[name](...args);
        },
    });
    const tracker = world.tracker(counting);
    await tracker.take(world.batch("a", { orders: 1, pay: 1 }));
    expect(calls).toEqual(["get counts", "get sweep", "get summed", "create claims", "create claims", "put counts"]);
    calls.length = 0;
    await tracker.take(world.batch("b", { orders: 1, pay: 1 }));
    await tracker.take(world.batch("c", {}));
    expect(calls).toEqual(["put counts"]);
  });

  it("carries the labels of its first alert to the end", async () => {
    const world = new World(monitor({ labels: { tier: "1" } }));
    const tracker = world.tracker();
    await tracker.take(world.batch("a", { orders: 1 }, { source: "sg" }));
    await tracker.take(world.batch("b", { orders: 1 }, { source: "gz" }));
    for (let minute = 0; minute < 12; minute++) {
      world.now += MINUTE;
      await tracker.sweep();
    }
    const labels = { tier: "1", team: "sea", source: "sg", region: "ap-singapore" };
    expect(world.inbox.alerts).toMatchObject([
      { kind: "first", labels },
      { kind: "more", labels },
      { kind: "recovered", labels },
    ]);
  });

  it("beyond maxGroups is one of the others, which are counted together", async () => {
    const world = new World(monitor({ maxGroups: 2 }));
    const tracker = world.tracker();
    await tracker.take(world.batch("a", { a: 1, b: 1, c: 1, d: 2 }));
    await tracker.take(world.batch("b", { a: 1, e: 4 }));
    expect(world.inbox.take()).toEqual(["first a 1", "first b 1", "first others 3"]);
    expect(await world.pass(11, tracker)).toEqual(
      expect.arrayContaining(["more a 1", "recovered a 2", "recovered b 1", "more others 4", "recovered others 7"]),
    );
    await tracker.take(world.batch("c", { d: 1 }));
    expect(world.inbox.take()).toEqual(["first d 1"]);
  });

  it("whose records are late says so, and opens no epoch that is over", async () => {
    const world = new World();
    const tracker = world.tracker();
    await tracker.take(world.batch("a", { orders: 1 }));
    await world.pass(11, tracker);
    await tracker.take(world.batch("b", { orders: { count: 1, firstAt: START - 1000 } }));
    expect(world.inbox.take()).toEqual(["first orders 1 late"]);
    await tracker.take(world.batch("day", { pay: { count: 1, firstAt: START - 24 * 60 * MINUTE } }));
    expect(world.inbox.take()).toEqual(["first pay 1 late"]);
    await tracker.take(world.batch("c", { orders: { count: 2, firstAt: START - 1000 } }));
    expect(await world.pass(11, tracker)).toEqual(["more orders 2 late", "recovered pay 1", "recovered orders 3"]);
  });
});

describe("a repeat", () => {
  it("counts nothing and sends nothing, in any order, at any time up to six hours", async () => {
    const world = new World();
    const trackers = [world.tracker(), world.tracker(), world.tracker()];
    const batches = Array.from({ length: 6 }, (_, at) => world.batch(`p${at}`, { orders: at + 1, [`g${at}`]: 1 }));
    for (const [at, batch] of batches.entries()) await trackers[at % 3].take(batch);
    const total = 21;
    expect(world.inbox.take()).toHaveLength(7);
    for (let hour = 0; hour < 6; hour++) {
      for (const [at, batch] of [...batches].reverse().entries()) {
        await trackers[(at + hour) % 3].take({ ...batch, arrivedAt: world.now });
      }
      const told = await world.pass(59, trackers[hour % 3]);
      if (hour === 0) {
        expect(told).toContain(`recovered orders ${total}`);
        expect(told).toHaveLength(8);
      } else expect(told).toEqual([]);
    }
  });

  it("that holds more than the first try counts the difference, and a slow one that read less changes nothing", async () => {
    const world = new World();
    const [dead, alive] = [world.tracker(), world.tracker()];
    const short = world.batch("0/100", { orders: 50 });
    await dead.take(short);
    await world.pass(2, alive);
    await alive.take(world.batch("0/100", { orders: 80, pay: 1 }));
    await dead.take(short);
    await world.pass(2, alive);
    await dead.take({ ...short });
    const told = await world.pass(15, alive);
    expect(told).toEqual(expect.arrayContaining(["more orders 30", "recovered orders 80", "recovered pay 1"]));
  });

  it("that runs at the same time waits for the first try, and sends nothing", async () => {
    const world = new World();
    const [one, two] = [world.tracker(), world.tracker()];
    const batch = world.batch("a", { orders: 1 });
    await Promise.all([one.take(batch), two.take(batch)]);
    expect(world.inbox.take()).toEqual(["first orders 1"]);
    expect(await world.pass(12, one)).toEqual(["recovered orders 1"]);
  });
});

describe("a threshold", () => {
  const tracked = monitor({ threshold: { count: 10, withinMs: 5 * MINUTE } });

  it("is crossed by records of several batches and instances that lie close enough by their own times", async () => {
    const world = new World(tracked);
    const [one, two] = [world.tracker(), world.tracker()];
    await one.take(world.batch("a", { orders: 4 }));
    await two.take(world.batch("b", { orders: 5 }));
    expect(await world.pass(1, one)).toEqual([]);
    await two.take(world.batch("c", { orders: 1 }));
    await one.take(world.batch("d", { orders: 2 }));
    expect(world.inbox.take()).toEqual([]);
    expect(await world.pass(1, one)).toEqual(["first orders 12"]);
    await one.take(world.batch("e", { orders: 30 }));
    expect(await world.pass(11, one)).toEqual(["more orders 30", "recovered orders 42"]);
  });

  it("is told at once where one batch crosses it", async () => {
    const world = new World(tracked);
    const tracker = world.tracker();
    await tracker.take(world.batch("a", { orders: 10 }));
    expect(world.inbox.take()).toEqual(["first orders 10"]);
  });

  it("is not crossed by as many records that lie further apart, whenever they arrive", async () => {
    const world = new World(tracked);
    const tracker = world.tracker();
    for (let batch = 0; batch < 20; batch++) {
      const own = START - batch * MINUTE;
      await tracker.take(world.batch(`b${batch}`, { orders: { count: 1, firstAt: own, lastAt: own } }));
    }
    expect(await world.pass(20, tracker)).toEqual([]);
  });
});

it("a threshold that is crossed where no more groups may be open is told of the others", async () => {
  const world = new World(monitor({ maxGroups: 1, threshold: { count: 4, withinMs: MINUTE } }));
  const tracker = world.tracker();
  await tracker.take(world.batch("a", { open: 4, late: 2 }));
  await tracker.take(world.batch("b", { late: 2 }));
  expect(await world.pass(1, tracker)).toEqual(["first open 4", "first others 4"]);
  expect(await world.pass(11, tracker)).toEqual(["recovered open 4", "recovered others 4"]);
});

describe("a source", () => {
  it("that went silent is missing once, and then returned", async () => {
    const world = new World(monitor({ missing: { forMs: 15 * MINUTE } }));
    const tracker = world.tracker();
    await tracker.seen(sourceRef("gz"), world.now);
    expect(await world.pass(14, tracker)).toEqual([]);
    await tracker.seen(sourceRef("gz"), world.now);
    expect(await world.pass(20, tracker)).toEqual(["missing sg", "missing gz"]);
    await tracker.seen(sourceRef("sg"), world.now);
    expect(await world.pass(5, tracker)).toEqual(["returned sg"]);
    await tracker.seen(sourceRef("gz"), world.now);
    await tracker.seen(sourceRef("sg"), world.now);
    expect(await world.pass(14, tracker)).toEqual(["returned gz"]);
  });

  it("is written down once a minute, and only where somebody waits for it", async () => {
    const world = new World(fileOf(monitor({ missing: { forMs: 15 * MINUTE }, sources: ["gz"] })));
    let puts = 0;
    const put = world.store.put.bind(world.store);
    world.store.put = (key, body) => (puts++, put(key, body));
    const tracker = world.tracker();
    for (let second = 0; second < 120; second++) {
      await tracker.seen(sourceRef("gz"), START + second * 1000);
      await tracker.seen(sourceRef("sg"), START + second * 1000);
    }
    expect(puts).toBe(2);
  });
});

describe("quiet hours and mutes", () => {
  // 22:00 to 08:00 in Shanghai is 14:00 to 00:00 UTC.
  const quiet = [{ days: [], fromMinute: 22 * 60, toMinute: 8 * 60, zone: "Asia/Shanghai" }];

  it("hold alerts, and tell them summed when they end; what is critical goes through", async () => {
    const world = new World(fileOf(monitor({ quiet }), monitor({ name: "Fatal", quiet, severity: "critical" })));
    const tracker = world.tracker();
    world.now = Date.UTC(2026, 10, 25, 15);
    for (let hour = 0; hour < 9; hour++) {
      await tracker.take(world.batch(`w${hour}`, { orders: 2 }));
      await tracker.take(batchOf(`f${hour}`, { orders: 1 }, { at: world.now, monitor: "Fatal" }));
      const told = [...world.inbox.take(), ...(await world.pass(59, tracker))];
      expect(told).toEqual(["first orders 1", "recovered orders 1"]);
      world.now += MINUTE;
    }
    await tracker.sweep();
    const [first, recovered] = world.inbox.alerts;
    expect(first).toMatchObject({
      kind: "first",
      count: 18,
      words: "held back in quiet hours",
      sample: { fields: [["service", "orders"]] },
    });
    expect(recovered).toMatchObject({ kind: "recovered", count: 18 });
    expect(world.inbox.alerts).toHaveLength(2);
  });

  it("know the time of the zone, over midnight and where clocks change", () => {
    const hours = (days: string[], zone: string) => ({
      severity: "warning" as const,
      quiet: [{ days, fromMinute: 23 * 60, toMinute: 120, zone }],
    });
    expect(isQuiet(hours(["fri"], "Asia/Shanghai"), Date.UTC(2026, 10, 27, 15, 30))).toBe(true);
    expect(isQuiet(hours(["fri"], "Asia/Shanghai"), Date.UTC(2026, 10, 27, 17, 59))).toBe(true);
    expect(isQuiet(hours(["fri"], "Asia/Shanghai"), Date.UTC(2026, 10, 27, 18, 0))).toBe(false);
    expect(isQuiet(hours(["sat"], "Asia/Shanghai"), Date.UTC(2026, 10, 27, 17, 0))).toBe(false);
    // New York: UTC-4 until 1 November 2026, 06:00 UTC, then UTC-5.
    expect(isQuiet(hours([], "America/New_York"), Date.UTC(2026, 9, 31, 5, 59))).toBe(true);
    expect(isQuiet(hours([], "America/New_York"), Date.UTC(2026, 9, 31, 6, 0))).toBe(false);
    expect(isQuiet(hours([], "America/New_York"), Date.UTC(2026, 10, 2, 6, 59))).toBe(true);
  });

  it("mute a group, count it, and say afterwards how many were muted", async () => {
    const world = new World(monitor({ mute: [{ group: { service: "orders" }, until: START + 60 * MINUTE }] }));
    const [one, two] = [world.tracker(), world.tracker()];
    for (let batch = 0; batch < 5; batch++) {
      await one.take(world.batch(`m${batch}`, { orders: 3, pay: 1 }));
      await world.pass(10, two);
    }
    world.inbox.take();
    expect(await world.pass(15, one)).toEqual([]);
    await two.take(world.batch("after", { orders: 1 }));
    expect(world.inbox.alerts).toMatchObject([{ kind: "first", count: 1, words: "15 before it were muted" }]);
    world.inbox.take();
    expect(await world.pass(12, two)).toEqual(["recovered orders 1"]);
    await two.take(world.batch("later", { orders: 1 }));
    expect(world.inbox.alerts[0].words).toBeUndefined();
  });
});

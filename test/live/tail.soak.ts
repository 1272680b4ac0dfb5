import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { SimulatedClock } from "../../local/clock";
import type { LocalCloudOptions } from "../../local/cloud";
import { call } from "../local/support/api";
import { deployLive, type DeployedLive } from "./support/deployed";
import { Tail } from "./support/tail";
import { errorsOf, numbered, WRITER } from "./support/writer";

// What takes as long as people's patience: flags that expire, networks that are away, functions that are made anew.

let live: DeployedLive;
const tails: Tail[] = [];

async function deploy(options: Partial<LocalCloudOptions> = {}): Promise<void> {
  live = await deployLive({ orders: { code: WRITER, timeoutSeconds: 300 } }, options);
}

afterEach(async () => {
  await Promise.all(tails.splice(0).map((tail) => tail.stop()));
  await live.close();
});

async function tail(...args: string[]): Promise<Tail> {
  const made = new Tail(args, live);
  tails.push(made);
  await made.tailing();
  return made;
}

const ends = ({ events }: Tail): number => events.filter(({ type }) => type === "request_finished").length;

it("leaves a function quiet a minute after kill -9: the flag expires by itself", async () => {
  await deploy();
  let records = 0;
  live.cloud.topic("live").onRecords(async (more) => void (records += more.length));
  const one = await tail("orders", "--json");
  await live.invoke("orders");
  await one.until("the end", (each) => ends(each) > 0);
  expect(records).toBe(4);
  one.kill("SIGKILL");
  await one.ended;
  await sleep(61_000);
  await live.invoke("orders");
  await sleep(6_000);
  records = 0;
  await live.invoke("orders", { count: 50, everyMs: 20 });
  expect(records).toBe(0);
});

it("comes through a network that is away for more than a minute, and misses nothing", async () => {
  await deploy();
  const one = await tail("orders", "--json");
  const written = live.invoke("orders", { name: "away", count: 900, everyMs: 100 });
  await one.until("the first lines", ({ texts }) => texts.length > 20);
  live.cloud.cls.faults.decide = ({ action }) => (action === "structuredlog" ? undefined : { reset: 0 });
  await sleep(70_000);
  live.cloud.cls.faults.decide = () => undefined;
  await written;
  await one.until("the end", (each) => ends(each) > 0, 60_000);
  expect(one.texts).toEqual(numbered("away", 900));
  expect(errorsOf(one).map(({ code }) => code)).toEqual(expect.arrayContaining(["NO_ANSWER"]));
  expect(one.events.some(({ type }) => type === "reconnected")).toBe(true);
});

it("says within 15 s that CLS says nothing, for a minute", async () => {
  await deploy();
  const one = await tail("orders", "--json");
  const startedAt = Date.now();
  live.cloud.cls.faults.decide = ({ action }) => (action === "pull_log" ? { stall: true } : undefined);
  await one.until("that nobody answers", (each) => errorsOf(each).length > 0, 16_000);
  expect(Date.now() - startedAt).toBeLessThan(16_000);
  await live.invoke("orders", { name: "silent", count: 50 });
  await sleep(60_000 - (Date.now() - startedAt));
  live.cloud.cls.faults.decide = () => undefined;
  await one.until("the end", (each) => ends(each) > 0, 60_000);
  expect(one.texts).toEqual(numbered("silent", 50));
});

it("follows a function that is deleted and made again", async () => {
  await deploy();
  const one = await tail("orders", "--json");
  await live.invoke("orders", { name: "old" });
  await one.until("its end", (each) => ends(each) === 1);
  const configuration = await call(live.cloud, "scf:GetFunction", { FunctionName: "orders" });
  await call(live.cloud, "scf:DeleteFunction", { FunctionName: "orders" });
  await one.until("that it is gone", (each) => errorsOf(each).some(({ code }) => code === "FUNCTION_GONE"), 40_000);
  const { Handler, Runtime, MemorySize, Timeout, Role, Environment, ClsTopicId, ClsLogsetId } = configuration;
  const made = await call(live.cloud, "scf:CreateFunction", {
    FunctionName: "orders",
    Code: { ZipFile: readFileSync(live.zips()[0]).toString("base64") },
    ...{ Handler, Runtime, MemorySize, Timeout, Role, Environment, ClsTopicId, ClsLogsetId },
  });
  expect(made.Error).toBeUndefined();
  // Before a look has found it.
  await live.invoke("orders", { name: "new" });
  await one.until(
    "that it is there",
    ({ events }) => events.filter(({ type }) => type === "tailing").length === 2,
    40_000,
  );
  await live.invoke("orders", { name: "newer" });
  await one.until("its ends", (each) => ends(each) === 3);
  expect(one.texts).toEqual([...numbered("old", 3), ...numbered("new", 3), ...numbered("newer", 3)]);
});

it.each([-600_000, 600_000])("says that the clock is wrong by %d ms, and shows each line once", async (aheadMs) => {
  const clock = new SimulatedClock(Date.now() + aheadMs);
  const unfollow = clock.follow();
  await deploy({ clock });
  const one = await tail("orders", "--json");
  expect(errorsOf(one)).toEqual([
    expect.objectContaining({ code: "CLOCK", message: expect.stringContaining("clock is") }),
  ]);
  await live.invoke("orders", { name: "clock", count: 20, everyMs: 50 });
  await one.until("the end", (each) => ends(each) > 0);
  expect(one.texts).toEqual(numbered("clock", 20));
  unfollow();
});

it("shows what ten instances write for a minute through random faults, each line once", async () => {
  await deploy();
  const one = await tail("orders", "--json");
  let state = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
  console.info(`faults of LOGS_SEED=${state}`);
  const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  live.cloud.cls.faults.decide = ({ action }) => {
    if (action === "structuredlog" || random() > 0.3) return undefined;
    const faults = [{ status: 429 }, { status: 500 }, { shortBody: 30 }, { reset: 0 }, { delayMs: 700 }];
    return faults[Math.floor(random() * faults.length)];
  };
  const calls = Array.from({ length: 10 }, (_, n) =>
    live.invoke("orders", { name: `i${n}`, count: 600, everyMs: 100 }),
  );
  await Promise.all(calls);
  live.cloud.cls.faults.decide = () => undefined;
  await one.until("all ends", (each) => ends(each) === 10, 60_000);
  expect([...one.texts].sort()).toEqual(
    Array.from({ length: 10 }, (_, n) => numbered(`i${n}`, 600))
      .flat()
      .sort(),
  );
  for (let n = 0; n < 10; n++) {
    const ordered = one.lines
      .filter(({ text, type }) => type === "line" && text.startsWith(`i${n} `))
      .map(({ seq }) => seq);
    expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
  }
});

import { AlertReceiver, LogMonitor, LogTopic } from "../../../lib";
import { SimulatedClock } from "../../../local/clock";
import type { LocalCloud } from "../../../local/cloud";
import type { AlertJson, AlertMessage } from "../../../monitor/alert/json";
import { testStack } from "../../lib/support/stack";
import { deployStack, removeDeployed, secret } from "../support/deployed";
import type { Answer } from "../support/http-server";
import { startReceivers, sweep } from "../support/monitored";

jest.setTimeout(60_000);

const MINUTE_MS = 60_000;
/** What a receiver says that is away, and knows for how long: nobody waits for it. */
const AWAY: Answer = { status: 503, headers: { "Retry-After": "60" } };

let cloud: LocalCloud;
/** Alerts that the receiver took. */
let taken: AlertJson[][];
let isAway: boolean;
beforeEach(async () => {
  taken = [];
  isAway = false;
  const server = await startReceivers();
  server.answer = ({ body }) => {
    if (isAway) return AWAY;
    taken.push([...(JSON.parse(body.toString()) as AlertMessage).alerts]);
    return {};
  };
  const stack = testStack();
  new LogMonitor(stack, "Errors", {
    sources: [{ topic: new LogTopic(stack, "Access", { topicName: "access" }), name: "gz" }],
    match: { status: "^5\\d\\d$" },
    group: ["service"],
    window: "2h",
    alert: { to: AlertReceiver.json({ name: "oncall", url: secret(`${server.url}/oncall`) }), severity: "critical" },
    appId: "1250000000",
  });
  const clock = new SimulatedClock(Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS);
  cloud = await deployStack(stack, { clock, functionTime: "clock" });
});
afterEach(removeDeployed);

/** Writes lines that match, and has CLS deliver them. */
async function write(service: string, count = 1): Promise<void> {
  const contents = { service, status: "503" };
  await cloud.topic("access").put(Array.from({ length: count }, () => ({ time: cloud.clock.now(), contents })));
  await cloud.clock.advance(3_000);
}

/** Lets minutes pass, each with its sweep. */
async function minutes(count: number): Promise<void> {
  for (let minute = 0; minute < count; minute++) await sweep(cloud);
}

const errors = () => cloud.invocations.flatMap(({ error }) => error ?? []);
const told = () => taken.flat().map(({ kind, group, count }) => [kind, group.service, count]);
const kept = () => keys().filter((key) => key.includes("/quarantine/alerts/"));
const keys = () => cloud.cos.allBuckets().flatMap((bucket) => bucket.keys());

describe("a receiver that is away", () => {
  it("for a minute: what was kept is told once it is back, marked with since when", async () => {
    isAway = true;
    await write("orders", 3);
    await cloud.settled();
    expect([taken, kept().length]).toEqual([[], 1]);
    isAway = false;
    await minutes(2);
    expect(told()).toEqual([["first", "orders", 3]]);
    expect(taken[0][0].keptAt).toBeDefined();
    expect([kept(), errors()]).toEqual([[], []]);
  });

  it("for an hour: nothing is lost, what was kept is told together, in order, and then things are as before", async () => {
    isAway = true;
    const services = Array.from({ length: 12 }, (_, number) => `service-${String(number).padStart(2, "0")}`);
    for (const service of services) {
      await write(service, 2);
      await minutes(5);
    }
    expect([taken, kept().length]).toEqual([[], services.length]);
    isAway = false;
    await minutes(3);
    expect(told()).toEqual(services.map((service) => ["first", service, 2]));
    expect(taken.length).toBeLessThan(services.length);
    const since = taken.flat().map(({ keptAt = "" }) => Date.parse(keptAt));
    expect(since).toEqual([...since].sort((one, other) => one - other));
    // An hour, less the last five minutes.
    expect(since[since.length - 1] - since[0]).toBeGreaterThan(50 * MINUTE_MS);
    // The instance that was refused last learns with its next alert that the receiver is back.
    for (const service of ["later", "last"]) {
      await write(service);
      await cloud.settled();
      expect(told().at(-1)).toEqual(["first", service, 1]);
    }
    expect(taken.at(-1)?.[0].keptAt).toBeUndefined();
    expect([kept(), errors()]).toEqual([[], []]);
  });
});

describe("COS that is away", () => {
  it("has first alerts go out from memory, marked, and what was counted is exact once it is back", async () => {
    cloud.cos.faults = () => ({ status: 503 });
    const failed = new Promise<unknown>((resolve) => cloud.onInvocation(resolve));
    await write("orders", 3);
    await failed;
    expect(errors()).toHaveLength(1);
    expect(taken.flat()).toMatchObject([{ kind: "first", group: { service: "orders" }, count: 3, marks: ["again"] }]);
    cloud.cos.faults = () => undefined;
    // The retry, a minute later, and then the rest of the window.
    await cloud.settled();
    await write("orders", 4);
    await minutes(125);
    expect(errors()).toHaveLength(1);
    expect(told()).toEqual([
      ["first", "orders", 3],
      ["more", "orders", 4],
      ["recovered", "orders", 7],
    ]);
  });
});

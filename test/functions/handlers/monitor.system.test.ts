import { TencentcloudProvider } from "@cdktf/provider-tencentcloud/lib/provider";
import { AlertReceiver, LogMonitor, LogRules, LogTopic, type LogMonitorProps } from "../../../lib";
import type { LocalCloud } from "../../../local/cloud";
import type { AlertMessage } from "../../../monitor/alert/json";
import { testStack } from "../../lib/support/stack";
import { removeDeployed, secret } from "../support/deployed";
import type { TestServer } from "../support/http-server";
import { alertsTo, deployMonitors, startReceivers, sweep } from "../support/monitored";

jest.setTimeout(60_000);

let server: TestServer;
let cloud: LocalCloud;
beforeEach(async () => (server = await startReceivers()));
afterEach(removeDeployed);

/** A monitor of two topics in two regions. */
async function deploy(given: Partial<LogMonitorProps> = {}): Promise<void> {
  const stack = testStack();
  const singapore = new TencentcloudProvider(stack, "singapore", { region: "ap-singapore", alias: "singapore" });
  const gz = new LogTopic(stack, "GzAccess", { topicName: "gz" });
  const sg = new LogTopic(stack, "SgAccess", { topicName: "sg", provider: singapore });
  new LogMonitor(stack, "Errors", {
    sources: [
      { topic: gz, name: "gz" },
      { topic: sg, name: "sg", provider: singapore, labels: { team: "sea" } },
    ],
    match: { any: [{ status: "^5\\d\\d$" }, { text: /panic:/ }] },
    group: ["service", "status"],
    alert: { to: AlertReceiver.json({ url: secret(`${server.url}/oncall`) }), severity: "critical" },
    sample: { fields: ["path", "password"], around: 1, redact: ["password"] },
    appId: "1250000000",
    ...given,
  });
  cloud = await deployMonitors(stack);
}

/** Writes logs, and waits until CLS has delivered them. */
async function write(topic: string, ...logs: Record<string, string>[]): Promise<void> {
  await cloud.topic(topic).put(logs.map((contents) => ({ time: Date.now() - 100, contents })));
  await deliver();
}

async function deliver(): Promise<void> {
  await cloud.clock.advance(3_000);
  await cloud.settled();
}

const alerts = () => alertsTo(server);
const results = () => cloud.invocations.map(({ result }) => result as Record<string, unknown>);
const errors = () => cloud.invocations.flatMap(({ error }) => error ?? []);

describe("a monitor in two regions", () => {
  it("tells one incident in both once, at once, with the line, and sums the rest", async () => {
    await deploy();
    await write(
      "gz",
      { service: "orders", status: "200", path: "/ok" },
      { service: "orders", status: "503", path: "/pay", password: "hunter2" },
    );
    await write(
      "sg",
      { service: "orders", status: "503", path: "/pay" },
      { service: "orders", status: "503", path: "/5" },
    );
    expect(errors()).toEqual([]);
    expect(alerts()).toMatchObject([
      {
        kind: "first",
        monitor: "Errors",
        severity: "critical",
        group: { service: "orders", status: "503" },
        source: { name: "gz", region: "ap-guangzhou" },
        sample: {
          fields: [
            { name: "path", value: "/pay" },
            { name: "password", value: "***" },
          ],
          around: [expect.stringContaining("/ok")],
        },
        marks: [],
      },
    ]);
    expect(results()).toMatchObject([
      { source: "gz", records: 2, matches: 1, groups: 1 },
      { source: "sg", records: 2, matches: 2, groups: 1 },
    ]);

    await sweep(cloud);
    // How many more there were is told at the end of the window; what the other region counted is summed until then.
    expect(results().at(-1)).toMatchObject({
      sweep: { number: 1, counts: 2, open: 1, alerts: 0, failed: 0 },
    });
    expect(alerts()).toHaveLength(1);
    expect(JSON.stringify(cloud.invocations)).not.toContain("hunter2");
    expect(cloud.topic(recordTopic()).received).toBe(1);
  });

  it.each([
    ["rings the heartbeat while no source is silent", 60_000, ["first"], 1],
    ["rings no heartbeat while a source is silent", 600_000, ["first", "missing"], 0],
  ])("%s", async (_, silentMs, kinds, rings) => {
    const deadman = AlertReceiver.json({ name: "deadman", url: secret(`${server.url}/deadman`) });
    await deploy({ missing: { for: "5m" }, heartbeat: { to: deadman, every: "1m" } });
    await write("sg", { service: "a", status: "500" });
    const seen = JSON.stringify({ version: 1, at: Date.now() - silentMs });
    await cloud.bucket(stateBucket()).put("monitor/logs-errors/seen/gz", Buffer.from(seen));
    await sweep(cloud);
    expect(errors()).toEqual([]);
    const [rung, told] = [true, false].map((isRing) =>
      server.requests.filter(({ body }) => isRing === body.includes('"heartbeat":')),
    );
    expect(rung).toHaveLength(rings);
    const tellings = told.flatMap(({ body }) => (JSON.parse(body.toString()) as AlertMessage).alerts);
    expect(tellings.map(({ kind }) => kind)).toEqual(kinds);
    expect(results().at(-1)).toMatchObject({ sweep: { missing: kinds.length - 1 } });
  });

  it("says nothing of a batch without a match, and asks nobody anything", async () => {
    await deploy();
    await write("gz", { status: "200", path: "/500" });
    expect(alerts()).toEqual([]);
    expect(results()).toMatchObject([{ source: "gz", records: 1, matches: 0, groups: 0 }]);
    expect(cloud.bucket(stateBucket()).keys("")).toEqual([]);
  });

  it("takes a delivery that comes twice for one, in an instance or in two", async () => {
    await deploy();
    cloud.deliveries.copies = 3;
    await write(
      "gz",
      { service: "a", status: "500" },
      { service: "a", status: "500" },
      { service: "a", status: "500" },
    );
    await sweep(cloud);
    expect(errors()).toEqual([]);
    expect(alerts().map(({ kind, count }) => [kind, count])).toEqual([["first", 3]]);
  });

  it("tells a group once that instances of both regions see at the same time", async () => {
    await deploy();
    const log = (path: string) => ({ time: Date.now(), contents: { service: "a", status: "500", path } });
    await Promise.all([cloud.topic("gz").put([log("/1"), log("/2")]), cloud.topic("sg").put([log("/3")])]);
    await deliver();
    expect(errors()).toEqual([]);
    expect(alerts().map(({ kind, group }) => [kind, group])).toEqual([["first", { service: "a", status: "500" }]]);
    await sweep(cloud);
    expect(results().at(-1)).toMatchObject({ sweep: { counts: 2, open: 1 } });
  });

  it("tells a threshold that instances of both regions cross together, before the minute is over", async () => {
    await deploy({ threshold: { count: 6, within: "5m" } });
    const logs = Array.from({ length: 3 }, () => ({ time: Date.now(), contents: { service: "a", status: "500" } }));
    await Promise.all([cloud.topic("gz").put(logs), cloud.topic("sg").put(logs)]);
    await deliver();
    expect(errors()).toEqual([]);
    expect(results().map(({ sweep }) => sweep)).toEqual([undefined, undefined]);
    expect(alerts().map(({ kind, count, regions }) => [kind, count, regions.length])).toEqual([["first", 6, 2]]);
    await sweep(cloud);
    expect(results().at(-1)).toMatchObject({ sweep: { opened: 0, open: 1, alerts: 0 } });
  });

  it("looks at what is plain text, and at what rules keep", async () => {
    const rules = 'e_if(e_has("__CONTENT__"), e_set("path", "text"))\ne_keep(e_search("status: 5?? or panic"))';
    await deploy({ match: undefined, rules: LogRules.fromText(rules), group: ["path"] });
    await write(
      "gz",
      { status: "200", path: "/a" },
      { status: "502", path: "/b" },
      { __CONTENT__: "panic: at the disco" },
    );
    expect(errors()).toEqual([]);
    const told = alerts().map(({ count, group }) => [group.path, count]);
    expect(told.sort()).toEqual([
      ["/b", 1],
      ["text", 1],
    ]);
  });

  it("has what cannot be handled delivered again, and forgets its note then", async () => {
    await deploy();
    let isAway = true;
    cloud.cos.faults = ({ key }) => (isAway && !key.includes("/quarantine/") ? { status: 503 } : undefined);
    const failed = new Promise<unknown>((resolve) => cloud.onInvocation(resolve));
    await cloud.topic("gz").put([{ time: Date.now(), contents: { service: "a", status: "500" } }]);
    await cloud.clock.advance(3_000);
    await failed;
    expect(notes()).toHaveLength(1);
    isAway = false;
    await cloud.settled();
    const delivered = cloud.invocations.filter(({ functionName }) => !functionName.includes("sweeper"));
    expect(delivered.map(({ attempt, error }) => [attempt, error === undefined])).toEqual([
      [1, false],
      [2, true],
    ]);
    expect(notes()).toEqual([]);
  });

  it("leaves an event that nobody can read to a note, and no retry", async () => {
    await deploy();
    const [functionName] = cloud.inventory().flatMap((one) => /^delivery gz to (.+)$/.exec(one)?.[1] ?? []);
    const event = { clslogs: { data: Buffer.from("no JSON").toString("base64") } };
    await cloud.invoke({ functionName, namespace: "default", event, wait: true });
    expect(results()).toMatchObject([{ quarantined: 1 }]);
    expect(notes()).toEqual([expect.stringMatching(/^monitor\/logs-errors\/quarantine\/events\/cls\/unread\//)]);
  });
});

const notes = (): string[] =>
  cloud
    .bucket(stateBucket())
    .keys("")
    .filter((key) => key.includes("quarantine/events/"));
const stateBucket = (): string => {
  const [bucket] = cloud.inventory().filter((name) => name.includes("bucket"));
  return bucket.split(" ").at(-1) as string;
};
const recordTopic = (): string => {
  const [topic] = cloud.inventory().filter((name) => name.includes("topic") && /records/.test(name));
  return topic.split(" ").at(-1) as string;
};

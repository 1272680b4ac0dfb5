import { gunzipSync } from "node:zlib";
import {
  AlertReceiver,
  ClsStreamPipeline,
  CosOutput,
  LogBucket,
  LogMonitor,
  LogRules,
  LogTopic,
  type ClsStreamPipelineProps,
} from "../../../lib";
import type { LocalCloud } from "../../../local/cloud";
import type { Ledger } from "../../../monitor/state/ledger";
import { testStack } from "../../lib/support/stack";
import { removeDeployed, secret } from "../support/deployed";
import type { TestServer } from "../support/http-server";
import { alertsTo, deployMonitors, startReceivers, sweep } from "../support/monitored";

jest.setTimeout(90_000);

const APP_ID = "1250000000";

let server: TestServer;
let cloud: LocalCloud;
beforeEach(async () => (server = await startReceivers()));
afterEach(removeDeployed);

/** A stream that keeps its records in a bucket, and whose function two monitors watch. */
async function deploy(given: Partial<ClsStreamPipelineProps> = {}): Promise<void> {
  const stack = testStack();
  const archive = new LogBucket(stack, "Archive", { appId: APP_ID });
  const pipeline = new ClsStreamPipeline(stack, "Access", {
    topic: new LogTopic(stack, "Topic", { topicName: "access" }),
    outputs: { archive: new CosOutput(archive, { prefix: "archive/", onFailure: "fail" }) },
    maxWaitSeconds: 3,
    appId: APP_ID,
    ...given,
  });
  const oncall = AlertReceiver.json({ name: "oncall", url: secret(`${server.url}/oncall`) });
  const shared = { sources: [{ stream: pipeline, name: "access" }], alert: { to: oncall }, appId: APP_ID };
  new LogMonitor(stack, "Errors", { ...shared, match: { status: "^5" }, group: ["service"] });
  const rules = LogRules.fromText('e_keep(e_search("path: /admin"))');
  new LogMonitor(stack, "Admin", { ...shared, rules });
  cloud = await deployMonitors(stack);
}

const RECORDS = [
  { service: "orders", status: "503", path: "/pay" },
  { service: "orders", status: "503", path: "/pay" },
  { service: "shop", status: "200", path: "/admin" },
];

async function write(): Promise<void> {
  await cloud.topic("access").put(RECORDS.map((contents) => ({ time: Date.now() - 100, contents })));
  await cloud.clock.advance(3_000);
}

const streamed = () => cloud.invocations.filter(({ functionName }) => functionName.startsWith("logs-access"));
const told = () =>
  alertsTo(server)
    .map(({ kind, monitor, count, marks }) => [monitor, kind, count, ...marks].join(" "))
    .sort();
const keys = (part: string) =>
  cloud.cos.allBuckets().flatMap((bucket) => bucket.keys().filter((key) => key.includes(part)));

/** Paths of the records in the bucket, over all of its objects. */
async function archived(): Promise<string[]> {
  const lines = cloud.cos
    .allBuckets()
    .flatMap((bucket) => bucket.keys("archive/").map(async (key) => gunzipSync(await bucket.read(key)).toString()));
  const texts = (await Promise.all(lines)).join("").trim().split("\n");
  return texts.map((line) => (JSON.parse(line) as { path: string }).path).sort();
}

/** Records that are counted, and told, by monitor: as the last sweeps have it. */
async function sums(): Promise<Record<string, number[]>> {
  const ledgers = cloud.cos.allBuckets().flatMap((bucket) => {
    const last = bucket.keys("monitor/").filter((key) => key.includes("/sweep/ledger/"));
    return last.length === 0 ? [] : [bucket.read(last.sort().at(-1) as string)];
  });
  const groups = (await Promise.all(ledgers)).flatMap((text) =>
    Object.values((JSON.parse(String(text)) as Ledger).groups),
  );
  return Object.fromEntries(groups.map(({ monitor, open }) => [monitor, [open?.total ?? 0, open?.told ?? 0]]));
}

/** Requests that fail while something is away. */
type Away = (key: string) => boolean;

const isArchive: Away = (key) => key.startsWith("archive/");
const isState: Away = (key) => key.startsWith("monitor/") && !key.includes("quarantine/");
const isAlert: Away = (key) => key.includes("quarantine/alerts/");

describe("a stream whose function monitors watch", () => {
  it("is delivered once: records go to their outputs, people are told, and its summary tells both", async () => {
    await deploy();
    await write();
    await cloud.settled();
    expect(cloud.deliveries.all()).toHaveLength(1);
    expect(told()).toEqual(["Admin first 1", "Errors first 2"]);
    expect(await archived()).toEqual(["/admin", "/pay", "/pay"]);
    expect(streamed().map(({ error, result }) => error ?? result)).toMatchObject([
      { objects: 1, records: 3, monitors: { Errors: { matches: 2, groups: 1 }, Admin: { matches: 1, groups: 1 } } },
    ]);
    // The state is summed by the functions of the monitors.
    await sweep(cloud);
    const sweeps = cloud.invocations.filter(({ functionName }) => functionName.includes("sweeper"));
    expect(sweeps.map(({ error, result }) => error ?? result)).toMatchObject([
      { sweep: { counts: 1, open: 1 } },
      { sweep: { counts: 1, open: 1 } },
    ]);
    expect(told()).toHaveLength(2);
  });

  it.each<[what: string, away: Away, isReceiverAway: boolean, alerts: string[]]>([
    ["its output", isArchive, false, ["Admin first 1", "Errors first 2"]],
    ["the state", isState, false, ["Admin first 1 again", "Errors first 2 again"]],
    ["both", (key) => isArchive(key) || isState(key), false, ["Admin first 1 again", "Errors first 2 again"]],
    [
      "receiver and quarantine of alerts",
      isAlert,
      true,
      // The first try was answered by nobody.
      ["Admin first 1 again", "Errors first 2 again"],
    ],
    [
      "all of them",
      (key) => isArchive(key) || isState(key) || isAlert(key),
      true,
      // Nothing was claimed, and nobody was told.
      ["Admin first 1", "Errors first 2"],
    ],
  ])(
    "is delivered again where %s fails, and stores and counts nothing twice",
    async (_, away, isReceiverAway, alerts) => {
      await deploy();
      let isAway = true;
      cloud.cos.faults = ({ key }) => (isAway && away(key) ? { status: 503 } : undefined);
      const taken = new Set<number>();
      server.answer = () => {
        if (isAway && isReceiverAway) return { status: 503, headers: { "Retry-After": "60" } };
        taken.add(server.requests.length - 1);
        return {};
      };
      const failed = new Promise<unknown>((resolve) => cloud.onInvocation(resolve));
      await write();
      await failed;
      const [note] = keys("quarantine/logs-access/cls/");
      expect(note).toBeDefined();
      isAway = false;
      await cloud.settled();
      expect(streamed().map(({ attempt, error }) => [attempt, error === undefined])).toEqual([
        [1, false],
        [2, true],
      ]);
      // What the receiver is not asked to take yet is kept, and told by the next sweep.
      if (isReceiverAway) await sweep(cloud);
      server.requests.splice(0, server.requests.length, ...server.requests.filter((_, index) => taken.has(index)));
      expect(told()).toEqual(alerts);
      expect(await archived()).toEqual(["/admin", "/pay", "/pay"]);
      expect(keys("quarantine/logs-access/cls/")).toEqual([]);
      // What was counted is exact: nothing of it is still to be told at the end of the window.
      await sweep(cloud);
      expect(keys("/claims/")).toHaveLength(2);
      expect(await sums()).toEqual({ Admin: [1, 1], Errors: [2, 2] });
    },
  );

  it("tells nothing again of an event that comes from a note, when people were told", async () => {
    await deploy({ retryAttempts: 0 });
    let isAway = true;
    cloud.cos.faults = ({ key }) => (isAway && isArchive(key) ? { status: 503 } : undefined);
    await write();
    await cloud.settled();
    expect([streamed().length, told().length]).toEqual([1, 2]);
    const [key] = keys("quarantine/logs-access/cls/");
    const bucket = cloud.cos.allBuckets().find((one) => one.keys().includes(key));
    const { event } = JSON.parse(String(await bucket?.read(key))) as { event: { monitored: string[] } };
    expect([...event.monitored].sort()).toEqual(["Admin", "Errors"]);
    isAway = false;
    // What was remembered is gone by then.
    for (const one of cloud.cos.allBuckets()) for (const old of one.keys("monitor/")) await one.delete(old);
    const [{ functionName }] = streamed();
    await cloud.invoke({ functionName, namespace: "default", event, wait: true });
    expect(await archived()).toEqual(["/admin", "/pay", "/pay"]);
    expect([told().length, keys("quarantine/logs-access/cls/")]).toEqual([2, []]);
  });
});

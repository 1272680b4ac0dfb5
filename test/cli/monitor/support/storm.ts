import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { TencentcloudProvider } from "@cdktf/provider-tencentcloud/lib/provider";
import { AlertReceiver, LogMonitor, LogTopic } from "../../../../lib";
import { TerraformOutput } from "cdktf";
import { Testing } from "../../../../lib/framework";
import { SimulatedClock } from "../../../../local/clock";
import { LocalCloud } from "../../../../local/cloud";
import { writtenDefinition } from "../../../../cli/local/monitor-process";
import type { AlertJson, AlertMessage } from "../../../../monitor/alert/json";
import { secret } from "../../../functions/support/deployed";
import { TestServer } from "../../../functions/support/http-server";
import { testStack } from "../../../lib/support/stack";
import { environmentOf } from "../../support/cli";
import { Running } from "../../support/running";

/** The size of a storm. */
export interface StormSize {
  /** Number of matching lines, half of them in each region. */
  readonly matches: number;
  readonly groups: number;
  /** Number of lines written at once to a region. */
  readonly atOnce: number;
  /** Whether one of the processes is killed during the storm. */
  readonly kills?: boolean;
}

/** The alerts that people received, and what is left. */
export interface StormOutcome {
  readonly alerts: readonly AlertJson[];
  /** Number of matches by group. */
  readonly totals: ReadonlyMap<string, number>;
  /** When the receiver got each message, in milliseconds of its own clock. */
  readonly messagesAt: readonly number[];
  /** How long alerts were sent during the storm, before the time was advanced. */
  readonly stormMs: number;
  readonly failedInvocations: readonly unknown[];
  /** Keys of alerts that are quarantined at the end. */
  readonly kept: readonly string[];
}

const INSTANCES = 3;
const PROCESSES = 3;
/** Everything that sends alerts: the functions' instances, the processes, and the function that sweeps. */
export const TELLERS = INSTANCES + PROCESSES + 1;
/** Maximum messages per minute of each of them. */
export const RATE = 60;
const PUSHED = "gz";
const PULLED = "sg";
/** The consumer group of processes that run errors.json. */
const GROUP = "monitor-errors";
const MINUTE_MS = 60_000;
/**
 * Maximum sweeps until everything is reported: a window of five minutes, and quarantined alerts. Signatures are valid
 * for 15 minutes.
 */
const MOST_SWEEPS = 13;

/**
 * An incident in two regions on the local cloud, with the built code and the plan of the constructs: CLS delivers one
 * topic to instances of a function, the other one is pulled by processes. Then the time advances until everything is
 * over.
 */
export async function storm(size: StormSize): Promise<StormOutcome> {
  const folder = mkdtempSync(join(tmpdir(), "storm-"));
  const receiver = await TestServer.start();
  const messagesAt: number[] = [];
  receiver.answer = () => (messagesAt.push(performance.now()), {});
  const stackFolder = join(planOf(receiver.url, size.groups), "stacks/logs");
  const clock = new SimulatedClock(Date.now());
  const cloud = await LocalCloud.deploy({ stackFolder, clock, functionTime: "clock", maxInstances: INSTANCES });
  const unfollow = clock.follow();
  writeFileSync(join(folder, "errors.json"), writtenDefinition(cloud));
  const env = { ...environmentOf(cloud), CLS_ENDPOINT: cloud.endpoint, LOGS_SECRET_ONCALL_URL: receiver.url };
  const processes = Array.from(
    { length: PROCESSES },
    () => new Running(["monitor", "run", "errors.json"], env, folder),
  );
  try {
    const urls = await Promise.all(processes.map((one) => one.said(/listens: (http:\/\/127\.0\.0\.1:\d+)/)));
    const isReady = async (url: string): Promise<boolean> => (await fetch(`${url}/ready`)).ok;
    await processes[0].until(async () => (await Promise.all(urls.map(isReady))).every(Boolean), "readiness");
    const began = performance.now();
    const { totals, pushed } = await writeStorm(cloud, size, () => {
      if (size.kills) void processes.pop()?.kill();
    });
    await processes[0].until(() => deliveredIn(cloud) === pushed, "all deliveries", size.matches);
    await processes[0].until(() => isPulled(cloud), "all that is pulled", size.matches);
    await cloud.settled();
    const stormMs = performance.now() - began;
    for (const status of await Promise.all(processes.map((one) => one.stop()))) {
      if (status !== 0) throw new Error(`processes must leave in order, got ${status}`);
    }
    unfollow();
    const alerts = (): AlertJson[] =>
      receiver.requests.flatMap(({ body }) => (JSON.parse(body.toString()) as AlertMessage).alerts);
    const isOver = (): boolean => alerts().filter(({ kind }) => kind === "recovered").length >= totals.size;
    for (let sweep = 0; sweep < MOST_SWEEPS && !(isOver() && keptIn(cloud).length === 0); sweep++) {
      await clock.advance(MINUTE_MS);
      await cloud.settled();
    }
    const failedInvocations = cloud.invocations.flatMap(({ error }) => error ?? []);
    return { alerts: alerts(), totals, messagesAt, stormMs, failedInvocations, kept: keptIn(cloud) };
  } finally {
    unfollow();
    await Promise.all(processes.map((one) => one.kill()));
    await cloud.close();
    await receiver.stop();
    rmSync(folder, { recursive: true });
    rmSync(join(stackFolder, "../.."), { recursive: true });
  }
}

function planOf(url: string, maxGroups: number): string {
  const stack = testStack();
  const singapore = new TencentcloudProvider(stack, "singapore", { region: "ap-singapore", alias: "singapore" });
  const pulled = { topicName: PULLED, provider: singapore, partitionCount: PROCESSES };
  const monitor = new LogMonitor(stack, "Errors", {
    sources: [
      { topic: new LogTopic(stack, "Gz", { topicName: PUSHED }), name: PUSHED },
      { topic: new LogTopic(stack, "Sg", pulled), name: PULLED, provider: singapore, form: "pull" },
    ],
    match: { status: "^5\\d\\d$" },
    group: ["service"],
    window: "5m",
    maxGroups,
    alert: { to: AlertReceiver.json({ name: "oncall", url: secret(url), maxPerMinute: RATE }), severity: "critical" },
    appId: "1250000000",
  });
  new TerraformOutput(stack, "definition", { value: monitor.definition });
  return Testing.fullSynth(stack);
}

interface Written {
  readonly totals: Map<string, number>;
  /** Number of lines in the region with delivery, matching or not. */
  readonly pushed: number;
}

/** Groups of very different sizes in both regions, and lines between them that do not match. */
async function writeStorm(
  cloud: LocalCloud,
  { matches, groups, atOnce }: StormSize,
  inTheMiddle: () => void,
): Promise<Written> {
  const totals = new Map<string, number>();
  let pushed = 0;
  for (let at = 0; at < matches;) {
    if (at <= matches / 2 && at + 2 * atOnce > matches / 2) inTheMiddle();
    for (const name of [PUSHED, PULLED]) {
      const count = Math.min(atOnce, matches - at);
      const contents = Array.from({ length: count }, (_, index) => {
        const number = at + index;
        const service = `service-${number < groups ? number : (number * number) % groups}`;
        totals.set(service, (totals.get(service) ?? 0) + 1);
        return { service, status: "503", path: `/${number}` };
      });
      at += count;
      const records = [...contents, { service: "shop", status: "200", path: "/503" }];
      await cloud.topic(name).put(records.map((one) => ({ time: Date.now(), contents: one })));
      if (name === PUSHED) pushed += records.length;
      // Lets the clock, deliveries and processes run.
      await wait(20);
    }
  }
  return { totals, pushed };
}

function deliveredIn(cloud: LocalCloud): number {
  const results = cloud.invocations.map(({ result }) => (result as { records?: number } | null)?.records ?? 0);
  return results.reduce((sum, records) => sum + records, 0);
}

/** Whether the group has committed everything in the pulled topic. */
function isPulled(cloud: LocalCloud): boolean {
  const { id: topicId, logsetId, partitions } = cloud.topic(PULLED);
  const group = cloud.cls.consumerGroups.group(logsetId, GROUP);
  return partitions.all().every(({ id, endOffset }) => {
    return group.offsetOf({ topicId, partitionId: id }, "begin") === endOffset;
  });
}

function keptIn(cloud: LocalCloud): string[] {
  return cloud.cos.allBuckets().flatMap((bucket) => bucket.keys().filter((key) => key.includes("/quarantine/alerts/")));
}

/** Finds errors in the alerts of a storm. @param again whether an alert can be repeated, marked */
export function wrongsOf({ alerts: all, totals }: StormOutcome, again = false): string[] {
  const found: string[] = [];
  const marked = all.filter(({ marks }) => marks.includes("again"));
  if (!again && marked.length > 0) found.push(`nothing must be told again, got ${JSON.stringify(marked[0])}`);
  // A repeated alert has the same id.
  const alerts = [...new Map(all.map((alert) => [alert.id, alert])).values()];
  if (all.length - alerts.length > marked.length) found.push("what is told twice must be marked");
  for (const [service, total] of totals) {
    const own = alerts.filter(({ group }) => group.service === service);
    const of = (kind: AlertJson["kind"]): AlertJson[] => own.filter((alert) => alert.kind === kind);
    const told = [...of("first"), ...of("more")].reduce((sum, { count }) => sum + count, 0);
    const counts = of("recovered").map(({ count }) => count);
    if (of("first").length !== 1) found.push(`${service} must have one first alert, got ${of("first").length}`);
    if (told !== total) found.push(`${service} must be told ${total}, got ${told}`);
    if (counts.join() !== String(total))
      found.push(`${service} must recover once with ${total}, got ${counts.join() || "nothing"}`);
  }
  const others = alerts.filter(({ group }) => !totals.has(group.service ?? ""));
  if (others.length > 0) found.push(`no other group must be told, got ${JSON.stringify(others[0])}`);
  return found;
}

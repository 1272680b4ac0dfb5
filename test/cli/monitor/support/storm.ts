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

/** How large a storm is. */
export interface StormSize {
  /** Lines that match, half of them in each region. */
  readonly matches: number;
  readonly groups: number;
  /** Lines that are written at once to a region. */
  readonly atOnce: number;
  /** Whether one of the processes is killed in the middle of it. */
  readonly kills?: boolean;
}

/** What people were told of it, and what is left. */
export interface StormOutcome {
  readonly alerts: readonly AlertJson[];
  /** Matches by group. */
  readonly totals: ReadonlyMap<string, number>;
  /** When each message came to the receiver, in milliseconds of its own clock. */
  readonly messagesAt: readonly number[];
  /** How long alerts were told while the storm was on, before time was moved. */
  readonly stormMs: number;
  readonly failedInvocations: readonly unknown[];
  /** Keys of alerts that are kept at the end. */
  readonly kept: readonly string[];
}

const INSTANCES = 3;
const PROCESSES = 3;
/** All that tell: the functions' instances, the processes, and the function that sums. */
export const TELLERS = INSTANCES + PROCESSES + 1;
/** Messages a minute that each of them may send. */
export const RATE = 60;
const PUSHED = "gz";
const PULLED = "sg";
/** That of processes that run errors.json. */
const GROUP = "monitor-errors";
const MINUTE_MS = 60_000;
/** Sweeps that may pass until all is told: a window of five minutes, and what was kept. Signatures take 15 minutes. */
const MOST_SWEEPS = 13;

/**
 * An incident in two regions on the local cloud, as its constructs plan it and as it is built: CLS delivers one topic to
 * instances of a function, the other one is pulled by processes. Then time moves on until all is over.
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
  /** Lines of the region that is pushed, those that match and those that do not. */
  readonly pushed: number;
}

/** Groups of very different sizes, in both regions, and lines between them that do not match. */
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
      // The clock, deliveries and processes have their turn.
      await wait(20);
    }
  }
  return { totals, pushed };
}

function deliveredIn(cloud: LocalCloud): number {
  const results = cloud.invocations.map(({ result }) => (result as { records?: number } | null)?.records ?? 0);
  return results.reduce((sum, records) => sum + records, 0);
}

/** Whether the group has committed all that lies in the topic that is pulled. */
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

/** What is wrong with what people were told of a storm. @param again whether something may be told again, marked */
export function wrongsOf({ alerts: all, totals }: StormOutcome, again = false): string[] {
  const found: string[] = [];
  const marked = all.filter(({ marks }) => marks.includes("again"));
  if (!again && marked.length > 0) found.push(`nothing must be told again, got ${JSON.stringify(marked[0])}`);
  // What is told again has the same id.
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

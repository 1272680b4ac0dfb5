import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedClock } from "../../../local/clock";
import { LocalCloud } from "../../../local/cloud";
import { environmentOf } from "../support/cli";
import { Running } from "../support/running";

jest.setTimeout(60_000);

const REGION = "ap-guangzhou";
const folder = mkdtempSync(join(tmpdir(), "own-group-"));
const running: Running[] = [];
let cloud: LocalCloud;
let stopClock: () => void;

beforeAll(async () => {
  const clock = new SimulatedClock(Date.now());
  stopClock = clock.follow();
  cloud = await LocalCloud.start({ clock });
  cloud.cos.createBucket("state-1250000000", REGION);
});
afterAll(async () => {
  await Promise.all(running.map((one) => one.kill()));
  stopClock();
  await cloud.close();
  rmSync(folder, { recursive: true });
});

/** `monitor run errors.json` of a team, each with a folder and a state of its own, but one logset. */
function start(team: string, topic: string, logset: string, ...flags: string[]): Running {
  mkdirSync(join(folder, team), { recursive: true });
  const definition = {
    monitors: [{ name: "Errors", match: { status: "^5" }, alert: { to: "oncall" } }],
    sources: { access: { region: REGION, topic, logset, form: "pull" } },
    receivers: { oncall: { url: { env: "ONCALL_URL" } } },
    state: { bucket: "state-1250000000", region: REGION, prefix: `${team}/` },
  };
  writeFileSync(join(folder, team, "errors.json"), JSON.stringify(definition));
  const env = { ...environmentOf(cloud), CLS_ENDPOINT: cloud.endpoint, ONCALL_URL: cloud.endpoint };
  const one = new Running(["monitor", "run", "errors.json", ...flags], env, join(folder, team));
  running.push(one);
  return one;
}

test("two definitions with one file name take no group from each other", async () => {
  const logset = cloud.cls.createLogset("logs", REGION);
  const [shop, pay] = ["shop", "pay"].map((name) => cloud.cls.createTopic(name, logset, REGION));
  const first = [start("shop", shop.id, shop.logsetId), start("shop", shop.id, shop.logsetId)];
  for (const one of first) {
    const url = await one.said(/listens: (http:\/\/127\.0\.0\.1:\d+)/);
    await one.until(async () => (await fetch(`${url}/ready`)).ok, "readiness");
  }
  expect(await start("pay", pay.id, pay.logsetId).ended).not.toBe(0);
  expect(running[2].stderr).toContain(
    `group monitor-errors of logset ${pay.logsetId} in ${REGION} must belong to this definition, got one that another definition created; ` +
      "pass another name with --group, or --group monitor-errors to resume from its positions",
  );
  await start("pay", pay.id, pay.logsetId, "--group", "monitor-pay").said(/listens: /);
  // Whose it is, it stays: also for a process that comes later.
  await start("shop", shop.id, shop.logsetId).said(/listens: /);
});

test("two definitions that start for the first time in one moment hear of it", async () => {
  const logset = cloud.cls.createLogset("busy", REGION);
  const [shop, pay] = ["shop", "pay"].map((name) => cloud.cls.createTopic(name, logset, REGION));
  const first = start("shop-first", shop.id, shop.logsetId);
  await first.said(/joined, no position committed yet/);
  // The other one asked a moment earlier, when there was no group.
  let isAsked = false;
  cloud.cls.faults.decide = ({ action }) =>
    action === "DescribeConsumerGroups" && !isAsked && (isAsked = true) ? { status: 500 } : undefined;
  const second = start("pay-first", pay.id, pay.logsetId);
  await second.said(
    /group monitor-errors of logset \S+ in ap-guangzhou was created by another process at the moment of this definition's first start: .* --group/,
  );
  cloud.cls.faults.decide = () => undefined;
  expect(first.stderr).not.toContain("another process");
  await second.stop();
  // Later it is what any other start is.
  const again = start("pay-first", pay.id, pay.logsetId);
  await again.said(/joined/);
  expect(again.stderr).not.toContain("another process");
});

test("a definition that was written before the plan was applied is refused, with the way to the other", async () => {
  const one = start("early", "${tencentcloud_cls_topic.Access_99.id}", "logset");
  expect(await one.ended).toBe(2);
  expect(one.stderr).toContain(
    "sources.access.topic must be known, got the reference ${tencentcloud_cls_topic.Access_99.id}",
  );
  expect(one.stderr).toContain("terraform output -raw NAME > FILE");
});

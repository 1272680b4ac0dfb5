import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../cli/run";
import type { LocalCloud } from "../../local/cloud";
import { SimulatedClock } from "../../local/clock";
import type { Topic } from "../../local/cls/topic";
import { closeClouds, start } from "../local/support/cloud";

const before = { ...process.env };
const MINUTE = 60_000;
/** When the incident began. */
const BEGIN = Math.floor(Date.now() / MINUTE) * MINUTE - 30 * MINUTE;

jest.setTimeout(60_000);

let clock: SimulatedClock;
let cloud: LocalCloud;
let topics: readonly Topic[];
let folder: string;
beforeAll(async () => {
  clock = new SimulatedClock(BEGIN);
  cloud = await start({ clock });
  topics = ["ap-guangzhou", "ap-singapore"].map((region, at) => {
    const logset = cloud.cls.createLogset("logs", region);
    return cloud.cls.createTopic("access", logset, region, { partitionCount: 3 - 2 * at });
  });
  folder = mkdtempSync(join(tmpdir(), "monitor-try-"));
  const { secretId, secretKey } = cloud.cam.ownerKey;
  Object.assign(process.env, {
    CLS_ENDPOINT: cloud.endpoint,
    TENCENTCLOUD_SECRET_ID: secretId,
    TENCENTCLOUD_SECRET_KEY: secretKey,
  });
});
afterAll(async () => {
  process.env = before;
  rmSync(folder, { recursive: true });
  await closeClouds();
});

async function tryOut(...flags: string[]) {
  const path = join(folder, "m.yaml");
  writeFileSync(
    path,
    `monitors:
  - name: Errors
    match: { status: "^5" }
    group: [service]
    alert: { to: oncall }
sources:
  gz: { region: ${topics[0].region}, topic: ${topics[0].id} }
  sg: { region: ${topics[1].region}, topic: ${topics[1].id} }
receivers: { oncall: { url: { env: URL } } }
state: memory
`,
  );
  const written = { stdout: "", stderr: "" };
  const status = await run(["monitor", "try", path, ...flags], {
    stdout: { write: (part) => (written.stdout += part) },
    stderr: { write: (part) => (written.stderr += part) },
  });
  return { ...written, status };
}

describe("tencent-logs monitor try", () => {
  it("tells what would have gone out of what lies in real topics, with groups and counts", async () => {
    for (let at = 0; at < 40; at++) {
      const record = (status: string) => ({ time: clock.now(), contents: { service: "orders", status } });
      await topics[at % 2].put([record("503"), record("200")]);
      await clock.advance(5_000);
    }
    await clock.advanceTo(Date.now());
    const { stdout, stderr, status } = await tryOut("--from", "-2h");
    expect(stderr).toBe("");
    const lines = stdout.trimEnd().split("\n");
    expect(lines).toEqual([
      expect.stringMatching(/^\d{4}-.*Z first Errors service=orders, 1 record \(warning\) ap-guangzhou -> oncall$/),
      expect.stringMatching(
        /Z more Errors service=orders, 39 records \(warning\) ap-singapore, ap-guangzhou -> oncall$/,
      ),
      expect.stringMatching(
        /Z recovered Errors service=orders, 40 records \(warning\) ap-guangzhou, ap-singapore -> oncall$/,
      ),
      "3 alerts in 2h; 40 records matched",
      expect.stringMatching(/^records: (gz 40, sg 40|sg 40, gz 40)$/),
      "Errors: first 1, more 1, recovered 1 -> oncall 3",
    ]);
    expect(status).toBe(0);
    const withText = await tryOut("--from", "-2h", "--text");
    expect(withText.stdout).toContain("    [warning] Errors · service=orders");
    const asJson = await tryOut("--from", "-2h", "--json");
    expect(
      asJson.stdout
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([
      { kind: "first", monitor: "Errors", group: { service: "orders" }, count: 1, to: ["oncall"] },
      { kind: "more", count: 39 },
      { kind: "recovered", count: 40 },
    ]);
    expect(asJson.stderr).toContain("3 alerts in 2h; 40 records matched\n");
    const later = await tryOut("--from", new Date(Date.now() - 5 * MINUTE).toISOString());
    expect(later.stdout).toContain("0 alerts in 5m; 0 records matched");
  });

  it("refuses times that are none, or lie the wrong way round", async () => {
    expect(await tryOut()).toMatchObject({ stderr: "--from must be a time, got nothing; see --help\n", status: 2 });
    expect(await tryOut("--from", "yesterday")).toMatchObject({
      stderr:
        '--from must be how long ago, such as -24h, or a time, such as 2026-01-31T12:00:00Z, got "yesterday"; see --help\n',
      status: 2,
    });
    expect(await tryOut("--from", "-1h", "--to", "-2h")).toMatchObject({
      stderr: "--from must be before --to and in the past, got -1h; see --help\n",
      status: 2,
    });
  });
});

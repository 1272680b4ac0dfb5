import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import { type BatchCatchUpProps, CosOutput } from "../../../../lib";
import type { LocalCloud } from "../../../../local/cloud";
import type { Summary } from "../../../../functions/invocation/summary";
import { backlog, keyOf, recordsIn, withoutTrigger } from "../../../cli/backfill/support/backlog";
import { environmentOf, tencentLogs } from "../../../cli/support/cli";
import { REGION } from "../../../local/support/plan";
import { BUCKET, deployBatch, deploySource, deployStream, objectsUnder, removeDeployed } from "../../support/deployed";
import { holdUntilPause } from "../../support/held-output";

jest.setTimeout(60_000);
afterEach(removeDeployed);

const MINUTE = 60_000;
const NOTE = `quarantine/${BUCKET}/${keyOf(0)}.json`;

async function deploy(catchUp: BatchCatchUpProps = {}, more: object = {}): Promise<LocalCloud> {
  const cloud = await deployBatch(
    (bucket) => ({
      // What there is no time for is left to the next one, and not to quarantine.
      outputs: { lake: new CosOutput(bucket, { prefix: "lake/", maxPartBytes: 1024 * 1024, onFailure: "fail" }) },
      catchUp,
      ...more,
    }),
    { functionTime: "clock" },
  );
  await pass(cloud, 15);
  // Behind the begin of the first catch-up, by the function's clock too.
  await cloud.clock.advance(2_000);
  return cloud;
}

/** Lets minutes pass, and what is due then come to its end. */
async function pass(cloud: LocalCloud, minutes: number): Promise<void> {
  for (let left = minutes; left > 0; left -= 15) {
    await cloud.clock.advance(Math.min(15, left) * MINUTE);
    await cloud.settled();
  }
}

/** What the timer's invocations returned. */
function catchUps(cloud: LocalCloud) {
  return cloud.invocations.filter(({ source }) => source.startsWith("timer://")).map(({ result }) => result);
}

/** What invocations logged that read something. */
function summaries(cloud: LocalCloud): Summary[] {
  const lines = cloud.invocations.flatMap(({ log }) => log).filter((line) => line.startsWith('{"objects"'));
  return lines.map((line) => JSON.parse(line) as Summary);
}

function refuse(cloud: LocalCloud, fault: { status: number; code?: string } | undefined): void {
  cloud.cos.faults = ({ method, key }) => (method === "GET" && key.startsWith("cls/") ? fault : undefined);
}

describe("the sweep", () => {
  it("reads objects whose event never came, once they are old enough, and no others", async () => {
    const cloud = await deploy();
    await cloud.bucket(BUCKET).put(keyOf(900), gzipSync('{"o":900,"n":0}\n'));
    await cloud.settled();
    await backlog(cloud, 3);
    await pass(cloud, 15);
    expect(await recordsIn(cloud)).toEqual(["900.0"]);
    await pass(cloud, 30);
    expect(await recordsIn(cloud)).toHaveLength(7);
    expect(catchUps(cloud)).toMatchObject([{}, { missed: 0 }, { missed: 3, leftOver: 0 }, { missed: 0 }]);
    expect(summaries(cloud)).toHaveLength(4);
  });

  it("looks below each prefix of a source, for what ends as it should", async () => {
    const cloud = await deploySource({ catchUp: {} }, { functionTime: "clock" });
    await pass(cloud, 15);
    await cloud.clock.advance(2_000);
    await withoutTrigger(cloud, async () => {
      for (const key of ["logs/a/1.gz", "logs/b/2.gz", "logs/c/3.gz", "logs/a/4.txt"])
        await cloud.bucket(BUCKET).put(key, gzipSync(`{"o":${/\d/.exec(key)?.[0]},"n":0}\n`));
    });
    await pass(cloud, 45);
    expect(await recordsIn(cloud)).toEqual(["1.0", "2.0"]);
    expect(catchUps(cloud).map((one) => (one as { missed: number }).missed)).toEqual([0, 0, 2, 0]);
  });

  it("leaves alone what was there before its first time, and what has a note", async () => {
    const cloud = await deployBatch(
      (bucket) => ({
        outputs: { lake: new CosOutput(bucket, { prefix: "lake/" }) },
        catchUp: {},
      }),
      { functionTime: "clock" },
    );
    await backlog(cloud, 2);
    await pass(cloud, 60);
    expect(await recordsIn(cloud)).toEqual([]);
    await backlog(cloud, 1);
    await cloud.bucket(BUCKET).put(NOTE, '{"version":1}');
    await pass(cloud, 60);
    expect(await recordsIn(cloud)).toEqual([]);
  });

  it("reads an object that was written anew and of which no event came, and drops receipts that are too old", async () => {
    const cloud = await deploy({ lookbackHours: 1 });
    await cloud.bucket(BUCKET).put(keyOf(0), gzipSync('{"o":0,"n":0}\n'));
    await cloud.settled();
    const receipt = `quarantine/receipts/${BUCKET}/${keyOf(0)}`;
    expect(cloud.bucket(BUCKET).keys("quarantine/receipts/")).toEqual([receipt]);
    await cloud.clock.advance(2_000);
    await withoutTrigger(cloud, async () => {
      await cloud.bucket(BUCKET).put(keyOf(0), gzipSync('{"o":0,"n":1}\n'));
    });
    await pass(cloud, 45);
    expect(await recordsIn(cloud)).toEqual(["0.1"]);
    await pass(cloud, 180);
    expect(cloud.bucket(BUCKET).keys("quarantine/receipts/")).toEqual([]);
    expect(summaries(cloud)).toHaveLength(2);
  });
});

describe("the redrive", () => {
  it("tries again what may go by now, and its note goes", async () => {
    const cloud = await deploy({ sweep: false });
    refuse(cloud, { status: 403, code: "AccessDenied" });
    await cloud.bucket(BUCKET).put(keyOf(0), gzipSync('{"o":0,"n":0}\n'));
    await cloud.settled();
    expect(cloud.bucket(BUCKET).keys("quarantine/")).toContain(NOTE);
    refuse(cloud, undefined);
    await pass(cloud, 15);
    expect(await recordsIn(cloud)).toEqual(["0.0"]);
    expect(cloud.bucket(BUCKET).keys("quarantine/")).toEqual(["quarantine/timer/state.json"]);
    expect(catchUps(cloud).at(-1)).toMatchObject({ redriven: 1, failedAgain: 0 });
  });

  it("tries again an event of a stream, which lies nowhere else", async () => {
    const cloud = await deployStream(
      (bucket) => ({
        outputs: { lake: new CosOutput(bucket, { prefix: "lake/", onFailure: "fail" }) },
        catchUp: {},
      }),
      { functionTime: "clock" },
    );
    cloud.cos.faults = ({ method, key }) =>
      method === "PUT" && key.startsWith("lake/") ? { status: 403, code: "AccessDenied" } : undefined;
    await cloud.topic("access").put([{ time: cloud.clock.now(), contents: { o: "1", n: "0" } }]);
    await pass(cloud, 1);
    expect(cloud.bucket(BUCKET).keys("quarantine/cls/")).toHaveLength(1);
    cloud.cos.faults = () => undefined;
    await pass(cloud, 30);
    expect(await recordsIn(cloud)).toEqual(["1.0"]);
    expect(cloud.bucket(BUCKET).keys("quarantine/")).toEqual(["quarantine/timer/state.json"]);
    expect(catchUps(cloud).map((one) => (one as { redriven: number }).redriven)).toContain(1);
  });

  it("waits longer each time, ends after a day, and tells", async () => {
    const cloud = await deploy({ sweep: false });
    refuse(cloud, { status: 403, code: "AccessDenied" });
    await cloud.bucket(BUCKET).put(keyOf(0), gzipSync('{"o":0,"n":0}\n'));
    await cloud.settled();
    await pass(cloud, 30 * 60);
    const tries = catchUps(cloud).flatMap((one, index) =>
      (one as { redriven: number }).redriven > 0 ? [index * 15] : [],
    );
    expect(tries).toEqual([15, 30, 60, 120, 240, 480, 960]);
    const told = cloud.invocations.flatMap(({ log }) => log).filter((line) => /tried for a day/.test(line));
    expect(told).toEqual([`LOGS_QUARANTINED ${NOTE}: it was tried for a day; it is left to people now`]);
  });

  it("leaves alone what no other try changes", async () => {
    const cloud = await deploy({ sweep: false });
    await cloud.bucket(BUCKET).put(keyOf(0), gzipSync('{"o":0,"n":0}\n').subarray(0, 20));
    await pass(cloud, 120);
    expect(catchUps(cloud).every((one) => (one as { redriven: number }).redriven === 0)).toBe(true);
  });
});

describe("a catch-up", () => {
  const UNFINISHED = { kind: "unfinished", code: "UNFINISHED", message: "its time was up" };
  const note = (index: number, more: object) =>
    JSON.stringify({
      version: 1,
      object: { bucket: BUCKET, region: "ap-guangzhou", key: keyOf(index) },
      reached: { bytes: 0, line: 0 },
      attempts: 1,
      requestId: "a",
      ...more,
    });
  /** Leaves a note of an object of which no event came. */
  async function leave(cloud: LocalCloud, folder: string, index: number, more: object): Promise<void> {
    await withoutTrigger(cloud, async () => {
      await cloud.bucket(BUCKET).put(keyOf(index), gzipSync(`{"o":${index},"n":0}\n`));
    });
    const time = new Date(cloud.clock.now()).toISOString();
    await cloud
      .bucket(BUCKET)
      .put(`quarantine/${folder}${BUCKET}/${keyOf(index)}.json`, note(index, { time, ...more }));
  }

  it("leaves what was killed to the end, whatever else there is of it: it may be killed again", async () => {
    const cloud = await deploy();
    const until = new Date(cloud.clock.now() + MINUTE).toISOString();
    await leave(cloud, "", 0, { reason: UNFINISHED });
    await leave(cloud, "started/", 0, { until, reason: { kind: "killed", code: "KILLED", message: "" } });
    await withoutTrigger(cloud, async () => {
      await cloud.bucket(BUCKET).put(keyOf(7), gzipSync('{"o":7,"n":0}\n'));
    });
    const order: string[] = [];
    cloud.cos.faults = ({ method, key }) => void (method === "GET" && key.startsWith("cls/") && order.push(key));
    await pass(cloud, 15);
    expect(catchUps(cloud).at(-1)).toMatchObject({ continued: 0, redriven: 1, missed: 0 });
    await pass(cloud, 30);
    expect(order).toEqual([keyOf(0), keyOf(7)]);
    expect(await recordsIn(cloud)).toEqual(["0.0", "7.0"]);
    expect(
      cloud
        .bucket(BUCKET)
        .keys("quarantine/")
        .filter((key) => key.endsWith(".gz.json")),
    ).toEqual([]);
  });

  it("goes on with what was left unfinished days ago, since there was no time for it", async () => {
    const cloud = await deploy({ everyMinutes: 60, sweep: false });
    await leave(cloud, "", 0, { reason: UNFINISHED });
    const state = { version: 1, began: cloud.clock.now(), lookedAt: cloud.clock.now() };
    const until = cloud.clock.now() + 29 * 60 * MINUTE;
    await cloud.bucket(BUCKET).put("quarantine/timer/state.json", JSON.stringify({ ...state, until }));
    await pass(cloud, 31 * 60);
    expect(catchUps(cloud).filter((one) => (one as { busy?: boolean }).busy)).toHaveLength(29);
    expect(await recordsIn(cloud)).toEqual(["0.0"]);
  });

  it("keeps what is no note for the list of the quarantine, and no problem either", async () => {
    const cloud = await deploy();
    refuse(cloud, { status: 403, code: "AccessDenied" });
    await cloud.bucket(BUCKET).put(keyOf(0), gzipSync('{"o":0,"n":0}\n'));
    await cloud.settled();
    for (const one of [1, 2]) await cloud.bucket(BUCKET).put(`quarantine/receipts/${BUCKET}/${keyOf(one)}`, "{}");
    expect(cloud.bucket(BUCKET).keys("quarantine/timer/")).toEqual(["quarantine/timer/state.json"]);
    const list = ["quarantine", "list", "--bucket", BUCKET, "--region", REGION, "--prefix", "quarantine/"];
    const { status, stdout, stderr } = await tencentLogs(list, environmentOf(cloud));
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout.trim().split("\n")).toEqual([
      expect.stringContaining("AGE"),
      expect.stringContaining("AccessDenied"),
    ]);
  });

  it("passes over receipts, of which there are as many as objects", async () => {
    const cloud = await deploy({ sweep: false });
    const receipts = Array.from({ length: 2_100 }, (_, n) => `quarantine/receipts/${BUCKET}/cls/${n}.gz`);
    for (const key of receipts) await cloud.bucket(BUCKET).put(key, "{}");
    refuse(cloud, { status: 403, code: "AccessDenied" });
    await cloud.bucket(BUCKET).put(keyOf(0), gzipSync('{"o":0,"n":0}\n'));
    await cloud.settled();
    let lists = 0;
    cloud.cos.faults = ({ method, key }) => void (method === "GET" && key === "" && lists++);
    await cloud.bucket(BUCKET).put(`quarantine/z/${keyOf(1)}.json`, String(await cloud.bucket(BUCKET).read(NOTE)));
    await pass(cloud, 15);
    expect(lists).toBe(2);
    expect(catchUps(cloud).at(-1)).toMatchObject({ redriven: 2 });
  });

  it("reads what was missed once COS is back, whatever it could not do meanwhile", async () => {
    const cloud = await deploy();
    await backlog(cloud, 2);
    await pass(cloud, 15);
    cloud.cos.faults = () => ({ status: 503 });
    await pass(cloud, 15);
    expect(cloud.invocations.at(-1)?.error).toBeDefined();
    cloud.cos.faults = () => undefined;
    await pass(cloud, 15);
    expect(await recordsIn(cloud)).toHaveLength(4);
  });

  it("tells of a receipt that cannot be written, and stores the object once more, over itself", async () => {
    const cloud = await deploy();
    cloud.cos.faults = ({ method, key }) =>
      method === "PUT" && key.includes("/receipts/") ? { status: 403, code: "AccessDenied" } : undefined;
    await cloud.bucket(BUCKET).put(keyOf(0), gzipSync('{"o":0,"n":0}\n'));
    await cloud.settled();
    const log = cloud.invocations.at(-1)?.log ?? [];
    expect(log.filter((line) => line.startsWith("its receipt cannot be written: cos://"))).toHaveLength(1);
    await pass(cloud, 45);
    expect(catchUps(cloud).filter((one) => (one as { missed: number }).missed === 1).length).toBeGreaterThan(0);
    expect(await recordsIn(cloud)).toEqual(["0.0"]);
    expect(cloud.bucket(BUCKET).keys("quarantine/")).toEqual(["quarantine/timer/state.json"]);
  });

  it("begins with the sweep where the last one had no time for it", async () => {
    const cloud = await deploy({}, { timeoutSeconds: 4 });
    await leave(cloud, "", 0, { reason: { kind: "permanent", code: "AccessDenied", message: "" } });
    await backlog(cloud, 8);
    cloud.cos.faults = ({ method, key }) =>
      method === "GET" && key === keyOf(0) ? { delayMs: 3_200, status: 403, code: "AccessDenied" } : undefined;
    await pass(cloud, 15);
    expect(catchUps(cloud).at(-1)).toMatchObject({ redriven: 1, missed: 0, leftOver: 1 });
    await pass(cloud, 15);
    expect(catchUps(cloud).at(-1)).toMatchObject({ missed: 7 });
    expect(await recordsIn(cloud)).toHaveLength(14);
  });
});

describe("an object that is too large for one invocation", () => {
  /** Lines that do not pack, so that an output that is slow holds up the reader. */
  function content(megabytes: number): Buffer {
    const lines: string[] = [];
    for (let bytes = 0, n = 0; bytes < megabytes * 1024 * 1024; n++) {
      const noise = Array.from({ length: 8 }, (_, part) =>
        createHash("sha512").update(`${n}.${part}`).digest("base64"),
      );
      const line = n % 97 === 0 ? `no record ${n}` : JSON.stringify({ o: 0, n, noise: noise.join("") });
      bytes += line.length + 1;
      lines.push(line);
    }
    return Buffer.from(`${lines.join("\n")}\n`);
  }

  it("goes on in the next: its parts and counts are those of one", async () => {
    const text = content(10);
    const whole = await deploy({}, { timeoutSeconds: 60 });
    await whole.bucket(BUCKET).put(keyOf(0), gzipSync(text, { level: 1 }));
    await whole.settled();
    const parts = await objectsUnder(whole, "lake/");
    const [one] = summaries(whole);

    const cloud = await deploy({}, { timeoutSeconds: 6 });
    cloud.cos.faults = holdUntilPause({ timeoutSeconds: 6, input: keyOf(0), output: "lake/" });
    await cloud.bucket(BUCKET).put(keyOf(0), gzipSync(text, { level: 1 }));
    await cloud.settled();
    const note = JSON.parse(String(await cloud.bucket(BUCKET).read(NOTE))) as {
      reason: object;
      goOn: { byte: number };
    };
    expect(note).toMatchObject({ reason: { kind: "unfinished" }, goOn: { invocations: 1 } });
    expect(note.goOn.byte).toBeGreaterThan(1024 * 1024);
    for (let tick = 0; tick < 12 && cloud.bucket(BUCKET).keys("quarantine/").includes(NOTE); tick++)
      await pass(cloud, 15);

    const split = await objectsUnder(cloud, "lake/");
    expect([...split.keys()]).toEqual([...parts.keys()]);
    for (const [key, part] of split) expect(gunzipSync(part).equals(gunzipSync(parts.get(key) as Buffer))).toBe(true);
    const all = summaries(cloud);
    expect(all.length).toBeGreaterThan(1);
    const sum = (of: (summary: Summary) => number | undefined) =>
      all.reduce((total, each) => total + (of(each) ?? 0), 0);
    expect({
      objects: sum(({ objects }) => objects),
      lines: sum(({ lines }) => lines),
      records: sum(({ records }) => records),
      invalid: sum(({ invalid }) => invalid),
      bytes: sum(({ bytes }) => bytes),
      written: sum(({ outputs }) => outputs.lake.records),
      quarantined: sum(({ quarantined }) => quarantined),
    }).toEqual({
      objects: 1,
      lines: one.lines,
      records: one.records,
      invalid: one.invalid,
      bytes: one.bytes,
      written: one.outputs.lake.records,
      quarantined: 0,
    });
    const receipt = String(await cloud.bucket(BUCKET).read(`quarantine/receipts/${BUCKET}/${keyOf(0)}`));
    expect(JSON.parse(receipt)).toMatchObject({ outcome: "done", records: one.records, bytes: one.bytes });
  });
});

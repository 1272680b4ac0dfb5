import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal } from "../../cli/backfill/journal";
import { Runner } from "../../cli/backfill/runner";
import { CosOutput } from "../../lib";
import { backlog, recordsIn } from "../cli/backfill/support/backlog";
import { SimulatedSlots } from "../cli/backfill/support/slots";
import { environmentOf } from "../cli/support/cli";
import { Running } from "../cli/support/running";
import { seeded } from "../faults/support/random";
import { deployBatch, removeDeployed } from "../functions/support/deployed";
import { REGION } from "../local/support/plan";

afterEach(removeDeployed);

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const OBJECTS = Number(process.env.LOGS_OBJECTS ?? 100_000);

it("a million objects in the local cloud's clock, killed on the way: none is left out, none is counted twice", async () => {
  const MILLION = Number(process.env.LOGS_OBJECTS ?? 1_000_000);
  const folder = mkdtempSync(join(tmpdir(), "backfill-million-"));
  const known = new Map<number, number>();
  const header = { version: 1, run: "r", asked: "a", began: "2026-01-01T00:00:00.000Z", selection: {} } as const;
  const inputOf = (n: number) => ({ id: `o${n}`, name: `o${n}`, position: n, event: () => ({ n }) });
  async function* behind(from: number) {
    for (let n = from; n < MILLION; n++) yield inputOf(n);
  }
  let totals = {};
  for (const calls of [MILLION * 0.4, Infinity]) {
    const cloud = new SimulatedSlots({ seed: SEED, known });
    const journal = Journal.open(join(folder, "a.jsonl"), header);
    const open = journal.open.map(({ position }) => inputOf(position as number));
    const from = journal.position === undefined ? 0 : (journal.position as number) + 1;
    const runner = new Runner({ engine: cloud, journal, timing: cloud.timing, concurrency: 50 }, cloud.tell);
    const stop = new AbortController();
    const began = cloud.clock.now();
    await cloud.runUntil(runner.run(open, behind(from), stop.signal), calls, () => stop.abort(new Error("killed")));
    totals = journal.totals;
    journal.close();
    const hours = (cloud.clock.now() - began) / 3_600_000;
    console.info(`${known.size} objects asked for; ${hours.toFixed(1)} h by the clock, ${cloud.most} at a time`);
  }
  expect(totals).toEqual({ done: MILLION, quarantined: 0, failed: 0, records: 2 * MILLION, withBatches: 0 });
  expect(known.size).toBe(MILLION);
  rmSync(folder, { recursive: true });
});

it(`a backfill of ${OBJECTS} objects, killed twice: each object's records once in COS, and the sums are right`, async () => {
  const random = seeded(SEED);
  const folder = mkdtempSync(join(tmpdir(), "backfill-soak-"));
  const cloud = await deployBatch((bucket) => ({ outputs: { lake: new CosOutput(bucket, { prefix: "lake/" }) } }), {
    maxInstances: 4,
  });
  const records = await backlog(cloud, OBJECTS, () => 1 + Math.floor(random() * 3));
  const args = ["backfill", "logs/Batch", "--function", "batch", "--region", REGION, "--concurrency", "32", "--json"];
  const startedAt = Date.now();
  for (const part of [0.2 + random() * 0.2, 0.6 + random() * 0.2]) {
    const running = new Running(args, environmentOf(cloud), folder);
    await running.until(() => cloud.invocations.length >= part * OBJECTS, "invocations", 3 * 3_600_000);
    await running.kill();
  }
  const last = new Running(args, environmentOf(cloud), folder);
  expect(await last.ended).toBe(0);
  const seconds = (Date.now() - startedAt) / 1000;
  const total = JSON.parse(last.stdout.trim().split("\n").at(-1) ?? "") as object;
  expect(total).toEqual({
    status: "total",
    done: OBJECTS,
    quarantined: 0,
    failed: 0,
    withBatches: 0,
    records,
  });
  const arrived = await recordsIn(cloud);
  expect([arrived.length, new Set(arrived).size]).toEqual([records, records]);
  const twice = cloud.invocations.length - OBJECTS;
  expect(twice).toBeLessThanOrEqual(2 * 32);
  console.info(`backfill: ${OBJECTS} objects in ${seconds.toFixed(0)} s, ${twice} read twice (LOGS_SEED=${SEED})`);
  rmSync(folder, { recursive: true });
});

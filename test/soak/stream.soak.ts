import { createServer, type Server } from "node:http";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { CosOutput, LogProcessor, WebhookOutput } from "../../lib";
import { seeded } from "../faults/support/random";
import { BUCKET, deployStream, removeDeployed, secret } from "../functions/support/deployed";

const RECORDS = Number(process.env.LOGS_SOAK_RECORDS ?? 10_000_000);
const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);
const EVENT_RECORDS = 5_000;
/** Milliseconds that the webhook takes for a request. */
const HOOK_MS = 5;

/** Every record to COS, every tenth to the webhook as well. */
const PROCESSOR = `export default {
  record(record) {
    return record.fields.n.endsWith("7") ? [record, { output: "hook", record }] : record;
  },
};`;

let folder: string;
let server: Server;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "soak-"))));
afterEach(async () => {
  await removeDeployed();
  server.close();
  rmSync(folder, { recursive: true });
});

/** Counts how often each number came. */
class Seen {
  readonly times = new Uint8Array(RECORDS);

  add(n: string): void {
    this.times[Number(n)]++;
  }

  /** How many numbers came that often. */
  count(which: (times: number) => boolean): number {
    return this.times.reduce((sum, times) => sum + (which(times) ? 1 : 0), 0);
  }
}

/** A slow webhook that now and then refuses, or hangs up after it took the records. */
async function startHook(seen: Seen, random: () => number): Promise<string> {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const luck = random();
      if (luck < 0.01) return void response.writeHead(503).end();
      for (const { n } of JSON.parse(Buffer.concat(chunks).toString()) as { n: string }[]) seen.add(n);
      if (luck < 0.02) return void request.socket.resetAndDestroy();
      setTimeout(() => response.end(), HOOK_MS);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

it(`${RECORDS} records of a stream, events that come twice, outputs that fail now and then`, async () => {
  const random = seeded(SEED);
  const [inHook, inLake] = [new Seen(), new Seen()];
  const url = secret(await startHook(inHook, random));
  writeFileSync(join(folder, "processor.js"), PROCESSOR);
  const cloud = await deployStream(
    (bucket) => ({
      processor: LogProcessor.fromEntry(join(folder, "processor.js")),
      maxMessages: EVENT_RECORDS,
      memorySizeMb: 256,
      outputs: {
        lake: new CosOutput(bucket, { prefix: "lake/", onFailure: "fail" }),
        hook: new WebhookOutput({ url, maxBatchRecords: 100, onFailure: "fail" }),
      },
      defaultOutput: "lake",
    }),
    { maxInstances: 1, workFolder: join(folder, "cloud") },
  );
  cloud.cos.faults = ({ method }) => (method === "PUT" && random() < 0.01 ? { status: 503 } : undefined);

  const startedAt = Date.now();
  const text = "GET /index.html HTTP/1.1 200 0.012";
  for (let from = 0; from < RECORDS; from += EVENT_RECORDS) {
    cloud.deliveries.copies = random() < 0.1 ? 2 : 1;
    const count = Math.min(EVENT_RECORDS, RECORDS - from);
    const time = 1_700_000_000_000 + from;
    const records = Array.from({ length: count }, (_, n) => ({ time, contents: { n: String(from + n), text } }));
    await cloud.topic("access").put(records);
    await cloud.settled();
  }
  await cloud.clock.advance(60_000);
  await cloud.settled();
  const seconds = (Date.now() - startedAt) / 1000;

  const bucket = cloud.bucket(BUCKET);
  for (const key of bucket.keys("lake/")) {
    const lines = gunzipSync(await bucket.read(key))
      .toString()
      .trimEnd()
      .split("\n");
    for (const line of lines) inLake.add((JSON.parse(line) as { n: string }).n);
  }
  const { invocations } = cloud;
  const memory = invocations.map(({ memoryMb }) => memoryMb);
  const early = Math.max(...memory.slice(0, Math.ceil(memory.length / 10)));
  const peak = Math.max(...memory);
  console.info(
    `${RECORDS} records in ${seconds.toFixed(0)} s, ${invocations.length} invocations, ` +
      `${invocations.filter(({ error }) => error).length} failed and came again, peak memory ${early.toFixed(0)} MB ` +
      `in the first tenth and ${peak.toFixed(0)} MB in all, ${inHook.count((times) => times > 1)} records twice at the ` +
      `webhook (LOGS_SEED=${SEED})`,
  );
  expect(inLake.count((times) => times !== 1)).toBe(0);
  expect(inHook.count((times) => times > 0)).toBe(RECORDS / 10);
  expect(invocations.filter(({ givenUp }) => givenUp)).toEqual([]);
  expect(bucket.keys("quarantine/")).toEqual([]);
  expect(peak - early).toBeLessThan(24);
});

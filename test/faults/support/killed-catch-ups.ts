import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { QuarantineNote } from "../../../functions/quarantine/objects";
import { CosOutput } from "../../../lib";
import type { LocalCloud } from "../../../local/cloud";
import { keyOf, withoutTrigger } from "../../cli/backfill/support/backlog";
import { BUCKET, deployBatch, objectsUnder } from "../../functions/support/deployed";
import { holdUntilPause } from "../../functions/support/held-output";
import { REGION } from "../../local/support/plan";

/** The task of a catch-up that is killed. */
export type Work = "continuation" | "sweep" | "redrive" | "batch";

const MINUTE = 60_000;
const TIMEOUT_SECONDS = 6;

/** How the last request before the kill ends: COS has processed it, or has not. */
const ENDS = [{ delayMs: 50 }, { delayMs: 50, status: 503 }] as const;

/** Kills the function at each n-th request of a catch-up, both ways; resolves to the number of kills. */
export async function killCatchUps(work: Work, step: number, first = 0): Promise<number> {
  // Work without enough time must be left to the next catch-up, not to quarantine.
  const onFailure = work === "batch" ? "quarantine" : "fail";
  const cloud = await deployBatch(
    (bucket) => ({
      outputs: { lake: new CosOutput(bucket, { prefix: "lake/", maxPartBytes: 1024 * 1024, onFailure }) },
      catchUp: {},
      timeoutSeconds: TIMEOUT_SECONDS,
    }),
    { functionTime: "clock" },
  );
  await pass(cloud, 1);
  const prepare = await PREPARATIONS[work](cloud);
  let kills = 0;
  for (let number = first; ; number += step) {
    for (const [index, end] of ENDS.entries()) {
      const key = keyOf(number * ENDS.length + index);
      const expected = await prepare(key);
      const killed = await killAt(cloud, number, end);
      if (!killed) return kills;
      kills++;
      // SCF retries, and a mark becomes due ten minutes after the end of its invocation.
      await pass(cloud, 5);
      const where = `request ${number} of a ${work}, ${index === 0 ? "done" : "not done"}`;
      expect([where, await partsOf(cloud, key)]).toEqual([where, expected]);
      // The note of a batch is removed first: a kill then leaves its records, which are useless.
      const notes = cloud
        .bucket(BUCKET)
        .keys("quarantine/")
        .filter((one) => one.endsWith(".json"));
      expect([where, notes]).toEqual([where, ["quarantine/timer/state.json"]]);
    }
  }
}

/**
 * Advances past that many timer events, and completes everything that is then due, which can take minutes; afterwards
 * the time is two seconds past a timer event.
 */
async function pass(cloud: LocalCloud, quarters: number): Promise<void> {
  for (let left = quarters; left > 0; left--) {
    await cloud.clock.advance(15 * MINUTE - (cloud.clock.now() % (15 * MINUTE)) + 2_000);
    await cloud.settled();
  }
}

/** Kills the function at a request of the next catch-up; resolves to whether there are that many requests. */
async function killAt(cloud: LocalCloud, number: number, end: object): Promise<boolean> {
  const target = cloud.scf.function({ region: REGION, namespace: "default", name: "batch" });
  let [requests, killed] = [0, false];
  cloud.cos.faults = () => {
    if (killed || requests++ < number) return undefined;
    killed = true;
    void target.close();
    return end;
  };
  await pass(cloud, 1);
  cloud.cos.faults = () => undefined;
  return killed;
}

/** The output's objects of an input, by the part of the key after the input's, unpacked and hashed. */
async function partsOf(cloud: LocalCloud, key: string): Promise<Record<string, string>> {
  const folder = `lake/${BUCKET}/${key}/`;
  const parts = await objectsUnder(cloud, folder);
  const hash = (part: Buffer) => createHash("sha256").update(gunzipSync(part)).digest("hex");
  return Object.fromEntries([...parts].map(([name, part]) => [name.slice(folder.length), hash(part)]));
}

/**
 * Prepares the state that a catch-up finds for an object with that key; resolves to the expected objects of the output.
 */
type Prepare = (key: string) => Promise<Record<string, string>>;

const small = (key: string) => Buffer.from(`{"key":"${key}"}\n`);
const expectedOf = (key: string) => ({
  "00000-000.jsonl.gz": createHash("sha256").update(small(key)).digest("hex"),
});

const PREPARATIONS: { readonly [Kind in Work]: (cloud: LocalCloud) => Promise<Prepare> } = {
  sweep: async (cloud) => async (key) => {
    await withoutTrigger(cloud, async () => void (await cloud.bucket(BUCKET).put(key, gzipSync(small(key)))));
    // Old enough after the catch-up that follows the next one.
    await pass(cloud, 1);
    return expectedOf(key);
  },
  redrive: async (cloud) => async (key) => {
    cloud.cos.faults = ({ method, key: one }) => (method === "GET" && one === key ? REFUSED : undefined);
    return leftToNote(cloud, key);
  },
  batch: async (cloud) => async (key) => {
    cloud.cos.faults = ({ method, key: one }) => (method === "PUT" && one.startsWith("lake/") ? REFUSED : undefined);
    return leftToNote(cloud, key);
  },
  continuation: prepareContinuations,
};

const REFUSED = { status: 403, code: "AccessDenied" };

async function leftToNote(cloud: LocalCloud, key: string): Promise<Record<string, string>> {
  await cloud.bucket(BUCKET).put(key, gzipSync(small(key)));
  await cloud.settled();
  cloud.cos.faults = () => undefined;
  return expectedOf(key);
}

/** One object is really left unfinished; the others are copies of it, including its parts and its note. */
async function prepareContinuations(cloud: LocalCloud): Promise<Prepare> {
  const [original, whole] = [keyOf(900_000), keyOf(900_001)];
  const bucket = cloud.bucket(BUCKET);
  const packed = gzipSync(noise(6), { level: 1 });
  const output = `lake/${BUCKET}/${original}/`;
  cloud.cos.faults = holdUntilPause({ timeoutSeconds: TIMEOUT_SECONDS, input: original, output });
  await bucket.put(original, packed);
  await cloud.settled();
  cloud.cos.faults = () => undefined;
  const noteKey = `quarantine/${BUCKET}/${original}.json`;
  const note = String(await bucket.read(noteKey));
  expect((JSON.parse(note) as QuarantineNote).reason.kind).toBe("unfinished");
  const parts = await objectsUnder(cloud, output);
  await pass(cloud, 4);
  await bucket.put(whole, packed);
  await cloud.settled();
  const expected = await partsOf(cloud, whole);
  expect(await partsOf(cloud, original)).toEqual(expected);
  expect(parts.size).toBeLessThan(Object.keys(expected).length);
  return async (key) => {
    const copied = (text: string) => text.replaceAll(original, key);
    await withoutTrigger(cloud, async () => void (await bucket.put(key, packed)));
    for (const [name, part] of parts) await bucket.put(copied(name), part);
    await bucket.put(copied(noteKey), copied(note));
    return expected;
  };
}

/** Incompressible lines, so that a slow output blocks the reader. */
function noise(megabytes: number): Buffer {
  const lines: string[] = [];
  for (let bytes = 0, n = 0; bytes < megabytes * 1024 * 1024; n++) {
    const parts = Array.from({ length: 8 }, (_, part) => createHash("sha512").update(`${n}.${part}`).digest("base64"));
    lines.push(JSON.stringify({ n, noise: parts.join("") }));
    bytes += lines[n].length + 1;
  }
  return Buffer.from(`${lines.join("\n")}\n`);
}

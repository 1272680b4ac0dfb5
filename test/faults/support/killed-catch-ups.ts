import { createHash } from "node:crypto";
import { gunzipSync, gzipSync } from "node:zlib";
import type { QuarantineNote } from "../../../functions/quarantine/objects";
import { CosOutput } from "../../../lib";
import type { LocalCloud } from "../../../local/cloud";
import { keyOf, withoutTrigger } from "../../cli/backfill/support/backlog";
import { BUCKET, deployBatch, objectsUnder } from "../../functions/support/deployed";
import { holdUntilPause } from "../../functions/support/held-output";
import { REGION } from "../../local/support/plan";

/** What a catch-up has to do when it is killed. */
export type Work = "continuation" | "sweep" | "redrive" | "batch";

const MINUTE = 60_000;
const TIMEOUT_SECONDS = 6;

/** How a catch-up's request ends that its function does not live to see: COS has done what it asks, or has not. */
const ENDS = [{ delayMs: 50 }, { delayMs: 50, status: 503 }] as const;

/** Kills the function at each n-th request of a catch-up, both ways; resolves to how many kills that were. */
export async function killCatchUps(work: Work, step: number, first = 0): Promise<number> {
  // What there is no time for is to be left to the next one, and not to quarantine.
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
      // SCF tries again, and a mark is due ten minutes after its invocation's end.
      await pass(cloud, 5);
      const where = `request ${number} of a ${work}, ${index === 0 ? "done" : "not done"}`;
      expect([where, await partsOf(cloud, key)]).toEqual([where, expected]);
      // Of a batch the note is removed first: a kill then leaves its records, of no use to anybody.
      const notes = cloud
        .bucket(BUCKET)
        .keys("quarantine/")
        .filter((one) => one.endsWith(".json"));
      expect([where, notes]).toEqual([where, ["quarantine/timer/state.json"]]);
    }
  }
}

/** Lets timers come so often, and what is due then to its end, which may take minutes; it is two seconds past a timer's time then. */
async function pass(cloud: LocalCloud, quarters: number): Promise<void> {
  for (let left = quarters; left > 0; left--) {
    await cloud.clock.advance(15 * MINUTE - (cloud.clock.now() % (15 * MINUTE)) + 2_000);
    await cloud.settled();
  }
}

/** Kills the function at a request of the next catch-up; resolves to whether there are so many. */
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

/** The output's objects of an input, by what follows its key, unpacked and hashed. */
async function partsOf(cloud: LocalCloud, key: string): Promise<Record<string, string>> {
  const folder = `lake/${BUCKET}/${key}/`;
  const parts = await objectsUnder(cloud, folder);
  const hash = (part: Buffer) => createHash("sha256").update(gunzipSync(part)).digest("hex");
  return Object.fromEntries([...parts].map(([name, part]) => [name.slice(folder.length), hash(part)]));
}

/** Makes what a catch-up finds, of an object of that key; resolves to the output's objects of it in the end. */
type Prepare = (key: string) => Promise<Record<string, string>>;

const small = (key: string) => Buffer.from(`{"key":"${key}"}\n`);
const expectedOf = (key: string) => ({
  "00000-000.jsonl.gz": createHash("sha256").update(small(key)).digest("hex"),
});

const PREPARATIONS: { readonly [Kind in Work]: (cloud: LocalCloud) => Promise<Prepare> } = {
  sweep: async (cloud) => async (key) => {
    await withoutTrigger(cloud, async () => void (await cloud.bucket(BUCKET).put(key, gzipSync(small(key)))));
    // Old enough, once the one behind the next catch-up comes.
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

/** One object is left unfinished in earnest; others are copies of it, with copies of its parts and its note. */
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

/** Lines that do not pack, so that an output that is slow holds up the reader. */
function noise(megabytes: number): Buffer {
  const lines: string[] = [];
  for (let bytes = 0, n = 0; bytes < megabytes * 1024 * 1024; n++) {
    const parts = Array.from({ length: 8 }, (_, part) => createHash("sha512").update(`${n}.${part}`).digest("base64"));
    lines.push(JSON.stringify({ n, noise: parts.join("") }));
    bytes += lines[n].length + 1;
  }
  return Buffer.from(`${lines.join("\n")}\n`);
}

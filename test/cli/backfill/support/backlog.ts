import { gunzipSync, gzipSync } from "node:zlib";
import type { LocalCloud } from "../../../../local/cloud";
import { BUCKET, objectsUnder } from "../../../functions/support/deployed";
import { REGION } from "../../../local/support/plan";

/** The key of a backlog's object: some hundred per hour, as a shipper writes them. */
export function keyOf(index: number): string {
  return `cls/2026/01/${String(Math.floor(index / 100)).padStart(4, "0")}/o-${String(index).padStart(6, "0")}.gz`;
}

/** Works with objects while no trigger invokes the function `batch` for them. */
export async function withoutTrigger(cloud: LocalCloud, work: () => Promise<void>): Promise<void> {
  const { scf } = cloud;
  const target = scf.function({ region: REGION, namespace: "default", name: "batch" });
  const bound = scf.bindings.of(target);
  scf.bindings.forget(target);
  await work();
  for (const { trigger } of bound) scf.bindings.add(trigger, target);
}

/** Stores objects without a trigger; returns their number of records. */
export async function backlog(
  cloud: LocalCloud,
  count: number,
  recordsOf: (index: number) => number = () => 2,
): Promise<number> {
  let records = 0;
  await withoutTrigger(cloud, async () => {
    for (let index = 0; index < count; index++) {
      const lines = Array.from({ length: recordsOf(index) }, (_, n) => `{"o":${index},"n":${n}}\n`);
      records += lines.length;
      await cloud.bucket(BUCKET).put(keyOf(index), gzipSync(lines.join(""), { level: 1 }));
    }
  });
  return records;
}

/** The records below the output's prefix, as `<object>.<line>`, in order. */
export async function recordsIn(cloud: LocalCloud, prefix = "lake/"): Promise<string[]> {
  const objects = await objectsUnder(cloud, prefix);
  const lines = [...objects.values()].flatMap((object) => gunzipSync(object).toString().trimEnd().split("\n"));
  return lines.map((line) => {
    const { o, n } = JSON.parse(line) as { o: number; n: number };
    return `${o}.${n}`;
  });
}

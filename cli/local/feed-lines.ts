import { gzipSync } from "node:zlib";
import { type LocalCloud, type Target, toRecord, uploadRecords } from "../../local";

/** Lines in one upload to CLS, and in one file of another tool. */
const BATCH_LINES = 250;
const FILE_LINES = 500;

/**
 * Feeds a log in the two ways of a real account: most lines are sent to the topic, and shipped once the simulated clock
 * has advanced; the rest is under the shipper's prefix in files of another tool, byte for byte.
 */
export async function feedLines(
  cloud: LocalCloud,
  target: Target,
  lines: string[],
  fed: (lines: number) => void,
): Promise<void> {
  const collected = Math.floor(lines.length * 0.8);
  for (let start = 0; start < collected; start += BATCH_LINES) {
    const batch = lines.slice(start, Math.min(start + BATCH_LINES, collected));
    await collect(cloud, target, batch);
    fed(start + batch.length);
  }
  await cloud.clock.advance(target.shipper.spec.intervalSeconds * 1000);
  for (let start = collected; start < lines.length; start += FILE_LINES) {
    const file = lines.slice(start, start + FILE_LINES);
    const text = file.map((line) => `${line}\n`).join("");
    await target.bucket.put(target.key(`_copied_${(start - collected) / FILE_LINES}.gz`), gzipSync(text));
    fed(start + file.length);
  }
}

async function collect(cloud: LocalCloud, target: Target, lines: string[]): Promise<void> {
  const records = lines.map((line) => toRecord(line, cloud.clock.now()));
  await cloud.clock.advanceTo(Math.max(...records.map((record) => record.time)));
  await uploadRecords(cloud, target.shipper.topic, records);
}

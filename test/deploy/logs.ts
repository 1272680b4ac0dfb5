import { gunzipSync } from "node:zlib";
import type { LocalCloud } from "../../local/cloud";
import { feedLines } from "../../cli/local/feed-lines";
import { parseObject } from "../../local/feed/record";
import { feedObjects, findSource } from "../../cli/local/feed-source";
import { feedStream } from "../../cli/local/feed-stream";
import { findDelivery } from "../../local/feed/target";
import { totalOf, type Summary } from "../../cli/local/summary";
import { findTarget } from "../../local/feed/target";

/** What became of a log that was pushed through a stack. */
export interface Pushed {
  /** What the functions logged. */
  readonly log: readonly string[];
  /** The sum of what they returned. */
  readonly summary: Summary;
}

/** How many lines a summary must count, and how many of them as what. */
type Expected = Pick<Summary, "lines" | "records" | "invalid" | "quarantined">;

/**
 * Pushes a log through what is deployed, into buckets that are emptied before. Throws unless the functions' summaries
 * account for every line, and what they say of outputs lies in COS.
 */
export async function pushLog(cloud: LocalCloud, lines: string[]): Promise<Pushed> {
  await emptyBuckets(cloud);
  const before = cloud.invocations.length;
  const delivery = findDelivery(cloud);
  let expected: Expected;
  const source = cloud.cls.allShippers().length === 0 ? findSource(cloud) : undefined;
  if (delivery === undefined && source !== undefined) {
    await feedObjects(source, lines, () => undefined);
    // The example's log is one of COS, whose lines end with the request and the VPC, but for one that is cut off.
    const records = lines.filter((line) => line.endsWith('" 0')).length;
    expected = { lines: lines.length, records, invalid: lines.length - records, quarantined: 0 };
  } else if (delivery === undefined) {
    expected = await ship(cloud, lines);
  } else {
    await feedStream(cloud, delivery, lines, () => undefined);
    // CLS makes a record of every line.
    expected = { lines: lines.length, records: lines.length, invalid: 0, quarantined: 0 };
  }
  await cloud.settled();

  const invocations = cloud.invocations.slice(before);
  const broken = invocations.find((invocation) => invocation.error !== undefined);
  if (broken)
    throw new Error(`invocations must succeed, got ${JSON.stringify(broken.error)}\n${broken.log.join("\n")}`);
  const summary = totalOf(invocations);
  expectCounts(summary, expected, invocations.length);
  await expectStored(cloud, summary);
  return { log: invocations.flatMap((invocation) => invocation.log), summary };
}

/** The records that outputs stored below a prefix. */
export async function storedRecords(cloud: LocalCloud, prefix = ""): Promise<Record<string, unknown>[]> {
  const records: Record<string, unknown>[] = [];
  for (const bucket of cloud.cos.allBuckets()) {
    for (const key of bucket.keys(prefix).filter((name) => name.endsWith(".jsonl.gz"))) {
      const lines = gunzipSync(await bucket.read(key))
        .toString()
        .trimEnd()
        .split("\n");
      records.push(...lines.map((line) => JSON.parse(line) as Record<string, unknown>));
    }
  }
  return records;
}

/** COS keeps a bucket that holds objects; whoever takes a stack away empties it first. */
export async function emptyBuckets(cloud: LocalCloud): Promise<void> {
  for (const bucket of cloud.cos.allBuckets()) for (const key of bucket.keys()) await bucket.delete(key);
}

/** Most of the log through CLS's upload API and the shipper, the rest as files below the shipper's prefix. */
async function ship(cloud: LocalCloud, lines: string[]): Promise<Expected> {
  const shipped = cloud.shipTasks.length;
  await feedLines(cloud, findTarget(cloud), lines, () => undefined);
  await cloud.settled();
  const failed = cloud.shipTasks.slice(shipped).find((task) => task.status === "failed");
  if (failed) throw new Error(`the shipper must write its file, got ${failed.message}`);
  if (cloud.shipTasks.length === shipped) throw new Error("the shipper must have written a file, got none");
  // CLS makes a record of every line; a line of a file must be one already.
  const files = lines.slice(Math.floor(lines.length * 0.8));
  const invalid = files.filter((line) => line !== "" && parseObject(line) === undefined).length;
  return { lines: lines.length, records: lines.length - invalid, invalid, quarantined: 0 };
}

function expectCounts(summary: Summary, expected: Expected, invocations: number): void {
  const { lines, records, invalid, quarantined } = summary;
  const got = JSON.stringify({ lines, records, invalid, quarantined });
  const wanted = JSON.stringify(expected);
  if (got !== wanted) throw new Error(`summaries must add up to ${wanted}, got ${got} in ${invocations} invocations`);
}

/**
 * Each record is dropped or in an output, where the stack has any, and each line that is none in `invalid`, where it has
 * that; all that is in an output is stored.
 */
async function expectStored(
  cloud: LocalCloud,
  { dropped, invalid, outputs, records, sampled = 0 }: Summary,
): Promise<void> {
  const reported = Object.values(outputs).reduce((sum, output) => sum + output.records, 0);
  const sent = ("invalid" in outputs ? records + invalid : records) - sampled;
  if (Object.keys(outputs).length > 0 && reported + dropped !== sent) {
    throw new Error(`${sent} records must be in outputs or dropped, got ${reported} in outputs, ${dropped} dropped`);
  }
  const stored = await storedRecords(cloud);
  if (stored.length !== reported) throw new Error(`COS must hold ${reported} records, got ${stored.length}`);
}

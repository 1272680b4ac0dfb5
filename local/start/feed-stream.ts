import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { LocalCloud } from "../cloud";
import type { Delivery } from "../cls/delivery";
import { uploadRecords } from "./cls-client";
import { toRecord } from "./feed-lines";
import { readLogFile } from "./log-file";

/** Lines in one upload to CLS. */
const BATCH_LINES = 250;

/** The first delivery of a stack without shippers: where its log is fed. */
export function findDelivery(cloud: LocalCloud): Delivery | undefined {
  return cloud.cls.allShippers().length === 0 ? cloud.deliveries.all()[0] : undefined;
}

/** The lines of a log file that are not empty. */
export async function* fileLines(file: string): AsyncGenerator<string> {
  for await (const line of createInterface({ input: Readable.from(readLogFile(file)), crlfDelay: Infinity })) {
    if (line !== "") yield line;
  }
}

/** Feeds lines into a topic whose records are delivered to a function, and lets the wait of the last batch pass. */
export async function feedStream(
  cloud: LocalCloud,
  { spec, topic }: Delivery,
  lines: Iterable<string> | AsyncIterable<string>,
  fed: (lines: number) => void,
): Promise<void> {
  let count = 0;
  let batch: string[] = [];
  const upload = async (): Promise<void> => {
    const records = batch.map((line) => toRecord(line, cloud.clock.now()));
    const latest = records.reduce((time, record) => Math.max(time, record.time), cloud.clock.now());
    await cloud.clock.advanceTo(latest);
    await uploadRecords(cloud, topic, records);
    fed((count += batch.length));
    batch = [];
  };
  for await (const line of lines) {
    batch.push(line);
    if (batch.length === BATCH_LINES) await upload();
  }
  if (batch.length > 0) await upload();
  await cloud.clock.advance(spec.waitSeconds * 1000);
}

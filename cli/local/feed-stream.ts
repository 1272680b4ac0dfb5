import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { type Delivery, type LocalCloud, toRecord, uploadRecords } from "../../local";
import { UserError } from "../../terminal/user-error";
import { readLogFile } from "./log-file";

/** Maximum lines and bytes of an upload; CLS accepts 5 MB of values, each of at most 1 MB. */
const BATCH_LINES = 250;
const BATCH_BYTES = 2 * 1024 * 1024;
const LINE_BYTES = 1024 * 1024;

/** The non-empty lines of a log file. */
export async function* fileLines(file: string, encoding?: string): AsyncGenerator<string> {
  const input = Readable.from(readLogFile(file, encoding));
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line !== "") yield line;
  }
}

/** Feeds lines into a topic that is delivered to a function, and advances past the wait of the last batch. */
export async function feedStream(
  cloud: LocalCloud,
  { spec, topic }: Delivery,
  lines: Iterable<string> | AsyncIterable<string>,
  fed: (lines: number) => void,
): Promise<void> {
  let count = 0;
  let batch: string[] = [];
  let bytes = 0;
  const upload = async (): Promise<void> => {
    const records = batch.map((line) => toRecord(line, cloud.clock.now()));
    const latest = records.reduce((time, record) => Math.max(time, record.time), cloud.clock.now());
    await cloud.clock.advanceTo(latest);
    await uploadRecords(cloud, topic, records);
    fed((count += batch.length));
    batch = [];
    bytes = 0;
  };
  for await (const line of lines) {
    const lineBytes = Buffer.byteLength(line);
    if (lineBytes > LINE_BYTES) throw tooLong(count + batch.length + 1, lineBytes);
    batch.push(line);
    bytes += lineBytes;
    if (batch.length === BATCH_LINES || bytes >= BATCH_BYTES) await upload();
  }
  if (batch.length > 0) await upload();
  await cloud.clock.advance(spec.waitSeconds * 1000);
}

function tooLong(line: number, bytes: number): UserError {
  return new UserError(
    `FILE must hold lines of at most ${LINE_BYTES} bytes for a topic, got ${bytes} in the ${line}. that is not empty; ` +
      "cut it, or feed the file to an example with a bucket",
  );
}

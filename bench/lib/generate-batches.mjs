import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { accessLines, logFile } from "./generate.mjs";

/** Logs of a batch: about as many access log lines as fit into an event of SCF. */
const LOGS = 2000;

/** The file is limited to this size, whatever the size of the other files. */
const MOST_MIB = 64;

/**
 * A gzip file with the JSON of delivered events, one per line, in which one of `every` logs is an error; created at
 * first use, like the others.
 */
export function deliveredBatches(every) {
  return (mib) => logFile(`delivered-${every}`, batches(every), Math.min(mib, MOST_MIB));
}

/**
 * Number of passes of a contestant over a file: functions run for hours, and V8 needs the first tenth of a second for
 * compiling.
 */
export const PASSES = 4;

/** The unpacked batches of a file, for {@link PASSES} passes. */
export function batchesOf(path) {
  const bytes = gunzipSync(readFileSync(path));
  const found = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(10, start);
    found.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return Array.from({ length: PASSES }, () => found).flat();
}

function* batches(every) {
  const lines = accessLines();
  let number = 0;
  for (;;) {
    const records = Array.from({ length: LOGS }, () => {
      const { __TIMESTAMP__: milliseconds, ...fields } = JSON.parse(lines.next().value);
      if (++number % every === 0) fields.uri += "&error=OutOfMemoryError";
      return { timestamp: `${milliseconds}000`, content: JSON.stringify(fields) };
    });
    yield `${JSON.stringify({ topic_id: "topic-1", topic_name: "access", records })}\n`;
  }
}

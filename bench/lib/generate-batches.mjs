import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { accessLines, logFile } from "./generate.mjs";

/** Logs of a batch: about as many of the access log as SCF takes in an event. */
const LOGS = 2000;

/** Most of them are enough, whatever the size of the other files. */
const MOST_MIB = 64;

/**
 * A gzip file with the JSON of delivered events, one a line, of which one log in so many tells of an error; made at first
 * use, as the others are.
 */
export function deliveredBatches(every) {
  return (mib) => logFile(`delivered-${every}`, batches(every), Math.min(mib, MOST_MIB));
}

/** How many times a contestant goes over a file: functions read for hours, and the first tenth of a second is V8's. */
export const PASSES = 4;

/** The batches of a file, as they are unpacked, to be gone over {@link PASSES} times. */
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

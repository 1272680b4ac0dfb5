import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SCRIPT = join(fileURLToPath(import.meta.url), "../../lib/tail-latency.mjs");

/** 200 ms of batching in the function, 200 ms between two reads of the tail. */
const P99_MS = 400;

/**
 * Time from the write in a function to the line on the terminal. Medians and maximums are printed, and have no limit.
 */
export default () =>
  execFileSync(process.execPath, [SCRIPT], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
    .flatMap(({ rate, p50, p99, worst }) => [
      { name: `write to terminal, ${rate} lines/s: median`, value: p50, below: Infinity, unit: "ms" },
      { name: `write to terminal, ${rate} lines/s: p99`, value: p99, below: P99_MS, unit: "ms" },
      { name: `write to terminal, ${rate} lines/s: worst`, value: worst, below: Infinity, unit: "ms" },
    ]);

import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const bench = join(dirname(fileURLToPath(import.meta.url)), "..");

/**
 * Runs a contestant of a measure, `ours` or a rival's name, on a file in a separate process, so that contestants do not
 * influence each other. Returns `{ ms, cpuMs, peakMb, result }`; `cpuMs` is the CPU time of all threads.
 */
export function contest(measure, contestant, path) {
  const script = [join(bench, "contest.mjs"), measure, contestant, path];
  return JSON.parse(execFileSync(process.execPath, script, { encoding: "utf8" }));
}

/**
 * Peak memory of the built function in MB, in a separate process, while it writes all records of a file to one kind of
 * output.
 */
export function peakOf(kind, path) {
  const script = [join(bench, "lib/way-out.mjs"), kind, path];
  const { peakMb, result } = JSON.parse(execFileSync(process.execPath, script, { encoding: "utf8" }));
  const [, records, written] = /(\d+) records.*, (\d+) written$/.exec(result) ?? [];
  if (records === undefined || records !== written) throw new Error(`${kind}: all must be written, got ${result}`);
  return peakMb;
}

/** Total time of Node for a script, in milliseconds. */
export function wallMs(script) {
  const startedAt = performance.now();
  execFileSync(process.execPath, ["-e", script]);
  return performance.now() - startedAt;
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

import { execFileSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const bench = join(dirname(fileURLToPath(import.meta.url)), "..");

/** What one measure took: `{ ms, peakMb, result }`. */
export function measure(module, name, path) {
  const output = execFileSync(process.execPath, [join(bench, "measure.mjs"), module, name, path], { encoding: "utf8" });
  return JSON.parse(output);
}

/** Milliseconds that Node takes for a script, from start to end. */
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

/** Calls each of the functions in turn, round after round, so that a busy moment hits all of them alike. */
export function interleaved(rounds, calls) {
  const results = calls.map(() => []);
  for (let round = 0; round < rounds; round++) calls.forEach((call, index) => results[index].push(call()));
  return results;
}

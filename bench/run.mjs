/**
 * Measures the parser against what one would use instead, on one file, in turns: `npm run bench -- --size 64`.
 *
 * --size MIB     the file's size, unpacked (256)
 * --memory MIB   a second file's size, to see that memory does not grow with it (2048); 0 leaves that out
 * --rounds N     how often each measure runs; medians are told (5)
 */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { zipSync } from "fflate";
import { accessLog } from "./lib/generate.mjs";
import { interleaved, measure, median, wallMs } from "./lib/spawn.mjs";

const bench = dirname(fileURLToPath(import.meta.url));
const HANDLER = join(bench, "../dist/handlers/cos-batch/index.js");

const { values } = parseArgs({
  options: {
    size: { type: "string", default: "256" },
    memory: { type: "string", default: "2048" },
    rounds: { type: "string", default: "5" },
  },
});
const [size, memory, rounds] = [values.size, values.memory, values.rounds].map(Number);
const loadBefore = loadavg()[0];

if (!existsSync(join(bench, "node_modules"))) {
  execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: bench, stdio: "inherit" });
}

const file = await accessLog(size);
const { ms, peakMb } = timed(file.path);
const large = memory > 0 ? await accessLog(memory) : undefined;
const peaks = large && ["full", "shape"].map((name) => measure("ours", name, large.path).peakMb);
const cold = coldStart();
const zipKb = zipSync({ "index.js": readFileSync(HANDLER) }, { level: 9 }).length / 1024;

const rows = [
  row("shape", "readline + regular expression", ms.shape, ms.readlineShape, 3),
  row("full parse", "readline + JSON.parse", ms.full, ms.readlineParse, 2.3),
  row("full parse", "readline listener + JSON.parse", ms.full, ms.readlineListenerParse, undefined),
  row("full parse", "split2 + JSON.parse", ms.full, ms.split2Parse, 2.3),
  row("full parse", "JSON.parse of lines in memory", ms.full, ms.floor, 0.9),
  row("two fields", "DuckDB, one thread", ms.twoFields, ms.twoFieldsOneThread, undefined),
  row("two fields", "DuckDB, two threads", ms.twoFields, ms.twoFieldsTwoThreads, undefined),
];
const limits = [
  limit(`peak memory, ${size} MiB`, Math.max(peakMb.full, peakMb.shape), 150, "MB"),
  ...(peaks ? [limit(`peak memory, ${memory} MiB`, Math.max(...peaks), 150, "MB")] : []),
  limit("cold start over an empty script", cold, 15, "ms"),
  limit("index.js zipped", zipKb, 100, "KB"),
];

console.log(
  `${size} MiB of access log in ${(file.packedBytes / 2 ** 20).toFixed(1)} MiB of gzip, medians of ${rounds} rounds, ` +
    `Node ${process.version}, ${cpus().length} x ${cpus()[0].model}, load ${loadBefore.toFixed(1)} to ${loadavg()[0].toFixed(1)}\n`,
);
console.table(rows);
console.table(limits);
console.log(
  JSON.stringify({ sizeMib: size, rounds, ms, peakMb, largePeakMb: peaks, coldStartMs: cold, zipKb, rows, limits }),
);

/** Medians by measure. All that read records must find the same. */
function timed(path) {
  const measures = [
    ["ours", "shape"],
    ["rivals", "readlineShape"],
    ["ours", "full"],
    ["rivals", "readlineParse"],
    ["rivals", "readlineListenerParse"],
    ["rivals", "split2Parse"],
    ["rivals", "floor"],
    ["ours", "twoFields"],
    ["duckdb", "twoFieldsOneThread"],
    ["duckdb", "twoFieldsTwoThreads"],
  ];
  const results = interleaved(
    rounds,
    measures.map(
      ([module, name]) =>
        () =>
          measure(module, name, path),
    ),
  );
  const found = results.map(([first]) => first.result);
  const [records, sums] = [found.slice(0, 7), found.slice(7)];
  if (new Set(records).size > 1 || new Set(sums).size > 1) throw new Error(`all must find the same, got ${found}`);
  const by = (pick) => Object.fromEntries(measures.map(([, name], index) => [name, median(results[index].map(pick))]));
  return { ms: by((result) => result.ms), peakMb: by((result) => result.peakMb) };
}

/** Milliseconds that requiring the handler adds to an empty script: the median of differences, for both vary alike. */
function coldStart() {
  const [loaded, empty] = interleaved(21, [() => wallMs(`require(${JSON.stringify(HANDLER)})`), () => wallMs("")]);
  return median(loaded.map((value, index) => value - empty[index]));
}

function row(what, against, ours, theirs, atLeast) {
  const ratio = theirs / ours;
  const verdict = atLeast === undefined ? "" : ratio >= atLeast ? "yes" : "no";
  return {
    measure: what,
    ms: Math.round(ours),
    against,
    "its ms": Math.round(theirs),
    ratio: Number(ratio.toFixed(2)),
    "at least": atLeast ?? "",
    held: verdict,
  };
}

function limit(what, value, below, unit) {
  return { measure: what, value: Number(value.toFixed(1)), below, unit, held: value < below ? "yes" : "no" };
}

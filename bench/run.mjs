/**
 * Compares this package with alternatives, on the same file, in turns: `npm run bench -- --size 64`.
 *
 * --size MIB     the file's unpacked size (256)
 * --memory MIB   size of a second file, to check that memory does not grow with it (2048); 0 skips that
 * --rounds N     runs of each contestant; medians are reported (5)
 * --only NAME    the files of `measures/` and `limits/` to run: NAME, and those that begin with NAME-
 *
 * Each file of `measures/` contains one measure, or one for each of some logs: our code, and rivals that must produce
 * the same result, on a separate file if needed. A measure with `needs` names what this machine lacks: it is skipped,
 * and says so. Each file of `limits/` contains figures with an upper limit.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { accessLog } from "./lib/generate.mjs";
import { contest, median } from "./lib/spawn.mjs";

const bench = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    size: { type: "string", default: "256" },
    memory: { type: "string", default: "2048" },
    rounds: { type: "string", default: "5" },
    only: { type: "string" },
  },
});
const [size, memory, rounds] = [values.size, values.memory, values.rounds].map(Number);
const loadBefore = loadavg()[0];

if (!existsSync(join(bench, "node_modules"))) {
  // Not `npm ci`: it refuses a lock file without the packages of other platforms, which not every registry serves.
  execFileSync("npm", ["install", "--no-save", "--no-audit", "--no-fund"], { cwd: bench, stdio: "inherit" });
}

const file = await accessLog(size);
const large = memory > 0 ? await accessLog(memory) : undefined;
const handler = join(bench, "../dist/handlers/cos-batch/index.js");

const found = await load("measures");
const measures = found.filter(({ definition }) => definition.needs === undefined);
const results = await runInTurns(measures);
const rows = found.flatMap((measure) => (measures.includes(measure) ? rowsOf(measure) : notRun(measure)));
const limits = [];
for (const { definition } of await load("limits"))
  limits.push(...(await definition({ file, large, handler })).map(judged));

console.log(
  `${size} MiB of access log in ${(file.packedBytes / 2 ** 20).toFixed(1)} MiB of gzip, medians of ${rounds} rounds, ` +
    `Node ${process.version}, ${cpus().length} x ${cpus()[0].model}, ` +
    `load ${loadBefore.toFixed(1)} to ${loadavg()[0].toFixed(1)}\n`,
);
if (rows.length > 0) console.table(rows);
if (limits.length > 0) console.table(limits);
console.log(JSON.stringify({ sizeMib: size, packedBytes: file.packedBytes, rounds, rows, limits }));

/** The files of a folder, by name. */
async function load(folder) {
  const names = readdirSync(join(bench, folder))
    .map((path) => basename(path, ".mjs"))
    .filter((name) => values.only === undefined || name === values.only || name.startsWith(`${values.only}-`));
  const modules = await Promise.all(names.map((id) => import(`./${folder}/${id}.mjs`)));
  return modules.flatMap(({ default: definition, logs }, at) =>
    logs
      ? logs.map((log) => ({ id: `${names[at]}@${log}`, definition: definition(log) }))
      : [{ id: names[at], definition }],
  );
}

/**
 * Runs each contestant, round after round, so that a busy moment affects all of them equally; results by measure and
 * name.
 */
async function runInTurns(all) {
  const paths = new Map();
  for (const { id, definition } of all) paths.set(id, ((await definition.file?.(size)) ?? file).path);
  const byMeasure = new Map(all.map(({ id }) => [id, new Map()]));
  for (let round = 0; round < rounds; round++) {
    for (const { id, definition } of all) {
      const found = new Set();
      for (const name of ["ours", ...present(definition).map((rival) => rival.name)]) {
        const result = contest(id, name, paths.get(id));
        byMeasure.get(id).set(name, [...(byMeasure.get(id).get(name) ?? []), result]);
        found.add(result.result);
      }
      if (found.size > 1) throw new Error(`${id}: all must find the same, got ${[...found].join("; ")}`);
    }
  }
  return byMeasure;
}

/**
 * A row for each rival. A ratio is the median of the rounds' ratios, because the runs of a round follow each other. The
 * ratio of CPU time, of all threads, is meaningful even if other programs keep the machine busy; a measure that judges
 * it requires both.
 */
function rowsOf({ id, definition }) {
  const ours = results.get(id).get("ours");
  return definition.rivals.map(({ name, atLeast, missing }) => {
    if (missing !== undefined) return { measure: definition.name, against: name, held: `not measured: ${missing}` };
    const theirs = results.get(id).get(name);
    const ratio = median(theirs.map(({ ms }, round) => ms / ours[round].ms));
    const cpuRatio = median(theirs.map(({ cpuMs }, round) => cpuMs / ours[round].cpuMs));
    return {
      measure: definition.name,
      ms: Math.round(median(ours.map(({ ms }) => ms))),
      against: name,
      "its ms": Math.round(median(theirs.map(({ ms }) => ms))),
      ratio: Number(ratio.toFixed(2)),
      "at least": atLeast ?? "",
      "cpu ratio": Number(cpuRatio.toFixed(2)),
      held:
        atLeast === undefined
          ? ""
          : (definition.judgesCpu ? Math.min(ratio, cpuRatio) : ratio) >= atLeast
            ? "yes"
            : "no",
    };
  });
}

/** The rivals that are available on this machine. */
function present({ rivals }) {
  return rivals.filter(({ missing }) => missing === undefined);
}

/** A row for each rival of a measure that this machine cannot run. */
function notRun({ definition }) {
  return definition.rivals.map(({ name, atLeast }) => ({
    measure: definition.name,
    against: name,
    "at least": atLeast ?? "",
    held: `NOT RUN: needs ${definition.needs}`,
  }));
}

/** A figure without a limit is only reported. */
function judged({ name, value, below, unit, digits = 1 }) {
  const held = below === undefined ? "" : value < below ? "yes" : "no";
  return { limit: name, value: Number(value.toFixed(digits)), below: below ?? "", unit, held };
}

/**
 * Runs suites one after the other and prints the seconds of each. `suites.mjs ci`, which .ci/run starts, decides
 * whether a change is accepted; `suites.mjs all`, `npm run test:all`, runs in full what takes too long for that.
 *
 * A suite with exit status 3 could not run on this machine and says why: this is reported prominently, but is not a
 * failure.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const NOT_RUN_STATUS = 3;
/** Maximum minutes of the suites that decide on a change, on two cores. */
const CI_LIMIT_MINUTES = 60;

const folder = mkdtempSync(join(tmpdir(), "tencent-logs-suites-"));
/** Jest's report on one of its suites. */
const results = (suite) => join(folder, `${suite.replace(":", "-")}.json`);
const JEST_SUITES = ["test", "test:system"];

const SUITES = {
  ci: [
    { name: "install", args: ["ci"], essential: true },
    { name: "build", args: ["run", "build"], essential: true },
    { name: "lint", args: ["run", "lint"] },
    // The docs are included: their links, their code, and whether they match the code.
    ...JEST_SUITES.map((name) => ({
      name,
      args: ["run", name, "--", "--ci", "--json", `--outputFile=${results(name)}`],
      after: () => reportSlowest(name),
    })),
    { name: "docs:check", args: ["run", "--silent", "docs:check"] },
    { name: "test:deploy", args: ["run", "--silent", "test:deploy"] },
    { name: "test:cdktn, quick", args: ["run", "--silent", "test:cdktn", "--", "--quick"] },
    { name: "test:package", args: ["run", "--silent", "test:package"] },
    { name: "test:peers, quick", args: ["run", "--silent", "test:peers", "--", "--quick"] },
    { name: "test:kafka, quick", args: ["run", "--silent", "test:kafka", "--", "--quick"] },
  ],
  all: [
    { name: "test:cdktn", args: ["run", "--silent", "test:cdktn"] },
    { name: "test:package, all", args: ["run", "--silent", "test:package", "--", "--all"] },
    { name: "test:peers", args: ["run", "--silent", "test:peers"] },
    { name: "test:clients", args: ["run", "--silent", "test:clients"] },
    { name: "test:parquet", args: ["run", "--silent", "test:parquet"] },
    { name: "test:nodes", args: ["run", "--silent", "test:nodes"] },
    { name: "test:kafka", args: ["run", "--silent", "test:kafka"] },
    { name: "test:browser", args: ["run", "--silent", "test:browser"] },
    { name: "soak", args: ["run", "soak"] },
    { name: "fuzz", args: ["run", "fuzz"] },
  ],
};

const [which] = process.argv.slice(2);
try {
  const suites = SUITES[which];
  if (!suites) console.error(`suites must be ${Object.keys(SUITES).join(" or ")}, got ${which ?? "nothing"}`);
  process.exitCode = suites ? runAll(suites) : 2;
} finally {
  rmSync(folder, { recursive: true });
}

function runAll(suites) {
  const done = [];
  for (const suite of suites) {
    const { name, args, after, essential } = suite;
    console.log(`\n== ${name}`);
    const started = performance.now();
    const status = spawnSync("npm", args, { cwd: root, stdio: "inherit" }).status ?? 1;
    done.push({ name, status, seconds: (performance.now() - started) / 1000 });
    after?.();
    if (essential && status !== 0) break;
  }
  if (which === "ci") reportTests();
  return report(done);
}

/** Prints the seconds of each suite and which could not run; returns the exit status. */
function report(done) {
  console.log("\nseconds");
  for (const { name, seconds, status } of done)
    console.log(`${seconds.toFixed(1).padStart(7)}  ${name}${outcome(status)}`);
  const minutes = done.reduce((sum, { seconds }) => sum + seconds, 0) / 60;
  console.log(`${(minutes * 60).toFixed(1).padStart(7)}  all`);

  const notRun = done.filter(({ status }) => status === NOT_RUN_STATUS).map(({ name }) => name);
  if (notRun.length > 0) console.error(`\nNOT RUN, for what this machine lacks (see above): ${notRun.join(", ")}`);
  const tooLong = which === "ci" && minutes > CI_LIMIT_MINUTES;
  if (tooLong) console.error(`\nsuites must take at most ${CI_LIMIT_MINUTES} minutes, got ${minutes.toFixed(1)}`);
  const failed = done.find(({ status }) => status !== 0 && status !== NOT_RUN_STATUS);
  return failed?.status ?? (tooLong ? 1 : 0);
}

function outcome(status) {
  if (status === 0) return "";
  return status === NOT_RUN_STATUS ? "  NOT RUN" : "  FAILED";
}

/** Prints the slowest files of a Jest suite. */
function reportSlowest(suite) {
  console.log("\nslowest files, seconds");
  const files = (outcomeOf(suite)?.testResults ?? []).map(({ name, startTime, endTime }) => ({
    name,
    seconds: (endTime - startTime) / 1000,
  }));
  for (const { name, seconds } of files.sort((one, other) => other.seconds - one.seconds).slice(0, 10)) {
    console.log(`${seconds.toFixed(1).padStart(7)}  ${relative(root, name)}`);
  }
}

/** Prints the numbers of passed and failed tests of all Jest suites. */
function reportTests() {
  const outcomes = JEST_SUITES.map(outcomeOf);
  const sum = (count) => outcomes.reduce((total, outcome) => total + count(outcome), 0);
  const passed = sum((outcome) => outcome?.numPassedTests ?? 0);
  // A suite without an outcome failed as a whole, and has reported why.
  const failed = sum((outcome) => (outcome ? outcome.numFailedTests + outcome.numRuntimeErrorTestSuites : 1));
  console.log(`\n${passed} passed, ${failed} failed`);
}

function outcomeOf(suite) {
  const file = results(suite);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
}

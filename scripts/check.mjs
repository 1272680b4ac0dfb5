/**
 * `npm run check [-- BASE]`: types, lint, and the unit tests of what changed since BASE, in under a minute. BASE is by
 * default the commit at which this branch left `main`; uncommitted changes are included. It stops at the first failure.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Tests of `npm test` that are too slow here. */
const NO_UNIT_TESTS = ["test/cli/local/", "test/examples/", "test/rules/fuzz"];

const changed = changedSince(process.argv[2] ?? mergeBase());
const code = changed.filter((name) => [".ts", ".js", ".mjs"].includes(extname(name)));
const buildInfo = "node_modules/.cache/check.tsbuildinfo";

step("types", bin("tsc"), "-p", "tsconfig.test.json", "--incremental", "--tsBuildInfoFile", buildInfo);
if (code.length > 0) {
  step("lint", bin("eslint"), "--no-warn-ignored", ...code);
  step("laws", bin("depcruise"), "--config", "laws.config.mjs", ".");
}
if (changed.length > 0) {
  step("format", bin("prettier"), "--check", "--ignore-unknown", "--log-level", "warn", ...changed);
}
if (code.length > 0) {
  // Some tests need the build.
  step("build", "scripts/build.mjs");
  const ignored = NO_UNIT_TESTS.flatMap((path) => ["--testPathIgnorePatterns", path]);
  step("tests", bin("jest"), "--passWithNoTests", ...ignored, "--findRelatedTests", ...code);
}

/** The commit at which this branch left the main one; if there is none, the last commit. */
function mergeBase() {
  const found = ["origin/main", "main", "origin/master", "master"]
    .map((branch) => git("merge-base", "HEAD", branch))
    .find(({ status }) => status === 0);
  return found?.stdout.trim() ?? "HEAD";
}

/** Existing files that differ from a commit, or are new. */
function changedSince(base) {
  const differing = git("diff", "--name-only", base);
  if (differing.status !== 0) {
    console.error(`BASE must be a commit, got ${base}`);
    process.exit(2);
  }
  const untracked = git("ls-files", "--others", "--exclude-standard");
  const names = [...differing.stdout.split("\n"), ...untracked.stdout.split("\n")];
  return names.filter((name) => name !== "" && existsSync(join(root, name)));
}

function git(...args) {
  return spawnSync("git", args, { cwd: root, encoding: "utf8" });
}

/** A program of an installed package. */
function bin(name) {
  return join("node_modules/.bin", name);
}

function step(name, program, ...args) {
  const started = performance.now();
  const { status } = spawnSync(process.execPath, [join(root, program), ...args], { cwd: root, stdio: "inherit" });
  console.log(`${status === 0 ? "ok    " : "FAILED"} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (status !== 0) process.exit(1);
}

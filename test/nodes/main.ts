/**
 * `npm run test:nodes`: tests the parser, records, processors and the built handlers on the oldest Node that runs
 * functions and on the newest, in addition to the one that runs the other tests. Exit status 1 if a test fails, 3 if a
 * Node version is unavailable.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { NotRunError } from "../deploy/not-run";
import { runSuite } from "../deploy/suite";

const ROOT = join(__dirname, "../..");

/** SCF's Node version for our functions, and the next one. */
const VERSIONS = ["18", "22"];
/** The configurations of `npm test` and `npm run test:system`. */
const CONFIGS = ["jest.config.js", "jest.system.config.js"];
const TESTS = ["parser", "records", "processors", "handlers"].map((folder) => `test/functions/${folder}`);

function main(folder: string): Promise<number> {
  // All are fetched first, so that a missing registry is reported immediately.
  const nodes = VERSIONS.map((version) => nodeOf(version, join(folder, version)));
  const failed = nodes.filter((node) => !passes(node));
  return Promise.resolve(failed.length > 0 ? 1 : 0);
}

/** The binary of a version's newest release, from the npm registry: the package `node` installs it. */
function nodeOf(version: string, folder: string): string {
  const args = ["install", "--prefix", folder, "--no-audit", "--no-fund", "--no-save", `node@${version}`];
  spawnSync("npm", args, { stdio: ["ignore", "ignore", "inherit"] });
  const node = join(folder, "node_modules/node/bin/node");
  if (!existsSync(node)) throw new NotRunError(`it needs the package node@${version} of the npm registry`);
  return node;
}

function passes(node: string): boolean {
  const { stdout } = spawnSync(node, ["--version"], { encoding: "utf8" });
  process.stdout.write(`\nNode ${stdout}`);
  // A longer timeout, because a busy machine is not a fault of this Node.
  const jest = [join(ROOT, "node_modules/jest/bin/jest.js"), "--testTimeout=60000", ...TESTS];
  const failed = CONFIGS.filter(
    (config) => spawnSync(node, [...jest, "--config", config], { cwd: ROOT, stdio: "inherit" }).status !== 0,
  );
  return failed.length === 0;
}

void runSuite("nodes", main);

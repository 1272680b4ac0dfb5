import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const RECORDS = 1_000_000;

let started;

/** The broker of all contestants: starting and filling it takes half a minute. */
export function broker() {
  return (started ??= start());
}

async function start() {
  const child = spawn(process.execPath, ["--import", "tsx", join(root, "test/kafka/serve.ts"), String(RECORDS)], {
    cwd: root,
    stdio: ["pipe", "pipe", "inherit"],
  });
  process.once("exit", () => child.stdin.end());
  child.unref();
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  child.stdout.unref();
  child.stdin.unref();
  return JSON.parse(value);
}

/** Whether `npm run test:kafka` has fetched the broker. */
export function hasBroker() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cdktf-tencent-logs");
  return existsSync(join(cache, "kafka-4.3.1/complete"));
}

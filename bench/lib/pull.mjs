import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const lib = dirname(fileURLToPath(import.meta.url));
const LINES = 100_000;

/** A Python program that pulls the topic with the vendor's client. @param script in `python/` */
export async function pullRival(script) {
  const { topic, stop } = await serve();
  const python = spawn(vendorsPython(), [join(lib, "python", script)], {
    // Its requests use the real host names, with the local cloud as a proxy.
    env: { PATH: process.env.PATH, HTTP_PROXY: topic.endpoint },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  python.stdin.write(`${JSON.stringify(topic)}\n`);
  await answers.next();
  return async () => {
    python.stdin.write("go\n");
    const { value: lines } = await answers.next();
    stop();
    return lines;
  };
}

/** Starts the local cloud with the lines in a topic. */
export async function serve() {
  const server = spawn(process.execPath, [join(lib, "cls-server.mjs"), String(LINES)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { value } = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
  return { topic: { ...JSON.parse(value), lines: LINES }, stop: () => server.stdin.end() };
}

/** The environment that `npm run test:peers` has created. */
export function vendorsPython() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cdktf-tencent-logs");
  const names = existsSync(cache) ? readdirSync(cache) : [];
  const made = names.filter((name) => name.startsWith("peers-") && existsSync(join(cache, name, "complete")));
  return made.length === 0 ? undefined : join(cache, made[0], "bin/python");
}

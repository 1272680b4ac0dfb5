import { spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { createWriteStream } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { TopicReader } from "../../dist/functions/tencent/topic-reader/index.js";

const lib = join(dirname(fileURLToPath(import.meta.url)), "../lib");
const LINES = 100_000;

/** A topic's logs, pulled from the local cloud in another process, decoded and printed. */
export default {
  name: "pull 100,000 lines as NDJSON",
  ours,
  ...(vendorsPython() === undefined && { needs: "the vendor's client; npm run test:peers -- --quick installs it" }),
  rivals: [{ name: "the vendor's Python client", atLeast: 10, open: vendor }],
};

async function ours() {
  const { topic, stop } = await serve();
  process.env.CLS_ENDPOINT = topic.endpoint;
  const reader = new TopicReader({ ...topic, credentials: () => topic });
  const sink = createWriteStream("/dev/null");
  return async () => {
    let lines = 0;
    for await (const event of reader.read({ from: "begin", follow: false })) {
      if (event.kind !== "logs") continue;
      let text = "";
      for (const { time, contents } of event.logs) text += `{"time":${time},"contents":${JSON.stringify(contents)}}\n`;
      if (text !== "" && !sink.write(text)) await new Promise((resolve) => sink.once("drain", resolve));
      lines += event.logs.length;
    }
    reader.close();
    stop();
    return `${lines} lines`;
  };
}

async function vendor() {
  const { topic, stop } = await serve();
  const python = spawn(vendorsPython(), [join(lib, "python/pull_topic.py")], {
    // Its requests go to the names that it knows, through the local cloud as a proxy.
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
    return `${lines} lines`;
  };
}

/** The local cloud, with the lines in a topic. */
async function serve() {
  const server = spawn(process.execPath, [join(lib, "cls-server.mjs"), String(LINES)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { value } = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next();
  return { topic: JSON.parse(value), stop: () => server.stdin.end() };
}

/** The environment that `npm run test:peers` has made. */
function vendorsPython() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "cdktf-tencent-logs");
  const names = existsSync(cache) ? readdirSync(cache) : [];
  const made = names.filter((name) => name.startsWith("peers-") && existsSync(join(cache, name, "complete")));
  return made.length === 0 ? undefined : join(cache, made[0], "bin/python");
}

import { spawn, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "../../dist");

const NODE = `
exports.main_handler = async ({ lines, everyMs }) => {
  for (let n = 0; n < lines; n++) {
    console.log("order " + n + " accepted for customer " + (n * 7919 % 10007) + " at branch 12");
    if (everyMs && n % 10 === 9) await new Promise((resolve) => setTimeout(resolve, everyMs * 10));
  }
};`;

const PYTHON = `
def main_handler(event, context):
    for n in range(event["lines"]):
        print("order %d accepted for customer %d at branch 12" % (n, n * 7919 % 10007))
`;

/** The usual solution without the reporter: each line is a request, and the function waits for the answer. */
const POST = `
import json, os, sys, urllib.request

def print(*values):
    text = " ".join(str(value) for value in values)
    body = json.dumps({"coid": "connection", "data": text}).encode()
    urllib.request.urlopen(urllib.request.Request(url=os.environ["CLS_ENDPOINT"], data=body)).read()
    sys.stdout.write(text + "\\n")
${PYTHON}`;

export const hasPython = spawnSync("python3", ["--version"]).status === 0;

/**
 * Runs a function in a separate process, whose output is piped and discarded, against a cloud in another.
 *
 * @param how "alone", "quiet" (wrapped, nobody watching), "watched" or "post"
 * @param isUnbuffered whether Python flushes each write, as is assumed of SCF's runtime
 * @returns `loadMs`, `firstMs` (of the first invocation, with one line), `called` (`ms` and `cpuMs`, of all threads,
 * for each later one), and `bytes` of uploads on the wire
 */
export async function runLive({ language, how, isUnbuffered = false, ...given }) {
  const folder = mkdtempSync(join(tmpdir(), "bench-live-"));
  const cloud = spawn(process.execPath, [join(here, "live-cloud.mjs"), how], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [port] = await once(createInterface({ input: cloud.stdout }), "line");
    const url = `http://127.0.0.1:${port}`;
    const [command, args] = prepare(folder, language, how);
    const child = spawn(command, [...args, JSON.stringify(given)], {
      cwd: folder,
      env: { ...process.env, ...environmentOf(url, how), PYTHONUNBUFFERED: isUnbuffered ? "1" : "" },
      stdio: ["ignore", "pipe", "inherit", "pipe"],
    });
    child.stdout.resume();
    let told = "";
    child.stdio[3].on("data", (chunk) => (told += chunk));
    await once(child, "close");
    return { ...JSON.parse(told), bytes: Number(await (await fetch(`${url}/bytes`)).text()) };
  } finally {
    cloud.kill();
    rmSync(folder, { recursive: true });
  }
}

function prepare(folder, language, how) {
  const isHooked = how === "quiet" || how === "watched";
  if (language === "python") {
    writeFileSync(join(folder, "index.py"), how === "post" ? POST : PYTHON);
    copyFileSync(join(dist, "live/logs.py"), join(folder, "logs.py"));
    return ["python3", [join(here, "live_function.py"), isHooked ? "logs" : "index"]];
  }
  writeFileSync(join(folder, "index.js"), NODE);
  copyFileSync(join(dist, "parts/live.js"), join(folder, "logs-live.js"));
  const file = join(folder, isHooked ? "logs-live.js" : "index.js");
  return [process.execPath, [join(here, "live-function.mjs"), file]];
}

function environmentOf(url, how) {
  const settings = { topic: "live", bucket: "live-1250000000", region: "ap-guangzhou", handler: "index.main_handler" };
  return {
    ...(how === "alone" || how === "post" ? {} : { LOGS_LIVE: JSON.stringify(settings) }),
    COS_ENDPOINT: url,
    CLS_ENDPOINT: url,
    TENCENTCLOUD_SECRETID: "AKIDbench",
    TENCENTCLOUD_SECRETKEY: "bench",
    SCF_FUNCTIONNAME: "orders",
    SCF_NAMESPACE: "default",
  };
}

function once(emitter, event) {
  return new Promise((resolve) => emitter.once(event, (...values) => resolve(values)));
}

const LINES = 200_000;

/** A contestant that measures the rate of lines: it reports its own time, without starting. */
export function writer(language, how) {
  return () => async () => {
    const { called } = await runLive({ language, how, lines: LINES });
    return { ...called[0], result: `${LINES} lines` };
  };
}

/** Number of invocations of which the best counts: the first ones include compilation, and the machine can be busy. */
const RUNS = 5;

/** Milliseconds between them: the reporter sends at most 5,000 lines in five seconds. */
const BETWEEN_MS = 5_100;

/**
 * A contestant that measures the cost of a line beyond writing it, in us, including the last upload of an invocation.
 */
export function lineCost(language, how, lines) {
  return () => async () => {
    const betweenMs = how === "post" ? 0 : BETWEEN_MS;
    const measured = (which) => runLive({ language, how: which, isUnbuffered: true, lines, runs: RUNS, betweenMs });
    // Both run at once: they mostly wait, and a busy machine affects both equally.
    const [alone, ours] = await Promise.all([measured("alone"), measured(how)]);
    const us = (key) => ((least(ours, key) - least(alone, key)) * 1000) / lines;
    return { ms: us("ms"), cpuMs: us("cpuMs"), result: "a line" };
  };
}

function least({ called }, key) {
  return Math.min(...called.map((call) => call[key]));
}

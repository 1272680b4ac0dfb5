import { spawn } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtBefore } from "./before.mjs";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The built handlers of the current code and of the earlier commit, each with its rule engine. */
const BUILT = {
  ours: () => ({ handler: join(ROOT, "dist/handlers/cos-batch/index.js"), rules: join(ROOT, "dist/parts/rules.js") }),
  before: async () => {
    const folder = await builtBefore("-function", { index: "handlers/cos-batch.ts", rules: "parts/rules.ts" });
    return { handler: join(folder, "index.js"), rules: join(folder, "rules.js") };
  },
};

/**
 * Loads the built handler in this process, with COS and CLS on loopback in another one. Returns a function that runs
 * one event, which names the file, and resolves to the counts of the summary.
 *
 * @param which `ours` or `before`
 * @param files additional files of the function's zip, such as `{ "rules.sls": text }`
 * @param settings additional settings of the handler, such as `redact`
 */
export async function openFunction(which, path, { processor, outputs, files = {}, settings = {} }) {
  const { handler, rules } = await BUILT[which]();
  const folder = mkdtempSync(join(tmpdir(), "cdktf-tencent-logs-bench-function-"));
  copyFileSync(handler, join(folder, "index.js"));
  copyFileSync(rules, join(folder, "rules.js"));
  copyFileSync(join(ROOT, "dist/parts/redact.js"), join(folder, "redact.js"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const server = spawn(process.execPath, [fileURLToPath(new URL("loopback.mjs", import.meta.url)), path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [port] = await new Promise((resolve) => server.stdout.once("data", (data) => resolve([Number(data)])));
  Object.assign(process.env, environmentOf(port, { processor, outputs, ...settings }));
  const { main_handler: run } = createRequire(import.meta.url)(join(folder, "index.js"));
  const event = eventOf(statSync(path).size);
  const log = console.log;
  return async () => {
    console.log = () => undefined;
    try {
      const { lines, records, dropped, quarantined, outputs: reports } = await run(event, CONTEXT);
      const kept = Object.values(reports).map((report) => report.records);
      if (quarantined > 0) throw new Error("the function must read the file, got a note");
      return `${lines} lines, ${records} records, ${dropped} dropped, ${kept.join(" and ")} written`;
    } finally {
      console.log = log;
      server.kill();
      rmSync(folder, { recursive: true });
    }
  };
}

const BUCKET = "bench-1250000000";
const REGION = "ap-guangzhou";
const CONTEXT = { request_id: "bench", time_limit_in_ms: 900_000, memory_limit_in_mb: 512 };

function environmentOf(port, given) {
  const settings = {
    version: 1,
    region: REGION,
    quarantine: { bucket: BUCKET, region: REGION, prefix: "quarantine/" },
    ...given,
  };
  return {
    LOGS_SETTINGS: JSON.stringify(settings),
    COS_ENDPOINT: `http://127.0.0.1:${port}`,
    CLS_ENDPOINT: `http://127.0.0.1:${port}`,
    TENCENTCLOUD_SECRETID: "id",
    TENCENTCLOUD_SECRETKEY: "key",
    TENCENTCLOUD_SESSIONTOKEN: "token",
  };
}

function eventOf(size) {
  const cosObject = {
    key: "/1250000000/bench/logs/a.gz",
    meta: { "x-cos-request-id": "1", "Content-Type": "" },
    size,
    url: `http://${BUCKET}.cos.${REGION}.myqcloud.com/logs/a.gz`,
    vid: "",
  };
  const cosBucket = { appid: "1250000000", name: "bench", region: REGION };
  return {
    Records: [
      { cos: { cosBucket, cosObject, cosSchemaVersion: "1.0" }, event: { eventName: "cos:ObjectCreated:Put" } },
    ],
  };
}

/** Single outputs of a function. */
export const TO_COS = { main: { type: "cos", bucket: BUCKET, region: REGION, prefix: "out/" } };
export const TO_CLS = { main: { type: "cls", topicId: "topic", region: REGION } };

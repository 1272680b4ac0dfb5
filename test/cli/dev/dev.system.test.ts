import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DevProcess } from "./support/dev-process";

jest.setTimeout(120_000);

const ROOT = join(__dirname, "../../..");
const COMMAND = join(ROOT, "dist/cli/main.js");

/** An app of one stack, whose topic is delivered to a function that writes to a bucket. */
const APP = `
const { App, TerraformStack } = require("${ROOT}/node_modules/cdktf");
const { ClsStreamPipeline, CosOutput, LogBucket, LogTopic } = require("${ROOT}/dist/lib/index.js");
const { TencentcloudProvider } = require("${ROOT}/dist/lib/tencentcloud.js");

const app = new App();
const stack = new TerraformStack(app, "logs");
new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
const topic = new LogTopic(stack, "Access", { topicName: "access", retentionDays: 7 });
const bucket = new LogBucket(stack, "Lake", { appId: "1250000000" });
new ClsStreamPipeline(stack, "Stream", {
  topic,
  bucket,
  outputs: { records: new CosOutput(bucket, { prefix: "records/" }) },
});
app.synth();
`;

let project: string;
beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "dev-"));
  writeFileSync(join(project, "cdktf.json"), JSON.stringify({ app: "node main.js" }));
  writeFileSync(join(project, "main.js"), APP);
});
afterEach(() => rmSync(project, { recursive: true }));

describe("tencent-logs dev", () => {
  it("puts files and lines where a function reads a bucket", async () => {
    const source = `new CosBatchPipeline(stack, "Batch", { source: { bucket, prefixes: ["in/csv/", "in/old/"] }, content: LogContent.csv() });\n`;
    const app = APP.replace("app.synth()", `${source}app.synth()`).replace(
      "{ Cls",
      "{ CosBatchPipeline, LogContent, Cls",
    );
    writeFileSync(join(project, "main.js"), app);
    writeFileSync(join(project, "a.csv"), "x,y\r\n1,2\r\n3\r\n");
    const dev = new DevProcess(project, COMMAND);
    try {
      const { resources } = await dev.next("deployed");
      const bucket = resources.find(({ kind }) => kind === "bucket")?.name as string;
      dev.say(`feed ${bucket} @a.csv`);
      expect(await dev.next("stored")).toMatchObject({ bucket, key: "in/csv/a.csv" });
      expect(await dev.next("finished")).toMatchObject({ result: { lines: 3, records: 1, invalid: 1 } });
      dev.say(`feed ${bucket.replace(/-1250000000$/, "/in/csv/")} x,y`);
      expect(await dev.next("stored")).toMatchObject({ key: "in/csv/lines-1_0" });
      dev.say("feed lage {}");
      const { text } = await dev.next("told", ({ level }) => level === "error");
      expect(text).toContain(`TOPIC must be one of access, ${bucket}, got "lage"`);
    } finally {
      dev.kill();
    }
  });

  it("deploys what differs at a change, keeps all else, and takes commands meanwhile", async () => {
    const dev = new DevProcess(project, COMMAND);
    try {
      const first = await dev.next("deployed");
      expect(first.changes.every(({ action }) => action === "made")).toBe(true);
      expect(first.resources).toContainEqual(
        expect.objectContaining({ kind: "topic", name: "access", region: "ap-guangzhou", stack: "logs" }),
      );
      const { name } = first.resources.find(({ kind }) => kind === "function") ?? {};

      dev.say('feed access {"a":1}');
      const received = await dev.next("received");
      expect(received).toMatchObject({ topic: "access", records: 1, from: "session" });
      expect(await dev.next("delivered")).toMatchObject({ topic: "access", function: name, records: 1 });
      expect(await dev.next("invoked")).toMatchObject({ function: name, source: "cls://access", attempt: 1 });
      expect(await dev.next("stored")).toMatchObject({ key: expect.stringMatching(/^records\//) });
      expect(await dev.next("log")).toMatchObject({ function: name, text: expect.stringMatching(/"records":1/) });
      expect(await dev.next("finished")).toMatchObject({
        result: { records: 1, outputs: { records: { records: 1 } } },
      });

      dev.say("feed acess {}");
      expect(await dev.next("told", ({ level }) => level === "error")).toMatchObject({
        text: 'TOPIC must be one of access, got "acess"; did you mean access?',
      });

      edit("retentionDays: 7", "retentionDays: 8");
      const second = await dev.next("deployed");
      expect(second.changes).toMatchObject([
        { action: "changed", address: expect.stringMatching(/^tencentcloud_cls_topic\./) },
      ]);
      dev.say('feed access {"a":2}');
      expect(await dev.next("received")).toMatchObject({ topicId: received.topicId });

      edit("app.synth()", 'throw new Error("no more")');
      expect(await dev.next("synth-failed")).toMatchObject({ message: expect.stringContaining("Error: no more") });
      dev.say(`call ${name} {"Records":[]}`);
      await dev.next("finished");

      dev.say("quit");
      expect(await dev.ended()).toBe(0);
    } finally {
      dev.kill();
    }
  });

  it("once: ends with 0 where all went through, and with 1 where the app failed", async () => {
    writeFileSync(join(project, "access.jsonl"), '{"a":1}\n{"a":2}\n');
    const dev = new DevProcess(project, COMMAND, "--once", "--feed", "access=access.jsonl");
    expect(await dev.next("finished")).toMatchObject({ result: { records: 2 } });
    expect(await dev.ended()).toBe(0);

    edit("app.synth()", "process.exit(4)");
    const failing = new DevProcess(project, COMMAND, "--once", "--feed", "access=access.jsonl");
    expect(await failing.next("synth-failed")).toMatchObject({ message: "the app exited with status 4" });
    expect(await failing.ended()).toBe(1);
  });
});

function edit(before: string, after: string): void {
  const file = join(project, "main.js");
  const text = readFileSync(file, "utf8");
  if (!text.includes(before)) throw new Error(`the app must hold ${before}`);
  writeFileSync(file, text.replace(before, after));
}

import { TerraformVariable } from "cdktf";
import {
  CkafkaOutput,
  ClsOutput,
  ClsStreamPipeline,
  CosBatchPipeline,
  CosOutput,
  LogBucket,
  LogContent,
  LogRules,
  LogTopic,
  WebhookOutput,
} from "../../../lib";
import { runPipeline } from "../../../lib/testing";
import { testStack, textToken } from "../support/stack";

const APP_ID = "1250000000";
const RULES = LogRules.fromText(`
e_if(e_match("status", "5.*"), e_output("errors"))
e_if(e_search("status: 404"), e_drop())
e_set("seen", "yes")
`);

const RECORDS = [
  { status: 200, path: "/a" },
  { status: 503, path: "/b" },
  { status: 404, path: "/c" },
];

// A function is a process of its own, which a busy machine starts slowly.
jest.setTimeout(30_000);

describe("runPipeline", () => {
  it("returns what arrived at each output of a stream, a webhook's too", async () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Access");
    const url = new TerraformVariable(stack, "ONCALL_URL", { type: "string", sensitive: true });
    const chat = new TerraformVariable(stack, "CHAT_URL", { type: "string", sensitive: true });
    new ClsStreamPipeline(stack, "Stream", {
      topic,
      appId: APP_ID,
      rules: LogRules.fromText(`
e_if(e_match("status", "5.*"), e_coutput("errors"))
e_if(e_match("status", "5.*"), e_coutput("chat"))
e_if(e_search("status: 404"), e_drop())
`),
      outputs: {
        main: new ClsOutput(new LogTopic(stack, "Main")),
        errors: new WebhookOutput({ url: url.stringValue }),
        chat: new WebhookOutput({ url: chat.stringValue, format: "wecom" }),
      },
      defaultOutput: "main",
    });
    const { errors, notes, outputs, summaries } = await runPipeline(stack, { input: [...RECORDS, "plain text"] });
    expect([errors, notes]).toEqual([[], {}]);
    expect(outputs.main.map(({ status, path }) => [status, path])).toEqual([
      ["200", "/a"],
      ["503", "/b"],
      [undefined, undefined],
    ]);
    expect(outputs.errors).toMatchObject([{ status: "503", path: "/b", log_id: expect.any(String) as string }]);
    expect(JSON.stringify(outputs.chat)).toContain("/b");
    expect(summaries).toMatchObject([{ records: 4, dropped: 1, quarantined: 0 }]);
  });

  it("ships to a batch pipeline, and puts objects beside what is shipped", async () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Access");
    const lake = new LogBucket(stack, "Lake", { bucketName: "lake", appId: APP_ID });
    const pipeline = new CosBatchPipeline(stack, "Batch", {
      topic,
      appId: APP_ID,
      rules: RULES,
      outputs: {
        main: new CosOutput(lake, { prefix: "main/" }),
        errors: new CosOutput(lake, { prefix: "errors/" }),
        invalid: new CosOutput(lake, { prefix: "invalid/" }),
      },
      defaultOutput: "main",
    });
    const objects = { "more.gz": '{"status":"502","path":"/d"}\nno JSON\n' };
    const { outputs, summaries } = await runPipeline(pipeline, { input: RECORDS, objects });
    expect(outputs.main).toMatchObject([{ path: "/a", seen: "yes" }]);
    expect(outputs.errors.map(({ path }) => path).sort()).toEqual(["/b", "/d"]);
    expect(outputs.invalid).toHaveLength(1);
    expect(summaries.map(({ records }) => records)).toEqual([3, 1]);
  });

  it("returns the notes of what could not be read", async () => {
    const stack = testStack();
    const topic = new LogTopic(stack, "Access");
    new CosBatchPipeline(stack, "Batch", { topic, appId: APP_ID, content: LogContent.lines() });
    const { notes, summaries } = await runPipeline(stack, {
      objects: { "broken.gz": Buffer.from([0x1f, 0x8b, 8, 0]) },
    });
    expect(Object.values(notes)).toMatchObject([{ reason: { kind: "permanent" } }]);
    expect(summaries).toMatchObject([{ quarantined: 1 }]);
  });

  it("refuses a stack without a pipeline, with several, and one that needs a broker", async () => {
    const [none, several, kafka] = [testStack(), testStack(), testStack()];
    const topicOf = (stack: typeof none) => new LogTopic(stack, "Topic");
    for (const id of ["A", "B"]) {
      const topic = LogTopic.fromTopicAttributes({ topicId: `t-${id}`, logsetId: "l" });
      new ClsStreamPipeline(several, id, { topic, appId: APP_ID });
    }
    const ckafka = new CkafkaOutput({ brokers: ["b:9092"], topic: "logs", username: "u", password: textToken() });
    new ClsStreamPipeline(kafka, "S", { topic: topicOf(kafka), appId: APP_ID, outputs: { out: ckafka } });
    await expect(runPipeline(none)).rejects.toMatchObject({ code: "LOGS_RUN_PIPELINE" });
    await expect(runPipeline(none)).rejects.toThrow("the stack must hold one pipeline, got none");
    await expect(runPipeline(several)).rejects.toThrow("the stack must hold one pipeline, got logs/A, logs/B");
    await expect(runPipeline(kafka)).rejects.toThrow("outputs must not hold a CkafkaOutput, got one");
  });
});

import {
  ClsOutput,
  ClsStreamPipeline,
  CosBatchPipeline,
  CosEventSource,
  CosOutput,
  LogBucket,
  LogTopic,
  type ClsStreamPipelineProps,
} from "../../../lib";
import type { TerraformStack } from "../../../lib/framework";
import { testFunction, testStack, violationsOf } from "../support/stack";

const topic = (topicId: string) =>
  LogTopic.fromTopicAttributes({ topicId, logsetId: "logset-1", region: "ap-guangzhou" });
let stack: TerraformStack;
beforeEach(() => (stack = testStack()));

function stream(id: string, from: string, props: Partial<ClsStreamPipelineProps>): ClsStreamPipeline {
  return new ClsStreamPipeline(stack, id, { topic: topic(from), appId: "1250000000", ...props });
}

const to = (name: string) => ({ outputs: { out: new ClsOutput(topic(name)) } });

describe("functions that invoke each other in a circle", () => {
  it("are refused where they write to each other's topics, with the way round", () => {
    stream("One", "a", to("b"));
    stream("Two", "b", to("c"));
    expect(violationsOf(() => stream("Three", "c", to("a")))).toEqual([
      [
        "LOGS_CIRCLE",
        "outputs must not lead back to where they come from, got logs/One/Function -> logs/Two/Function -> " +
          "logs/Three/Function -> logs/One/Function; each would invoke the next for ever, write to something that none " +
          "of them reads",
      ],
    ]);
  });

  it("are refused where one reads the other's log", () => {
    stream("Worker", "a", { logTopic: topic("log") });
    expect(violationsOf(() => stream("Watcher", "log", to("a")))).toMatchObject([["LOGS_CIRCLE", expect.anything()]]);
  });

  it("are refused where the way leads through a bucket", () => {
    const bucket = new LogBucket(stack, "Lake", { appId: "1250000000" });
    new CosBatchPipeline(stack, "Batch", { topic: topic("b"), bucket, shipping: { prefix: "cls/" }, ...to("a") });
    const outputs = { out: new CosOutput(bucket, { prefix: "cls/again/" }) };
    expect(violationsOf(() => stream("Stream", "a", { outputs }))).toMatchObject([["LOGS_CIRCLE", expect.anything()]]);
  });

  it("are refused whichever comes first, the trigger or what is written", () => {
    const bucket = new LogBucket(stack, "Lake", { appId: "1250000000" });
    const [one, two] = ["One", "Two"].map((id) => testFunction(stack, id));
    bucket.grantWrite(one, "b/");
    bucket.grantWrite(two, "a/");
    one.addEventSource(new CosEventSource(bucket, { prefix: "a/" }));
    const close = () => two.addEventSource(new CosEventSource(bucket, { prefix: "b/" }));
    expect(violationsOf(close)).toMatchObject([["LOGS_CIRCLE", expect.anything()]]);
  });
});

it("functions in a row are none", () => {
  stream("One", "a", to("b"));
  stream("Two", "b", to("c"));
  stream("Side", "a", to("c"));
  expect(violationsOf(() => stream("Three", "c", to("d")))).toEqual([]);
});

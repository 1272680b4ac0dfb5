import {
  ClsEventSource,
  ClsOutput,
  ClsStreamPipeline,
  CosBatchPipeline,
  CosEventSource,
  CosOutput,
  CosShipper,
  FunctionRole,
  LogBucket,
  LogFunction,
  LogTopic,
  type ClsStreamPipelineProps,
  type CosEventSourceProps,
  type PolicyStatement,
} from "../../../lib";
import type { TerraformStack } from "../../../lib/framework";
import { codesOf, testFunction, testStack, violationsOf } from "../support/stack";

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

  it("are refused where one reads the log of a function that exists already", () => {
    const role = FunctionRole.fromRoleName(stack, "Role", "worker");
    const worker = LogFunction.fromFunctionAttributes(stack, "Worker", {
      functionName: "worker",
      role,
      logTopic: topic("log"),
    });
    new ClsEventSource(topic("a")).bind(worker);
    expect(violationsOf(() => stream("Watcher", "log", to("a")))).toEqual([
      ["LOGS_CIRCLE", expect.stringContaining("got logs/Worker -> logs/Watcher/Function -> logs/Worker;")],
    ]);
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

/** A stack with one imported bucket, and functions that are made as they are named. */
function world() {
  const stack = testStack();
  const bucket = LogBucket.fromBucketName(stack, "Bucket", "logs-1250000000");
  const trigger = (name: string, props: CosEventSourceProps) => {
    const target = testFunction(stack, name);
    target.addEventSource(new CosEventSource(bucket, props));
    return target;
  };
  return { stack, bucket, trigger };
}

describe("a function that would be triggered by its own output: LOGS_SELF_TRIGGER", () => {
  const cases = ["in/", "in/out/", "i", ""];

  it.each(cases)("is refused for a grant on %j after the trigger", (prefix) => {
    const { bucket, trigger } = world();
    const target = trigger("One", { prefix: "in/" });
    expect(codesOf(() => bucket.grantWrite(target, prefix))).toEqual(["LOGS_SELF_TRIGGER"]);
    expect(codesOf(() => bucket.grantWrite(target.role, prefix))).toEqual(["LOGS_SELF_TRIGGER"]);
  });

  it.each(cases)("is refused for a trigger after a grant on %j", (prefix) => {
    const { stack, bucket } = world();
    const role = new FunctionRole(stack, "Role");
    const target = testFunction(stack, "One", { role });
    bucket.grantWrite(role, prefix);
    expect(violationsOf(() => target.addEventSource(new CosEventSource(bucket, { prefix: "in/" })))).toEqual([
      [
        "LOGS_SELF_TRIGGER",
        'prefix that a function writes to or deletes from must lie outside the prefix that triggers it ("in/"), ' +
          `got "${prefix}"; it would be triggered by its own output, choose another prefix`,
      ],
    ]);
  });

  it("is refused for a grant to something of the user's that stands for the function's role", () => {
    const { bucket, trigger } = world();
    const { role } = trigger("One", { prefix: "in/" });
    const grantee = { role, addToPolicy: (statement: PolicyStatement) => role.addToPolicy(statement) };
    expect(codesOf(() => bucket.grantWrite(grantee, "in/"))).toEqual(["LOGS_SELF_TRIGGER"]);
  });

  it("may write elsewhere, and others may write where it is triggered", () => {
    const { stack, bucket, trigger } = world();
    const target = trigger("One", { prefix: "in/" });
    expect(codesOf(() => bucket.grantWrite(target, "out/"))).toEqual([]);
    expect(codesOf(() => bucket.grantWrite(testFunction(stack), "in/"))).toEqual([]);
  });

  it("is refused only for what it is triggered by: new objects, or deleted ones", () => {
    const { bucket, trigger } = world();
    const onCreate = trigger("OnCreate", { prefix: "in/" });
    const onRemove = trigger("OnRemove", { event: "cos:ObjectRemove:Delete", prefix: "in/" });
    expect(codesOf(() => bucket.grantDelete(onCreate, "in/"))).toEqual([]);
    // What one deletes invokes the other, whose objects invoke the one.
    expect(codesOf(() => bucket.grantWrite(onRemove, "in/"))).toEqual(["LOGS_CIRCLE"]);
    expect(codesOf(() => bucket.grantDelete(onRemove, "in/"))).toEqual(["LOGS_SELF_TRIGGER"]);
  });
});

describe("a function whose own log goes to its source topic: LOGS_SELF_LOG", () => {
  const topic = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });
  const sameTopic = LogTopic.fromTopicAttributes({ topicId: "topic-1" });

  it("is refused, whether it is shipped first or triggered first", () => {
    const { stack, bucket } = world();
    const logged = (id: string) => testFunction(stack, id, { logTopic: topic });
    const listen = (id: string, prefix: string) => logged(id).addEventSource(new CosEventSource(bucket, { prefix }));
    const ship = (id: string, prefix: string) => new CosShipper(stack, id, { topic: sameTopic, bucket, prefix });

    ship("Ship1", "one/");
    expect(codesOf(() => listen("One", "one/"))).toEqual(["LOGS_SELF_LOG"]);
    listen("Two", "two/");
    expect(violationsOf(() => ship("Ship2", "two/"))).toEqual([
      [
        "LOGS_SELF_LOG",
        "logTopic must not be the topic that the function reads, got the same for both; " +
          "each invocation's log would invoke it again, give the function another topic",
      ],
    ]);
  });

  it("may keep its log in a topic that is shipped elsewhere, or that it does not read", () => {
    const { stack, bucket } = world();
    const target = testFunction(stack, "One", { logTopic: topic });
    target.addEventSource(new CosEventSource(bucket, { prefix: "in/" }));
    expect(codesOf(() => new CosShipper(stack, "Elsewhere", { topic, bucket, prefix: "archive/" }))).toEqual([]);
    const other = LogTopic.fromTopicAttributes({ topicId: "topic-2" });
    expect(codesOf(() => new CosShipper(stack, "Other", { topic: other, bucket, prefix: "in/" }))).toEqual([]);
  });
});

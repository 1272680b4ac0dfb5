import fc from "fast-check";
import {
  ClsStreamPipeline,
  CosBatchPipeline,
  CosOutput,
  CosShipper,
  LogBucket,
  LogTopic,
  LogsError,
  type ILogBucket,
} from "../../lib";
import { TerraformStack, type App, type Construct } from "../../lib/framework";
import { slug } from "../../lib/naming";
import { codesOf, testStack } from "./support/stack";

const BUCKET = "shared-1250000000";

/** What two constructs of one app with these ids have in common: how each is made on a bucket. */
const KINDS: Record<string, (scope: Construct, id: string, bucket: ILogBucket) => unknown> = {
  "streams' quarantine": (scope, id, bucket) =>
    new ClsStreamPipeline(scope, id, { topic: new LogTopic(scope, `${id}Topic`), bucket }),
  "streams' outputs": (scope, id, bucket) =>
    new ClsStreamPipeline(scope, id, {
      topic: new LogTopic(scope, `${id}Topic`),
      bucket,
      quarantinePrefix: `notes/${scope.node.path}/${id}/`,
      outputs: { records: new CosOutput(bucket) },
    }),
  "batches' shipping": (scope, id, bucket) =>
    new CosBatchPipeline(scope, id, {
      topic: new LogTopic(scope, `${id}Topic`),
      bucket,
      quarantinePrefix: `notes/${scope.node.path}/${id}/`,
    }),
  "shippers' objects": (scope, id, bucket) =>
    new CosShipper(scope, id, { topic: new LogTopic(scope, `${id}Topic`), bucket }),
};

describe("default prefixes in a shared bucket", () => {
  for (const [kind, make] of Object.entries(KINDS)) {
    it(`are refused for ${kind} where two ids make the same one`, () => {
      const stack = testStack();
      const bucket = new LogBucket(stack, "Bucket", { appId: "1250000000" });
      make(stack, "AccessLog", bucket);
      expect(codesOf(() => make(stack, "Access-Log", bucket))).toEqual(["LOGS_PREFIX_TAKEN"]);
    });

    it(`stand beside each other for ${kind} with ids of any other script`, () => {
      const stack = testStack();
      const bucket = new LogBucket(stack, "Bucket", { appId: "1250000000" });
      for (const id of ["访问日志", "错误日志", "журнал"]) make(stack, id, bucket);
    });
  }

  it("are no concern of pipelines in buckets of their own", () => {
    const stack = testStack();
    for (const id of ["AccessLog", "Access-Log"]) {
      new ClsStreamPipeline(stack, id, { topic: new LogTopic(stack, `${id}Topic`), appId: "1250000000" });
    }
  });

  it("are seen in all stacks of an app, by the bucket's name", () => {
    const stack = testStack();
    const other = new TerraformStack(stack.node.root as App, "Logs");
    const make = (scope: Construct, id: string) =>
      new ClsStreamPipeline(scope, id, {
        region: "ap-guangzhou",
        topic: LogTopic.fromTopicAttributes({ topicId: `topic-of-${scope.node.path}` }),
        bucket: LogBucket.fromBucketName(scope, `${id}Bucket`, BUCKET, { region: "ap-guangzhou" }),
      });
    make(stack, "Access");
    expect(codesOf(() => make(other, "Access"))).toEqual(["LOGS_PREFIX_TAKEN"]);
  });

  it("name both constructs and the prop that helps", () => {
    const stack = testStack();
    const bucket = new LogBucket(stack, "Bucket", { appId: "1250000000" });
    const make = (id: string, quarantinePrefix?: string) =>
      new ClsStreamPipeline(stack, id, { topic: new LogTopic(stack, `${id}Topic`), bucket, quarantinePrefix });
    make("AccessLog");
    expect(() => make("Access_Log")).toThrow(
      "[logs/Access_Log] quarantinePrefix must be another than quarantinePrefix of logs/AccessLog in the same bucket, got " +
        '"quarantine/logs-access-log/" for both; set quarantinePrefix to a prefix of its own (LOGS_PREFIX_TAKEN)',
    );
    expect(() => make("Other", "quarantine/logs-access-log/")).toThrow(
      "set quarantinePrefix there to a prefix of its own",
    );
    make("Access__Log", "quarantine/second/");
    // Whoever gives two the same prefix wants it so.
    make("Third", "quarantine/second/");
  });

  it("never meet in silence, whatever the ids", () => {
    const id = fc.string({ unit: fc.constantFrom(..."aAbB19-_日志é"), minLength: 1, maxLength: 5 });
    let tried = 0;
    fc.assert(
      fc.property(id, id, (one, other) => {
        fc.pre(one !== other);
        tried++;
        const stack = testStack();
        const bucket = new LogBucket(stack, "The bucket", { appId: "1250000000" });
        const pipelines: ClsStreamPipeline[] = [];
        try {
          for (const name of [one, other]) {
            const topic = LogTopic.fromTopicAttributes({
              topicId: `topic-${pipelines.length}`,
              region: "ap-guangzhou",
            });
            pipelines.push(new ClsStreamPipeline(stack, name, { topic, bucket }));
          }
          expect(pipelines[0].quarantinePrefix).not.toBe(pipelines[1].quarantinePrefix);
        } catch (error) {
          if (!(error instanceof LogsError)) throw error;
          expect(error.code).toBe("LOGS_PREFIX_TAKEN");
          expect(slug(one)).toBe(slug(other));
        }
      }),
      { numRuns: 60 },
    );
    console.log(`${tried} pairs of ids`);
  });
});

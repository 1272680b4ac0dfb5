import { LogBucket, type ILogBucket } from "../../../lib/cos/bucket";
import { App, TerraformStack, Testing } from "../../../lib/framework";
import { CosEventSource, type CosEventSourceProps } from "../../../lib/scf/cos-event-source";
import { codesOf, testFunction, testStack, violationsOf } from "../support/stack";

const BUCKET = "logs-1250000000";

/** A stack with one imported bucket, and functions that are made as they are named. */
function world() {
  const stack = testStack();
  const bucket = LogBucket.fromBucketName(stack, "Bucket", BUCKET);
  const trigger = (name: string, props: CosEventSourceProps, on: ILogBucket = bucket) => {
    const target = testFunction(stack, name);
    target.addEventSource(new CosEventSource(on, props));
    return target;
  };
  return { stack, bucket, trigger };
}

describe("two triggers on one bucket", () => {
  it.each<[string, CosEventSourceProps, CosEventSourceProps]>([
    ["all objects, twice", {}, {}],
    ["a prefix and the start of it", { prefix: "Log" }, { prefix: "Lo" }],
    ["a prefix and all objects", {}, { prefix: "logs/" }],
    ["a suffix and the end of it", { suffix: ".json.gz" }, { suffix: ".gz" }],
    ["a suffix and any", { suffix: ".gz" }, {}],
    ["all events of a kind and one of them", { event: "cos:ObjectCreated:*" }, { event: "cos:ObjectCreated:Put" }],
    ["one event and all of its kind", { event: "cos:ObjectRemove:Delete" }, { event: "cos:ObjectRemove:*" }],
    ["one event, twice", { event: "cos:ObjectRestore:Post" }, { event: "cos:ObjectRestore:Post" }],
  ])("are refused for %s: LOGS_COS_TRIGGER_OVERLAP", (_, one, other) => {
    const { trigger } = world();
    trigger("One", one);
    expect(codesOf(() => trigger("Other", other))).toEqual(["LOGS_COS_TRIGGER_OVERLAP"]);
  });

  it.each<[string, CosEventSourceProps, CosEventSourceProps]>([
    ["other prefixes", { prefix: "a/" }, { prefix: "b/" }],
    ["other suffixes", { suffix: ".gz" }, { suffix: ".json" }],
    ["other kinds of event", { event: "cos:ObjectCreated:*" }, { event: "cos:ObjectRemove:*" }],
    ["other events of one kind", { event: "cos:ObjectCreated:Put" }, { event: "cos:ObjectCreated:Post" }],
  ])("are allowed for %s", (_, one, other) => {
    const { trigger } = world();
    trigger("One", one);
    expect(codesOf(() => trigger("Other", other))).toEqual([]);
  });

  it("say which other trigger it is, and what both match", () => {
    const { trigger } = world();
    trigger("One", { prefix: "a/" });
    expect(violationsOf(() => trigger("Other", { prefix: "a/b/", suffix: ".gz" }))[0][1]).toMatch(
      /^prefix and suffix must not overlap with the trigger logs\/One\/CosTrigger\w+ on the same bucket \("a\/" … ""\), got "a\/b\/" … ".gz"; COS hands an object to one trigger only$/,
    );
  });

  it("are on one bucket where it was imported twice, even into two stacks", () => {
    const app = Testing.app() as App;
    const [one, other] = ["one", "other"].map((id) => new TerraformStack(app, id));
    const build = (stack: TerraformStack) =>
      testFunction(stack).addEventSource(new CosEventSource(LogBucket.fromBucketName(stack, "Again", BUCKET)));
    build(one);
    expect(codesOf(() => build(other))).toEqual(["LOGS_COS_TRIGGER_OVERLAP"]);
  });

  it("are on two buckets where their names differ, or their apps", () => {
    const { stack, trigger } = world();
    trigger("One", {});
    const other = LogBucket.fromBucketName(stack, "Other bucket", "other-1250000000");
    expect(codesOf(() => trigger("Other", {}, other))).toEqual([]);
    expect(codesOf(() => world().trigger("One", {}))).toEqual([]);
  });

  it("are refused for one function, since SCF names a trigger by its bucket: LOGS_COS_TRIGGER_DUPLICATE", () => {
    const { stack, bucket, trigger } = world();
    const target = trigger("One", { prefix: "a/" });
    const again = LogBucket.fromBucketName(stack, "Again", BUCKET);
    for (const same of [bucket, again]) {
      expect(violationsOf(() => target.addEventSource(new CosEventSource(same, { prefix: "b/" })))).toEqual([
        [
          "LOGS_COS_TRIGGER_DUPLICATE",
          expect.stringMatching(
            /^a function must have one trigger per bucket, got a second; widen the prefix of logs\/One/,
          ),
        ],
      ]);
    }
  });
});

describe("the number of triggers: LOGS_COS_TRIGGER_LIMIT", () => {
  const numbers = [...Array(11).keys()];

  it("is ten for a bucket", () => {
    const { trigger } = world();
    const found = numbers.map((number) => codesOf(() => trigger(`F${number}`, { prefix: `${number}/` })));
    expect(found).toEqual([...Array<string[]>(10).fill([]), ["LOGS_COS_TRIGGER_LIMIT"]]);
  });

  it("is ten for a function", () => {
    const { stack } = world();
    const target = testFunction(stack);
    const found = numbers.map((number) => {
      const bucket = LogBucket.fromBucketName(stack, `B${number}`, `b${number}-1250000000`);
      return codesOf(() => target.addEventSource(new CosEventSource(bucket)));
    });
    expect(found).toEqual([...Array<string[]>(10).fill([]), ["LOGS_COS_TRIGGER_LIMIT"]]);
  });
});

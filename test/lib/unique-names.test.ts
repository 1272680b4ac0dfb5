import { FunctionRole, LogAccountRoles, LogBucket, Logset, LogTopic } from "../../lib";
import { TerraformStack, type App, type Construct } from "../../lib/framework";
import { TencentcloudProvider } from "../../lib/tencentcloud";
import { testFunction, testStack, violationsOf } from "./support/stack";

const APP_ID = "1250000000";

const TWICE: [what: string, make: (scope: Construct, id: string) => unknown, within: string][] = [
  [
    "logsets",
    (scope, id) => new Logset(scope, id, { logsetName: "x" }),
    "logsetName must be one of its own in its region",
  ],
  [
    "topics of a logset",
    (scope, id) => new LogTopic(scope, id, { topicName: "x", logset: Logset.fromLogsetId("logset-1") }),
    "topicName must be one of its own in its logset",
  ],
  [
    "buckets",
    (scope, id) => new LogBucket(scope, id, { bucketName: "x", appId: APP_ID }),
    "bucketName must be one of its own in its account",
  ],
  [
    "functions of a namespace",
    (scope, id) => testFunction(scope, id, { functionName: "xx" }),
    "functionName must be one of its own in its namespace",
  ],
  [
    "roles",
    (scope, id) => new FunctionRole(scope, id, { roleName: "x" }),
    "roleName must be one of its own in its account",
  ],
  [
    "the account's roles",
    (scope, id) => new LogAccountRoles(scope, id),
    "roleName must be one of its own in its account",
  ],
];

describe("two of one name are refused: LOGS_NAME_TAKEN", () => {
  it.each(TWICE)("%s", (_what, make, within) => {
    const stack = testStack();
    make(stack, "One");
    expect(violationsOf(() => make(stack, "Other"))).toEqual([
      [
        "LOGS_NAME_TAKEN",
        expect.stringMatching(new RegExp(`^${within}, got ".+", which logs/One\\S* has; choose another`)),
      ],
    ]);
  });

  it("but not where they are apart", () => {
    const stack = testStack();
    const other = new TencentcloudProvider(stack, "beijing", { alias: "beijing", region: "ap-beijing" });
    const elsewhere = new TencentcloudProvider(stack, "dev", { alias: "dev", profile: "dev", region: "ap-guangzhou" });
    new Logset(stack, "Logset", { logsetName: "x" });
    new FunctionRole(stack, "Role", { roleName: "x" });
    testFunction(stack, "Function", { functionName: "xx" });
    new LogTopic(stack, "Topic", { topicName: "x" });
    const apart = () => {
      new Logset(stack, "InBeijing", { logsetName: "x", provider: other });
      new FunctionRole(stack, "OfDev", { roleName: "x", provider: elsewhere });
      testFunction(stack, "InBatch", { functionName: "xx", namespace: "batch" });
      new LogTopic(stack, "OfItsOwnLogset", { topicName: "x" });
    };
    expect(violationsOf(apart)).toEqual([]);
    expect(
      violationsOf(() => new FunctionRole(stack, "InBeijingToo", { roleName: "x", provider: other })),
    ).toHaveLength(1);
  });

  it("nor where stacks are deployed to accounts of their own", () => {
    const stack = testStack();
    const second = new TerraformStack(stack.node.root as App, "second");
    new Logset(stack, "Logset", { logsetName: "x" });
    expect(violationsOf(() => new Logset(second, "Logset", { logsetName: "x" }))).toEqual([]);
  });
});

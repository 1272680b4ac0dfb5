import { strToU8, zipSync } from "fflate";
import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf } from "../support/api";
import { closeClouds, start } from "../support/cloud";
import { TRUST, triggerDescription } from "../support/plan";

const BUCKET = "logs-1250000000";
const DOMAIN = `${BUCKET}.cos.ap-guangzhou.myqcloud.com`;
const FUNCTION = { FunctionName: "batch", Namespace: "default" };
const TRIGGER = { ...FUNCTION, TriggerName: DOMAIN, Type: "cos", TriggerDesc: triggerDescription("cls/", ".gz") };

/** A package whose handler returns `answer`. */
function zipOf(answer: string): string {
  const code = `exports.main_handler = async () => ${JSON.stringify(answer)} + process.env.STAGE;`;
  return Buffer.from(zipSync({ "index.js": strToU8(code) })).toString("base64");
}

function newFunction(change: object = {}): object {
  return {
    ...FUNCTION,
    Code: { ZipFile: zipOf("old") },
    Handler: "index.main_handler",
    Runtime: "Nodejs18.15",
    MemorySize: 128,
    Timeout: 3,
    Type: "Event",
    Role: "run",
    Environment: { Variables: [{ Key: "STAGE", Value: "1" }] },
    PublicNetConfig: { PublicNetStatus: "DISABLE", EipConfig: { EipStatus: "DISABLE" } },
    ...change,
  };
}

let cloud: LocalCloud;
beforeEach(async () => {
  cloud = await start();
  cloud.cam.createRole("run", TRUST);
  cloud.cos.createBucket(BUCKET, "ap-guangzhou");
});
afterEach(closeClouds);

/** What the function returns for an object that is stored now. */
async function resultFor(key: string): Promise<unknown> {
  const before = cloud.invocations.length;
  await cloud.bucket(BUCKET).put(key, "x");
  await cloud.settled();
  return cloud.invocations.slice(before).map(({ result }) => result);
}

describe("functions", () => {
  test("come back with all that the provider reads", async () => {
    expect(await codeOf(call(cloud, "scf:CreateFunction", newFunction()))).toBe("");
    expect(await call(cloud, "scf:GetFunction", FUNCTION)).toMatchObject({
      ...FUNCTION,
      FunctionId: expect.stringMatching(/^lam-/),
      Status: "Active",
      Role: "run",
      MemorySize: 128,
      // SCF does not take "off" outside a VPC.
      PublicNetConfig: { PublicNetStatus: "ENABLE", EipConfig: { EipStatus: "DISABLE" } },
      Environment: { Variables: [{ Key: "STAGE", Value: "1" }] },
      Triggers: [],
    });
  });

  test.each<[string, object, string]>([
    ["a role that does not exist", { Role: "gone" }, "InvalidParameter.RoleNotExist"],
    ["memory in odd steps", { MemorySize: 200 }, "InvalidParameterValue"],
    ["a package that is no zip", { Code: { ZipFile: "AAAA" } }, "InvalidParameterValue.ZipFile"],
    [
      "reserved variables",
      { Environment: { Variables: [{ Key: "SCF_X", Value: "" }] } },
      "InvalidParameterValue.Environment",
    ],
    ["another runtime than Node.js and Python", { Runtime: "Go1" }, "InvalidParameterValue.Runtime"],
    ["a log topic that does not exist", { ClsLogsetId: "a", ClsTopicId: "b" }, "ResourceNotFound.TopicNotExist"],
    ["a VPC", { VpcConfig: { VpcId: "vpc-1", SubnetId: "subnet-1" } }, "UnsupportedOperation"],
    ["an unknown field", { ProtocolType: "WS" }, "UnknownParameter"],
  ])("are refused for %s", async (_what, change, code) => {
    expect(await codeOf(call(cloud, "scf:CreateFunction", newFunction(change)))).toBe(code);
    expect(await codeOf(call(cloud, "scf:GetFunction", FUNCTION))).toBe("ResourceNotFound.Function");
  });

  test("have names of their own", async () => {
    await call(cloud, "scf:CreateFunction", newFunction());
    expect(await codeOf(call(cloud, "scf:CreateFunction", newFunction()))).toBe("ResourceInUse.Function");
  });

  test("keep their runtime", async () => {
    await call(cloud, "scf:CreateFunction", newFunction());
    const change = { ...FUNCTION, Runtime: "Nodejs20.19" };
    expect(await codeOf(call(cloud, "scf:UpdateFunctionConfiguration", change))).toBe("InvalidParameterValue.Runtime");
  });

  test("belong to a region", async () => {
    await call(cloud, "scf:CreateFunction", newFunction());
    const elsewhere = { region: "ap-shanghai" };
    expect(await codeOf(call(cloud, "scf:GetFunction", FUNCTION, elsewhere))).toBe("ResourceNotFound.Function");
  });
});

describe("what is deployed runs", () => {
  beforeEach(async () => {
    await call(cloud, "scf:CreateFunction", newFunction());
    await call(cloud, "scf:CreateTrigger", TRIGGER);
  });

  test("with new code after an update, with new variables after another", async () => {
    expect(await resultFor("cls/a.gz")).toEqual(["old1"]);
    await call(cloud, "scf:UpdateFunctionCode", { ...FUNCTION, Code: { ZipFile: zipOf("new") } });
    expect(await resultFor("cls/b.gz")).toEqual(["new1"]);
    const Environment = { Variables: [{ Key: "STAGE", Value: "2" }] };
    await call(cloud, "scf:UpdateFunctionConfiguration", { ...FUNCTION, Environment });
    expect(await resultFor("cls/c.gz")).toEqual(["new2"]);
    // The provider's way to say "no variables".
    const Nothing = { Variables: [{ Key: "", Value: "" }] };
    await call(cloud, "scf:UpdateFunctionConfiguration", { ...FUNCTION, Environment: Nothing });
    expect(await resultFor("cls/d.gz")).toEqual(["newundefined"]);
  });

  test("until its trigger is gone", async () => {
    await call(cloud, "scf:DeleteTrigger", { ...TRIGGER, Qualifier: "$DEFAULT" });
    expect(await resultFor("cls/a.gz")).toEqual([]);
    expect(await codeOf(call(cloud, "scf:DeleteTrigger", TRIGGER))).toBe("ResourceNotFound.Trigger");
  });

  test("until it is gone itself, its triggers with it", async () => {
    await call(cloud, "scf:DeleteFunction", FUNCTION);
    expect(await resultFor("cls/a.gz")).toEqual([]);
    expect(await codeOf(call(cloud, "scf:GetFunction", FUNCTION))).toBe("ResourceNotFound.Function");
    expect(cloud.inventory()).toEqual([`bucket ${BUCKET}`, "role run"]);
  });

  test("unless it is gone before its turn comes again", async () => {
    const broken = Buffer.from(zipSync({ "index.js": strToU8("exports.main_handler = async () => missing;") }));
    await call(cloud, "scf:UpdateFunctionCode", { ...FUNCTION, Code: { ZipFile: broken.toString("base64") } });
    const failed = new Promise<void>((resolve) => cloud.onInvocation(() => resolve()));
    await cloud.bucket(BUCKET).put("cls/a.gz", "x");
    await failed;
    await call(cloud, "scf:DeleteFunction", FUNCTION);
    await cloud.settled();
    expect(cloud.invocations).toHaveLength(1);
  });
});

describe("triggers", () => {
  beforeEach(() => call(cloud, "scf:CreateFunction", newFunction()));

  test("come back with SCF's defaults, found by their name", async () => {
    await call(cloud, "scf:CreateTrigger", TRIGGER);
    const by = (name: string) => ({ ...FUNCTION, Filters: [{ Name: "TriggerName", Values: [name] }] });
    expect(await call(cloud, "scf:ListTriggers", by(DOMAIN))).toMatchObject({
      TotalCount: 1,
      Triggers: [
        { TriggerName: DOMAIN, Type: "cos", TriggerDesc: TRIGGER.TriggerDesc, Enable: 1, Qualifier: "$LATEST" },
      ],
    });
    expect(await call(cloud, "scf:ListTriggers", by("other"))).toMatchObject({ TotalCount: 0, Triggers: [] });
  });

  test("of COS cannot be updated", async () => {
    await call(cloud, "scf:CreateTrigger", TRIGGER);
    const answer = await call(cloud, "scf:UpdateTrigger", { ...TRIGGER, Enable: "CLOSE" });
    expect(answer.Error).toEqual({
      Code: "InvalidParameterValue.Type",
      Message: "UpdateTrigger must be for timer, ckafka or http, got cos.",
    });
  });

  test.each<[string, object, string]>([
    ["a function that does not exist", { FunctionName: "gone" }, "ResourceNotFound.Function"],
    ["a bucket that does not exist", { TriggerName: DOMAIN.replace("logs", "gone") }, "InvalidParameterValue.Cos"],
    [
      "a bucket of another region",
      { TriggerName: DOMAIN.replace("guangzhou", "shanghai") },
      "InvalidParameterValue.Cos",
    ],
    ["a name that is no bucket's", { TriggerName: "mine" }, "InvalidParameterValue.TriggerName"],
    ["a description that is no JSON", { TriggerDesc: "0 */5 * * * * *" }, "InvalidParameterValue.TriggerDesc"],
    [
      "an event that COS does not have",
      { TriggerDesc: triggerDescription("", "", "cos:*") },
      "InvalidParameterValue.TriggerDesc",
    ],
    ["another word for on", { Enable: "ON" }, "InvalidParameterValue"],
    ["another type, which the local cloud does not make", { Type: "ckafka" }, "UnsupportedOperation"],
  ])("are refused for %s", async (_what, change, code) => {
    expect(await codeOf(call(cloud, "scf:CreateTrigger", { ...TRIGGER, ...change }))).toBe(code);
  });

  test("of one bucket must not overlap, whichever function they are of", async () => {
    await call(cloud, "scf:CreateFunction", newFunction({ FunctionName: "other" }));
    await call(cloud, "scf:CreateTrigger", TRIGGER);
    const other = { ...TRIGGER, FunctionName: "other", TriggerDesc: triggerDescription("cls/a/", ".gz") };
    expect(await codeOf(call(cloud, "scf:CreateTrigger", other))).toBe("InvalidParameterValue.CosNotifyRuleConflict");
  });
});

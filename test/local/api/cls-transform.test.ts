import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf } from "../support/api";
import { closeClouds, start } from "../support/cloud";

let cloud: LocalCloud;
let source: string;
let errors: string;
beforeEach(async () => {
  cloud = await start();
  const { LogsetId } = await call(cloud, "cls:CreateLogset", { LogsetName: "logs" });
  const topic = async (TopicName: string): Promise<string> =>
    String((await call(cloud, "cls:CreateTopic", { LogsetId, TopicName })).TopicId);
  source = await topic("access");
  errors = await topic("errors");
});
afterEach(closeClouds);

/** A target as the provider sends it: all of its fields. */
const targetOf = (TopicId: string, Alias: string) => ({
  ...{ TopicId, Alias, IsCrossAccount: false, RoleARN: "", ExternalId: "", TopicName: "", LogsetName: "" },
});

const transform = () => ({
  FuncType: 1,
  SrcTopicId: source,
  Name: "route",
  EtlContent: 't_if(op_gt(v("status"), 499), log_output("errors"))',
  TaskType: 3,
  DstResources: [targetOf(errors, "errors")],
});

async function only(Key: string, value: string): Promise<Record<string, unknown> | undefined> {
  const answer = await call(cloud, "cls:DescribeDataTransformInfo", { Filters: [{ Key, Values: [value] }] });
  return (answer.DataTransformTaskInfos as Record<string, unknown>[])[0];
}

async function create(change: object = {}): Promise<string> {
  return String((await call(cloud, "cls:CreateDataTransform", { ...transform(), ...change })).TaskId);
}

test("comes back with CLS's defaults, which an argument left out in Terraform would show as a difference", async () => {
  const TaskId = await create();
  expect(await only("taskId", TaskId)).toMatchObject({
    TaskId,
    Name: "route",
    SrcTopicId: source,
    EtlContent: transform().EtlContent,
    EnableFlag: 1,
    Status: 2,
    DstResources: [{ ...targetOf(errors, "errors"), TopicName: "errors", LogsetName: "logs" }],
    HasServicesLog: 1,
    KeepFailureLog: 1,
    ProcessFromTimestamp: cloud.clock.now() / 1000,
    ProcessToTimestamp: null,
  });
  expect(await only("topicId", errors)).toBeUndefined();
});

test("is changed by what a request gives", async () => {
  const TaskId = await create();
  await call(cloud, "cls:ModifyDataTransform", { TaskId, EnableFlag: 2, EtlContent: "log_drop(True)" });
  expect(await only("taskName", "route")).toMatchObject({ EnableFlag: 2, Status: 4, EtlContent: "log_drop(True)" });
  expect(await only("status", "2")).toBeUndefined();
});

test("keeps its source: a request that names another is refused", async () => {
  const TaskId = await create();
  expect(await codeOf(call(cloud, "cls:ModifyDataTransform", { TaskId, SrcTopicId: errors }))).toBe("UnknownParameter");
});

test("its topics are kept as long as it is there", async () => {
  const TaskId = await create();
  for (const TopicId of [source, errors]) {
    expect(await codeOf(call(cloud, "cls:DeleteTopic", { TopicId }))).toBe("OperationDenied.TopicHasDataFormTask");
  }
  expect(await codeOf(call(cloud, "cls:DeleteDataTransform", { TaskId }))).toBe("");
  for (const name of ["DeleteDataTransform", "ModifyDataTransform"]) {
    expect(await codeOf(call(cloud, `cls:${name}`, { TaskId }))).toBe("InvalidParameter.DataFromTaskNotExist");
  }
  expect(await codeOf(call(cloud, "cls:DeleteTopic", { TopicId: source }))).toBe("");
});

test.each<[string, () => object, string]>([
  ["a source that does not exist", () => ({ SrcTopicId: "gone" }), "ResourceNotFound.TopicNotExist"],
  [
    "a target that does not exist",
    () => ({ DstResources: [targetOf("gone", "errors")] }),
    "ResourceNotFound.TopicNotExist",
  ],
  ["fixed targets that are none", () => ({ DstResources: [] }), "MissingParameter"],
  ["an alias that is not there", () => ({ EtlContent: 'log_output("x")' }), "InvalidParameter.InvalidEtlContent"],
  ["dynamic targets that are not made", () => ({ FuncType: 2 }), "InvalidParameter.InvalidEtlContent"],
  ["statements of another language", () => ({ EtlContent: "e_drop()" }), "InvalidParameter.InvalidEtlContent"],
  ["a target that is the source", () => ({ DstResources: [targetOf(source, "errors")] }), "InvalidParameter"],
  ["no statements", () => ({ EtlContent: "" }), "InvalidParameterValue"],
  [
    "two targets of one alias",
    () => ({ DstResources: [targetOf(errors, "errors"), targetOf(source, "errors")] }),
    "InvalidParameter",
  ],
  ["an alias with a stroke", () => ({ DstResources: [targetOf(errors, "a|b")] }), "InvalidParameterValue"],
  ["a word for off that CLS does not have", () => ({ EnableFlag: 0 }), "InvalidParameterValue"],
  ["a preview, which the local cloud does not make", () => ({ TaskType: 1 }), "UnsupportedOperation"],
])("is refused for %s", async (_what, change, code) => {
  expect(await codeOf(call(cloud, "cls:CreateDataTransform", { ...transform(), ...change() }))).toBe(code);
  expect(await only("taskName", "route")).toBeUndefined();
});

test("has a name of its own", async () => {
  await create();
  expect(await codeOf(call(cloud, "cls:CreateDataTransform", transform()))).toBe(
    "InvalidParameter.DataFromTaskConflict",
  );
});

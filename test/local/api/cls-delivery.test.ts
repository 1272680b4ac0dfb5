import type { LocalCloud } from "../../../local/cloud";
import { call, codeOf } from "../support/api";
import { closeClouds, deploy } from "../support/cloud";

const FUNCTION = { FunctionName: "batch", Namespace: "default" };

let cloud: LocalCloud;
let topicId: string;
const deliver = (change: object = {}): Promise<string> => {
  const delivery = { TopicId: topicId, ...FUNCTION, Qualifier: "$LATEST", Timeout: 5, MaxMsgNum: 10, ...change };
  return codeOf(call(cloud, "cls:CreateDeliverCloudFunction", delivery));
};
beforeEach(async () => {
  cloud = await deploy();
  topicId = cloud.topic("access").id;
});
afterEach(closeClouds);

test("what is made through CLS is a trigger in SCF, found by its topic", async () => {
  expect(await deliver()).toBe("");
  const Filters = [{ Name: "TriggerName", Values: [topicId] }];
  const { Triggers } = await call(cloud, "scf:ListTriggers", { ...FUNCTION, Filters });
  expect(Triggers).toMatchObject([{ Type: "cls", Enable: 1, Qualifier: "$LATEST" }]);
});

test.each<[string, object, string]>([
  ["a topic that does not exist", { TopicId: "gone" }, "ResourceNotFound.TopicNotExist"],
  ["a function that does not exist", { FunctionName: "gone" }, "ResourceNotFound.Function"],
  ["a wait of two seconds", { Timeout: 2 }, "InvalidParameterValue"],
  ["batches without end", { MaxMsgNum: 10_001 }, "InvalidParameterValue"],
])("is refused for %s", async (_what, change, code) => {
  expect(await deliver(change)).toBe(code);
});

test("is made once, and not updated", async () => {
  await deliver();
  expect(await deliver()).toBe("InvalidParameter");
  const change = { ...FUNCTION, TriggerName: topicId, Type: "cls", Enable: "CLOSE" };
  expect(await codeOf(call(cloud, "scf:UpdateTrigger", change))).toBe("InvalidParameterValue.Type");
});

test("its topic is kept as long as it is there: it goes when it is deleted, or its function is", async () => {
  const deleteTopic = (): Promise<string> => codeOf(call(cloud, "cls:DeleteTopic", { TopicId: topicId }));
  await deliver();
  expect(await deleteTopic()).toBe("OperationDenied.TopicHasDeliverFunction");
  const trigger = { ...FUNCTION, TriggerName: topicId, Type: "cls" };
  expect(await codeOf(call(cloud, "scf:DeleteTrigger", trigger))).toBe("");
  await deliver();
  await call(cloud, "scf:DeleteFunction", FUNCTION);
  expect(cloud.deliveries.all()).toEqual([]);
  expect(await deleteTopic()).toBe("");
});

import type { LocalCloud } from "../../../local/cloud";
import type { ClsRecord } from "../../../local/cls/record";
import { closeClouds, deploy, failure } from "../support/cloud";
import type { Block } from "../support/plan";

afterEach(closeClouds);

const CONTENT = `t_if(op_ge(v("status"), 500), log_output("errors"))
t_if(op_str_eq(v("path"), "/health"), log_drop(True))
log_split("ids")
log_output("requests")`;

const topic = (name: string): Block => ({
  logset_id: "${tencentcloud_cls_logset.Logset.id}",
  topic_name: name,
  period: 7,
});

/** A task from the topic `access` to two others. */
function deployWith(change: Block = {}): Promise<LocalCloud> {
  const target = (alias: string): Block => ({ alias, topic_id: `\${tencentcloud_cls_topic.${alias}.id}` });
  return deploy({
    resources: {
      tencentcloud_cls_topic: { Topic: topic("access"), errors: topic("errors"), requests: topic("requests") },
      tencentcloud_cls_data_transform: {
        Transform: {
          func_type: 1,
          task_type: 3,
          src_topic_id: "${tencentcloud_cls_topic.Topic.id}",
          name: "route",
          etl_content: CONTENT,
          enable_flag: 1,
          dst_resources: [target("errors"), target("requests")],
          ...change,
        },
      },
    },
  });
}

const record = (contents: Record<string, string>): ClsRecord => ({
  time: 1_700_000_000_000,
  source: "10.0.0.1",
  contents,
});

/** What a topic receives from now on. */
function receive(cloud: LocalCloud, name: string): ClsRecord[] {
  const received: ClsRecord[] = [];
  cloud.topic(name).onRecords(async (records) => void received.push(...records));
  return received;
}

test("records go to the targets by their aliases, with time and source as they came", async () => {
  const cloud = await deployWith();
  const [errors, requests] = [receive(cloud, "errors"), receive(cloud, "requests")];
  await cloud
    .topic("access")
    .put([
      record({ status: "500", path: "/a" }),
      record({ status: "200", path: "/b", ids: "1,2" }),
      record({ status: "200", path: "/health" }),
    ]);
  expect(errors).toEqual([record({ status: "500", path: "/a" })]);
  expect(requests).toEqual([
    record({ status: "200", path: "/b", ids: "1" }),
    record({ status: "200", path: "/b", ids: "2" }),
  ]);
  expect(cloud.transforms.all()[0].task.counts).toEqual({ read: 3, written: 3, dropped: 1, failed: 0 });
});

test("a record on which a statement fails is dropped, and counted with its reason", async () => {
  const cloud = await deployWith();
  await cloud.topic("access").put([record({ status: "none", path: "/a" })]);
  const [{ task }] = cloud.transforms.all();
  expect(task.counts).toEqual({ read: 1, written: 0, dropped: 0, failed: 1 });
  expect(task.failures).toEqual(['line 1: a comparison or sum must get a number, got "none"']);
});

test("a task that is not enabled does nothing", async () => {
  const cloud = await deployWith({ enable_flag: 2 });
  await cloud.topic("access").put([record({ status: "500" })]);
  expect(cloud.topic("errors").received).toBe(0);
  expect(cloud.transforms.all()[0].task.counts.read).toBe(0);
});

test("statements that send nothing anywhere send all to the only target", async () => {
  const target = [{ alias: "only", topic_id: "${tencentcloud_cls_topic.requests.id}" }];
  const cloud = await deployWith({ etl_content: 'fields_drop("path")', dst_resources: target });
  const requests = receive(cloud, "requests");
  await cloud.topic("access").put([record({ status: "200", path: "/b" })]);
  expect(requests).toEqual([record({ status: "200" })]);
});

test("topics that statements name themselves are made", async () => {
  const cloud = await deployWith({ func_type: 2, etl_content: 'log_auto_output(v("team"))', dst_resources: [] });
  await cloud.topic("access").put([record({ team: "web" }), record({ team: "db" }), record({ team: "web" })]);
  expect([cloud.topic("web").received, cloud.topic("db").received]).toEqual([2, 1]);
});

test.each([
  [
    "a task with statements that CLS does not know",
    { etl_content: 'fields_set("a", e_set())' },
    "EtlContent must be statements of CLS, got 1:17 unknown function e_set",
  ],
  ["a task of another type", { task_type: 1 }, "task_type must be 3"],
  [
    "a task that feeds itself",
    { dst_resources: [{ alias: "errors", topic_id: "${tencentcloud_cls_topic.Topic.id}" }] },
    "target topics must not lead back to their source",
  ],
])("%s is refused", async (_name, change, message) => {
  expect((await failure(deployWith(change))).message).toContain(message);
});

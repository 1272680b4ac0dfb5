import { compileRules, type Rules } from "../../rules/run/engine";
import { Event } from "../../rules/run/event";
import type { LocalCloud } from "../../local/cloud";
import type { Topic } from "../../local/cls/topic";
import { makeTopic } from "../functions/support/topics";
import { closeClouds, start } from "../local/support/cloud";
import { parts, problemsOf } from "../rules/support";

let cloud: LocalCloud;
let topic: Topic;
beforeEach(async () => {
  cloud = await start();
  topic = makeTopic(cloud, { partitions: 2 });
  const { secretId, secretKey } = cloud.cam.ownerKey;
  Object.assign(process.env, { CLS_ENDPOINT: cloud.endpoint, ID: secretId, KEY: secretKey });
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeClouds();
});

const bay = (name: string, owner: string, more: object = {}) => ({ time: 1, contents: { bay: name, owner, ...more } });

function rulesWith(options = ""): Rules {
  const call = `res_log_logstore_pull("ap-guangzhou", res_local("ID"), res_local("KEY"), "", "${topic.id}", ["bay", "owner"], fetch_interval=0${options})`;
  return compileRules(`e_table_map(${call}, "bay", "owner")`, { parts });
}

const ownerOf = (rules: Rules, name: string) => rules.run(new Event({ bay: name })).emitted[0]?.event.get("owner");

test("a topic is a table, which takes in what comes to the topic", async () => {
  await topic.put([bay("7", "Ada"), bay("8", "Zoë")]);
  const rules = rulesWith();
  await rules.refresh();
  expect([ownerOf(rules, "7"), ownerOf(rules, "8"), ownerOf(rules, "9")]).toEqual(["Ada", "Zoë", undefined]);
  topic.partitions.split(1, { now: cloud.clock.now() });
  await topic.put([bay("9", "Max")]);
  await rules.refresh();
  expect([ownerOf(rules, "7"), ownerOf(rules, "9")]).toEqual(["Ada", "Max"]);
});

test("with keys, the last log of a key sets its row or removes it", async () => {
  const rules = rulesWith(', primary_keys="bay", delete_data="status: out", fetch_exclude_data="status: test"');
  await topic.put([bay("7", "Ada"), bay("8", "Zoë"), bay("8", "Test", { status: "test" })]);
  await rules.refresh();
  await topic.put([bay("7", "Ada", { status: "out" }), bay("8", "Max")]);
  await rules.refresh();
  expect([ownerOf(rules, "7"), ownerOf(rules, "8")]).toEqual([undefined, "Max"]);
});

test("a span of time is read once", async () => {
  await topic.put([bay("7", "Ada")]);
  await cloud.clock.advance(10_000);
  const until = cloud.clock.now() / 1000;
  await cloud.clock.advance(10_000);
  await topic.put([bay("8", "Zoë")]);
  const rules = rulesWith(`, from_time=0, to_time=${until}`);
  await rules.refresh();
  await rules.refresh();
  expect([ownerOf(rules, "7"), ownerOf(rules, "8")]).toEqual(["Ada", undefined]);
});

test("what fails later leaves the table as it is, and is told; what fails at first fails the invocation", async () => {
  const told = jest.spyOn(console, "error").mockImplementation(() => undefined);
  await topic.put([bay("7", "Ada")]);
  const rules = rulesWith(", max_retry_back_off=0.1");
  await rules.refresh();
  cloud.cls.faults.decide = () => ({ status: 500 });
  await rules.refresh();
  expect(ownerOf(rules, "7")).toBe("Ada");
  expect(told.mock.calls.join()).toContain("res_log_logstore_pull goes on with what it has read before");
  await expect(rulesWith(", max_retry_back_off=0.1").refresh()).rejects.toThrow("no other answer came");
});

test("the function's role reads where the call gives no keys", async () => {
  await topic.put([bay("7", "Ada")]);
  const { secretId, secretKey } = cloud.cam.ownerKey;
  const call = `res_log_logstore_pull("", "", "", "", "${topic.id}", ["bay", "owner"])`;
  const environment = {
    TENCENTCLOUD_REGION: "ap-guangzhou",
    TENCENTCLOUD_SECRETID: secretId,
    TENCENTCLOUD_SECRETKEY: secretKey,
  };
  const rules = compileRules(`e_table_map(${call}, "bay", "owner")`, { parts, environment });
  await rules.refresh();
  expect(ownerOf(rules, "7")).toBe("Ada");
});

test.each([
  ['"https://log.aliyuncs.com", "", "", "", "t", ["a"]', "https://<region>.cls.tencentcs.com or a region as endpoint"],
  ['"ap-guangzhou", "id", "", "", "t", ["a"]', "ak_id and ak_secret or none of them"],
  ['"ap-guangzhou", "", "", "", "", ["a"]', "a text as logstore"],
  ['"ap-guangzhou", "", "", "", "t", []', "a list of names"],
  ['"ap-guangzhou", "", "", "", "t", [["a"]]', "a list of names, or of pairs"],
  ['"ap-guangzhou", "", "", "", "t", ["a"], primary_keys="b"', "names of its fields as primary_keys"],
  ['"ap-guangzhou", "", "", "", "t", ["a"], from_time="yesterday"', "begin, end or seconds since 1970 as from_time"],
  ['"ap-guangzhou", "", "", "", "t", ["a"], to_time="begin"', "end or seconds since 1970 as to_time"],
  ['"ap-guangzhou", "", "", "", "t", ["a"], fetch_interval=-1', "seconds from 0 as fetch_interval"],
])("refuses %s when the text is checked", (given, told) => {
  expect(problemsOf(`e_table_map(res_log_logstore_pull(${given}), "a", "b")`).join()).toContain(told);
});

import { gunzipSync } from "node:zlib";
import type { LocalCloud } from "../../../local/cloud";
import type { ClsRecord } from "../../../local/cls/record";
import { closeClouds, deploy } from "../support/cloud";
import type { Block } from "../support/plan";

afterEach(closeClouds);

interface Data {
  readonly topic_id: string;
  readonly topic_name: string;
  readonly records: { readonly timestamp: string; readonly content: string }[];
}

/** The resource of a ClsEventSource, as it stands in a plan. */
const delivery = (input: Block = {}, rest: Block = {}): Block => ({
  input: {
    topicId: "${tencentcloud_cls_topic.Topic.id}",
    functionName: "${tencentcloud_scf_function.Function.name}",
    namespace: "default",
    qualifier: "$LATEST",
    region: "ap-guangzhou",
    wait: 5,
    max: 100,
    ...input,
  },
  provisioner: [
    {
      "local-exec": {
        command: "node assets/Script/0A/cls-delivery.js create",
        environment: { CLS_DELIVERY: "${jsonencode(self.input)}" },
      },
    },
  ],
  ...rest,
});

/** A cloud whose function returns how long its event is, and the event. */
function deployWith(resource: Block): Promise<LocalCloud> {
  return deploy({ resources: { terraform_data: { Delivery: resource } } });
}

/** What the functions were handed, decoded. */
function delivered(cloud: LocalCloud): Data[] {
  return cloud.invocations.map(({ result }) => {
    const { clslogs } = result as { clslogs: { data: string } };
    return JSON.parse(gunzipSync(Buffer.from(clslogs.data, "base64")).toString()) as Data;
  });
}

const records = (count: number, content = "x"): ClsRecord[] =>
  Array.from({ length: count }, (_, index) => ({
    time: 1_700_000_000_000 + index,
    contents: { n: String(index), content },
  }));

test("hands records over when the wait is over, in CLS's shape", async () => {
  const cloud = await deployWith(delivery());
  await cloud.topic("access").put(records(2));
  await cloud.clock.advance(4999);
  await cloud.settled();
  expect(cloud.invocations).toEqual([]);
  await cloud.clock.advance(1);
  await cloud.settled();
  expect(delivered(cloud)).toEqual([
    {
      topic_id: cloud.topic("access").id,
      topic_name: "access",
      records: [
        { timestamp: "1700000000000000", content: '{"n":"0","content":"x"}' },
        { timestamp: "1700000000001000", content: '{"n":"1","content":"x"}' },
      ],
    },
  ]);
  expect(cloud.invocations[0]?.source).toBe("cls://access");
});

test("hands them over at once where there are enough", async () => {
  const cloud = await deployWith(delivery({ max: 3 }));
  await cloud.topic("access").put(records(7));
  await cloud.settled();
  expect(delivered(cloud).map((data) => data.records.length)).toEqual([3, 3]);
});

test("cuts a batch of more than 128 KB, and delivers the pieces in order", async () => {
  const cloud = await deployWith(delivery({ max: 1000 }));
  const noise = Array.from({ length: 3000 }, (_, index) => Math.sin(index).toString(36)).join("");
  const many = records(40).map(({ time, contents }) => ({
    time,
    contents: { n: contents.n, noise: noise + contents.n },
  }));
  const different = many.map((record, index) => ({
    ...record,
    contents: {
      n: String(index),
      noise: [...noise.slice(0, 20_000)].map((c) => String.fromCharCode(c.charCodeAt(0) + index)).join(""),
    },
  }));
  await cloud.topic("access").put(different);
  await cloud.clock.advance(5000);
  await cloud.settled();
  const sizes = cloud.invocations.map(({ result }) => JSON.stringify(result).length);
  expect(sizes.length).toBeGreaterThan(1);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(128 * 1024);
  const numbers = delivered(cloud).flatMap((data) =>
    data.records.map(({ content }) => Number((JSON.parse(content) as { n: string }).n)),
  );
  expect([...numbers].sort((a, b) => a - b)).toEqual(different.map((_, index) => index));
});

test("delivers twice where a test asks for it", async () => {
  const cloud = await deployWith(delivery());
  cloud.deliveries.copies = 2;
  await cloud.topic("access").put(records(1));
  await cloud.clock.advance(5000);
  await cloud.settled();
  const [one, other] = delivered(cloud);
  expect(cloud.invocations).toHaveLength(2);
  expect(other).toEqual(one);
});

test("makes none where there are none of it", async () => {
  const cloud = await deployWith(delivery({}, { count: 0 }));
  expect(cloud.deliveries.all()).toEqual([]);
});

test("runs no command but the library's own", async () => {
  const provisioner = [{ "local-exec": { command: "rm -rf /" } }];
  await expect(deployWith(delivery({}, { provisioner }))).rejects.toThrow(
    "terraform_data.Delivery: commands must be the library's own",
  );
});

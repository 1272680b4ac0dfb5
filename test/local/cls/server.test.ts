import { request } from "node:http";
import { text } from "node:stream/consumers";
import { deflateRawSync, gunzipSync } from "node:zlib";
import type { AccessKey } from "../../../local/account";
import { authorization } from "../../../local/cam/signature";
import type { ClsRecord } from "../../../local/cls/record";
import type { LocalCloud } from "../../../local/cloud";
import { encodeLogGroupList, uploadRecords } from "../../../local/feed/cls-client";
import { closeClouds, deploy } from "../support/cloud";
import { BUCKET, REGION } from "../support/plan";

let cloud: LocalCloud;
beforeEach(async () => {
  const statements = [
    { effect: "allow", action: ["name/cls:pushLog"], resource: ["qcs::cls:ap-guangzhou:uin/100000000001:topic/*"] },
  ];
  cloud = await deploy({ trigger: { enable: "CLOSE" }, statements });
});
afterEach(closeClouds);

const RECORD: ClsRecord = {
  time: 1_700_000_000_000,
  contents: { a: "1", 中: "é" },
  source: "10.0.0.1",
  tags: { env: "x" },
};

interface Upload {
  key?: AccessKey | undefined;
  body?: Buffer;
  headers?: Record<string, string>;
  topic?: string;
  region?: string;
  path?: string;
}

async function upload(given: Upload): Promise<{ status: number; code: string | undefined }> {
  const path = given.path ?? "/structuredlog";
  const query = [["topic_id", given.topic ?? cloud.topic("access").id]] as const;
  const headers = {
    host: `${given.region ?? REGION}.cls.tencentyun.com`,
    "content-type": "application/x-protobuf",
    ...given.headers,
  };
  const key = "key" in given ? given.key : cloud.cam.ownerKey;
  const signature = key && { authorization: authorization({ method: "POST", path, query, headers }, key) };
  const token = key?.sessionToken === undefined ? {} : { "x-cls-token": key.sessionToken };
  return new Promise((resolve, reject) => {
    const url = `${cloud.endpoint}${path}?topic_id=${query[0][1]}`;
    const sent = request(url, { method: "POST", headers: { ...headers, ...signature, ...token } }, (answer) => {
      text(answer).then((body) => {
        const code = body === "" ? undefined : (JSON.parse(body) as { errorcode: string }).errorcode;
        resolve({ status: answer.statusCode ?? 0, code });
      }, reject);
    });
    sent.on("error", reject).end(given.body ?? encodeLogGroupList([RECORD]));
  });
}

async function shipped(): Promise<string> {
  await cloud.clock.advance(300_000);
  const [key = ""] = cloud.bucket(BUCKET).keys();
  return gunzipSync(await cloud.bucket(BUCKET).read(key)).toString();
}

test("records that are uploaded are shipped", async () => {
  await uploadRecords(cloud, cloud.topic("access"), [RECORD, { ...RECORD, contents: { b: "2" } }]);
  expect(cloud.topic("access").received).toBe(2);
  expect(await shipped()).toBe(
    '{"__TIMESTAMP__":1700000000000,"__SOURCE__":"10.0.0.1","__FILENAME__":"","a":"1","中":"é"}\n' +
      '{"__TIMESTAMP__":1700000000000,"__SOURCE__":"10.0.0.1","__FILENAME__":"","b":"2"}\n',
  );
});

test("a body may be deflated or plain, in the time unit of the client", async () => {
  expect(await upload({})).toEqual({ status: 200, code: undefined });
  const seconds = encodeLogGroupList([{ ...RECORD, time: 1_700_000_001 }]);
  const micros = encodeLogGroupList([{ ...RECORD, time: 1_700_000_002_000_000 }]);
  for (const raw of [seconds, micros]) {
    expect(await upload({ body: deflateRawSync(raw), headers: { "x-cls-compress-type": "deflate" } })).toMatchObject({
      status: 200,
    });
  }
  expect([...(await shipped()).matchAll(/"__TIMESTAMP__":(\d+)/g)].map((match) => match[1])).toEqual([
    "1700000000000",
    "1700000001000",
    "1700000002000",
  ]);
});

test("an upload with a hash key goes to the partition of its range, others by turns", async () => {
  const topic = cloud.topic("access");
  topic.partitions.split(1, { now: cloud.clock.now() });
  for (let count = 0; count < 3; count++) await upload({ headers: { "x-cls-hashkey": "f".repeat(32) } });
  expect(topic.partitions.all().map(({ endOffset }) => endOffset)).toEqual([0, 0, 3]);
  for (let count = 0; count < 4; count++) await upload({});
  expect(topic.partitions.all().map(({ endOffset }) => endOffset)).toEqual([0, 2, 5]);
  expect(await upload({ headers: { "x-cls-hashkey": "zz" } })).toEqual({ status: 400, code: "InvalidParam" });
});

test("a role may upload where its policy allows cls:pushLog", async () => {
  const key = cloud.cam.assumeRole(cloud.cam.roleFor("scf.qcloud.com", "run"));
  expect(await upload({ key })).toMatchObject({ status: 200 });
  const other = cloud.cam.createRole("other", JSON.stringify({ version: "2.0", statement: [] }));
  expect(await upload({ key: cloud.cam.assumeRole(other) })).toEqual({ status: 403, code: "NotAllowed" });
});

test.each<[string, () => Upload, number, string]>([
  ["no signature", () => ({ key: undefined }), 400, "MissingAuthorization"],
  ["a wrong secret", () => ({ key: { ...cloud.cam.ownerKey, secretKey: "x" } }), 401, "Unauthorized"],
  ["an unknown topic", () => ({ topic: "gone" }), 404, "TopicNotExist"],
  ["a topic by its name", () => ({ topic: "access" }), 404, "TopicNotExist"],
  ["a topic of another region", () => ({ region: "ap-shanghai" }), 404, "TopicNotExist"],
  ["another path", () => ({ path: "/logs" }), 400, "InvalidParam"],
  ["another content type", () => ({ headers: { "content-type": "text/plain" } }), 400, "InvalidContentType"],
  ["another compression", () => ({ headers: { "x-cls-compress-type": "lz4" } }), 400, "InvalidCompressType"],
  ["an empty body", () => ({ body: Buffer.alloc(0) }), 400, "MissingContent"],
  ["what is no protobuf", () => ({ body: Buffer.from([0x0a, 0x7f, 1]) }), 400, "InvalidContent"],
  [
    "what is not deflated",
    () => ({ body: Buffer.from("x"), headers: { "x-cls-compress-type": "deflate" } }),
    400,
    "InvalidContent",
  ],
  [
    "a value over 1 MB",
    () => ({ body: encodeLogGroupList([{ ...RECORD, contents: { a: "x".repeat(1024 * 1024 + 1) } }]) }),
    403,
    "LogSizeExceed",
  ],
  ["no log in a group", () => ({ body: encodeLogGroupList([]) }), 400, "InvalidContent"],
])("refuses %s", async (_what, given, status, code) => {
  expect(await upload(given())).toEqual({ status, code });
  expect(cloud.topic("access").received).toBe(0);
});

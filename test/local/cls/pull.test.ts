import { request } from "node:http";
import { buffer } from "node:stream/consumers";
import type { AccessKey } from "../../../local/account";
import { authorization } from "../../../local/cam/signature";
import type { LocalCloud } from "../../../local/cloud";
import type { Topic } from "../../../local/cls/topic";
import { unsnappy } from "../../../functions/tencent/topic-reader/snappy";
import { logs, makeTopic } from "../../functions/support/topics";
import { closeClouds, start } from "../support/cloud";

let cloud: LocalCloud;
let topic: Topic;
beforeEach(async () => {
  cloud = await start();
  topic = makeTopic(cloud);
  await topic.put(logs(0, 10));
  await topic.put(logs(10, 10));
});
afterEach(closeClouds);

const ASKED = { PartitionId: 1, StartOffset: 0, StartTime: 0, Size: 1_048_576, CompressType: "snappy" };

interface Answer {
  readonly status: number;
  readonly code?: string;
  readonly next?: number;
  readonly messages?: number;
}

async function pull(asked: object, key: AccessKey | undefined = cloud.cam.ownerKey): Promise<Answer> {
  const query = [["topic_id", topic.id]] as const;
  const headers = { host: `${topic.region}.cls.tencentcs.com`, "content-type": "application/json" };
  const signed = { authorization: authorization({ method: "POST", path: "/pull_log", query, headers }, key) };
  const token = key.sessionToken === undefined ? {} : { "x-cls-token": key.sessionToken };
  return new Promise((resolve, reject) => {
    const url = `${cloud.endpoint}/pull_log?topic_id=${topic.id}`;
    const sent = request(url, { method: "POST", headers: { ...headers, ...signed, ...token } }, (answer) => {
      buffer(answer).then((body) => resolve(read(answer.statusCode ?? 0, body)), reject);
    });
    sent.on("error", reject).end(JSON.stringify(asked));
  });
}

function read(status: number, body: Buffer): Answer {
  if (status !== 200) return { status, code: (JSON.parse(body.toString()) as { errorcode: string }).errorcode };
  const { Response } = JSON.parse(unsnappy(body, 1e8).toString()) as {
    Response: { NextOffset: number; Message: string[] | null };
  };
  return { status, next: Response.NextOffset, messages: Response.Message?.length ?? 0 };
}

test.each([
  ["from an offset", {}, { next: 2, messages: 2 }],
  ["at the end", { StartOffset: 2 }, { next: 2, messages: 0 }],
  ["from the begin, by time", { StartOffset: -1 }, { next: 2, messages: 2 }],
  ["from a time that is yet to come", { StartOffset: -1, StartTime: 4_000_000_000 }, { next: 2, messages: 0 }],
  ["at least one message, however little was asked for", { Size: 1 }, { next: 1, messages: 1 }],
  ["up to a time that is over", { EndTime: 1_767_225_600 }, { next: -1, messages: 0 }],
  ["up to a time that is yet to come", { EndTime: 1_767_225_601 }, { next: 2, messages: 2 }],
])("hands out what is there %s", async (_name, asked, expected) => {
  expect(await pull({ ...ASKED, ...asked })).toEqual({ status: 200, ...expected });
});

test.each([
  ["an offset behind the end", { StartOffset: 3 }, 400, "InvalidOffset"],
  ["a partition that is not there", { PartitionId: 7 }, 404, "ResourceNotFound.PartitionNotExist"],
  ["a field that nobody knows", { Cursor: "x" }, 400, "InvalidParam"],
  ["more than 10 MB at once", { Size: 20_000_000 }, 400, "InvalidParam"],
  ["another compression", { CompressType: "lz4" }, 400, "InvalidParam"],
  ["a query that is none", { Query: "log_keep(" }, 400, "SyntaxError"],
])("refuses %s", async (_name, asked, status, code) => {
  expect(await pull({ ...ASKED, ...asked })).toEqual({ status, code });
});

test("refuses keys in the words of CLS's list of errors", async () => {
  const { ownerKey } = cloud.cam;
  const codes = [
    await pull(ASKED, { ...ownerKey, secretId: "AKIDnobody" }),
    await pull(ASKED, { ...ownerKey, secretKey: "x" }),
  ].map(({ status, code }) => `${status} ${code}`);
  expect(codes).toEqual(["401 AuthFailure.SecretIdNotFound", "401 AuthFailure.SignatureFailure"]);
});

test("a role's key expires two hours later, and whoever assumes the role by then gets another", async () => {
  const trust = { action: ["name/sts:AssumeRole"], effect: "allow", principal: { service: ["scf.qcloud.com"] } };
  const role = cloud.cam.createRole("r", JSON.stringify({ version: "2.0", statement: [trust] }));
  cloud.cam.attachPolicy("r", "QcloudCLSFullAccess");
  const key = cloud.cam.assumeRole(role);
  expect(await pull(ASKED, key)).toMatchObject({ status: 200 });
  await cloud.clock.advance(7_100_000);
  expect(cloud.cam.assumeRole(role)).toBe(key);
  await cloud.clock.advance(100_000);
  expect(await pull(ASKED, key)).toEqual({ status: 401, code: "AuthFailure.TokenFailure" });
  expect(await pull(ASKED, cloud.cam.assumeRole(role))).toMatchObject({ status: 200 });
});

test("reads a partition 200 times a second at most", async () => {
  const now = jest.spyOn(performance, "now").mockReturnValue(1_000);
  const statuses: number[] = [];
  for (let count = 0; count < 201; count++) statuses.push((await pull(ASKED)).status);
  expect(statuses.lastIndexOf(200)).toBe(199);
  expect(await pull(ASKED)).toEqual({ status: 429, code: "SpeedQuotaExceed" });
  now.mockReturnValue(2_001);
  expect(await pull(ASKED)).toMatchObject({ status: 200 });
  now.mockRestore();
});

import { request } from "node:http";
import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import { authorization } from "../cam/signature";
import type { LocalCloud } from "../cloud";
import type { ClsRecord } from "../cls/record";
import type { Topic } from "../cls/topic";

const compress = promisify(deflateRaw);

/** Sends records to a topic through CLS's upload API, as an agent with the account owner's key does. */
export async function uploadRecords(cloud: LocalCloud, topic: Topic, records: readonly ClsRecord[]): Promise<void> {
  const body = await compress(encodeLogGroupList(records));
  const query = [["topic_id", topic.id]] as const;
  const headers = {
    Host: `${topic.region}.cls.tencentcs.com`,
    "Content-Type": "application/x-protobuf",
    "x-cls-compress-type": "deflate",
  };
  const signature = authorization({ method: "post", path: "/structuredlog", query, headers }, cloud.cam.ownerKey);
  const answer = await post(
    `${cloud.endpoint}/structuredlog?topic_id=${topic.id}`,
    { ...headers, Authorization: signature },
    body,
  );
  if (answer.status !== 200) throw new Error(`CLS must take the records, got status ${answer.status}: ${answer.text}`);
}

function post(url: string, headers: Record<string, string>, body: Buffer): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: "POST", headers: { ...headers, "Content-Length": body.length } }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => (text += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
      answer.on("error", reject);
    });
    sent.on("error", reject).end(body);
  });
}

/**
 * A `LogGroupList` with one group; source and file name are those of the first record. Fact:
 * docs/design/facts/runtime.md#uploading-logs.
 */
export function encodeLogGroupList(records: readonly ClsRecord[]): Buffer {
  const [first] = records;
  const group = [
    ...records.map((record) => field(1, encodeLog(record))),
    ...(first?.filename === undefined ? [] : [field(3, Buffer.from(first.filename))]),
    ...(first?.source === undefined ? [] : [field(4, Buffer.from(first.source))]),
    ...Object.entries(first?.tags ?? {}).map(([key, value]) => field(5, encodePair(key, value))),
  ];
  return field(1, Buffer.concat(group));
}

function encodeLog(record: ClsRecord): Buffer {
  const pairs = Object.entries(record.contents).map(([key, value]) => field(2, encodePair(key, value)));
  return Buffer.concat([varint(1 << 3), varint(record.time), ...pairs]);
}

function encodePair(key: string, value: string): Buffer {
  return Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))]);
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([varint((number << 3) | 2), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}

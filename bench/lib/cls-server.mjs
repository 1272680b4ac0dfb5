/**
 * Runs the local cloud in a separate process, with a topic that contains the given number of lines: prints `{ endpoint,
 * topicId, logsetId, region, secretId, secretKey }` and serves until its input ends. Answers to pulls are created and
 * cached before, so that the consumer is measured and not the local cloud.
 */
import { createServer, request } from "node:http";
import { buffer } from "node:stream/consumers";
import { TopicReader } from "../../dist/functions/tencent/topic-reader/index.js";
import { LocalCloud } from "../../dist/local/cloud.js";

const REGION = "ap-guangzhou";
const LINES_A_PACKAGE = 500;

const count = Number(process.argv[2]);
const cloud = await LocalCloud.start();
const topic = cloud.cls.createTopic("bench", cloud.cls.createLogset("bench", REGION), REGION);
for (let from = 0; from < count; from += LINES_A_PACKAGE) {
  await topic.put(Array.from({ length: Math.min(LINES_A_PACKAGE, count - from) }, (_, index) => line(from + index)));
}
const { secretId, secretKey } = cloud.cam.ownerKey;
const kept = new Map();
const server = createServer(async (message, response) => {
  const body = await buffer(message);
  const { pathname, search } = new URL(message.url, "http://cls");
  const key = pathname === "/pull_log" ? String(Math.max(0, JSON.parse(body).StartOffset)) : undefined;
  const answer = kept.get(key) ?? (await forward(pathname + search, message, body));
  if (key !== undefined) kept.set(key, answer);
  response.writeHead(answer.status, answer.headers).end(answer.body);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const endpoint = `http://127.0.0.1:${server.address().port}`;
await warm();
console.log(
  JSON.stringify({ endpoint, topicId: topic.id, logsetId: topic.logsetId, region: REGION, secretId, secretKey }),
);
process.stdin.resume().on("end", () => void cloud.close().then(() => process.exit()));

/** Pulls everything once. */
async function warm() {
  process.env.CLS_ENDPOINT = endpoint;
  const reader = new TopicReader({ topicId: topic.id, region: REGION, credentials: () => ({ secretId, secretKey }) });
  for await (const event of reader.read({ from: "begin", follow: false })) if (event.kind === "notice") throw event;
  reader.close();
}

async function forward(path, { method, headers }, body) {
  const { hostname, port } = new URL(cloud.endpoint);
  const answered = await new Promise((resolve, reject) => {
    request({ hostname, port, path, method, headers }, resolve).on("error", reject).end(body);
  });
  return { status: answered.statusCode, headers: answered.headers, body: await buffer(answered) };
}

/** A line with seven fields, as a function writes it. */
function line(number) {
  return {
    time: 1_767_225_600_000 + number,
    contents: {
      level: number % 20 === 0 ? "error" : "info",
      request_id: `${number % 977}-4c1e-90ab-7712`,
      function: "orders",
      text: `order ${number} accepted for customer ${(number * 7919) % 100_003} in ${number % 300} ms`,
      path: `/api/v2/orders/${number}`,
      status: String(200 + (number % 5)),
      instance: "90ab7712cd0034ef",
    },
    source: "10.0.0.1",
  };
}

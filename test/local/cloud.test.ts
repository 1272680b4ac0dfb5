import { uploadRecords } from "../../local/feed/cls-client";
import { closeClouds, deploy } from "./support/cloud";
import { BUCKET } from "./support/plan";

afterEach(closeClouds);

/** A handler that signs its own requests with the role's key, reads the object, and counts its lines. */
const COUNT_LINES = `
const { createHash, createHmac } = require("crypto");
const http = require("http");
const zlib = require("zlib");

function authorization(host, path) {
  const hmac = (key, text) => createHmac("sha1", key).update(text).digest("hex");
  const now = Math.floor(Date.now() / 1000);
  const time = now - 10 + ";" + (now + 600);
  const request = ["get", decodeURIComponent(path), "", "host=" + host, ""].join("\\n");
  const digest = createHash("sha1").update(request).digest("hex");
  const signature = hmac(hmac(process.env.TENCENTCLOUD_SECRETKEY, time), ["sha1", time, digest, ""].join("\\n"));
  const id = process.env.TENCENTCLOUD_SECRETID;
  return "q-sign-algorithm=sha1&q-ak=" + id + "&q-sign-time=" + time + "&q-key-time=" + time +
    "&q-header-list=host&q-url-param-list=&q-signature=" + signature;
}

exports.main_handler = async (event) => {
  const { host, pathname } = new URL(event.Records[0].cos.cosObject.url);
  const headers = {
    host,
    authorization: authorization(host, pathname),
    "x-cos-security-token": process.env.TENCENTCLOUD_SESSIONTOKEN,
  };
  const answer = await new Promise((resolve, reject) => {
    http.get(process.env.COS_ENDPOINT + pathname, { headers }, resolve).on("error", reject);
  });
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  if (answer.statusCode !== 200) throw new Error(answer.statusCode + " " + Buffer.concat(chunks));
  const lines = zlib.gunzipSync(Buffer.concat(chunks)).toString().trimEnd().split("\\n");
  console.log("counted " + lines.length);
  return { lines: lines.length };
};`;

test("what is uploaded to the topic is shipped, triggers the function, and is read by it with its role", async () => {
  const cloud = await deploy({ code: COUNT_LINES });
  const records = Array.from({ length: 700 }, (_value, index) => ({
    time: cloud.clock.now(),
    contents: { n: `${index}` },
  }));
  await uploadRecords(cloud, cloud.topic("access"), records);
  await cloud.clock.advance(300_000);
  await cloud.settled();
  expect(cloud.invocations).toMatchObject([
    { functionName: "batch", attempt: 1, result: { lines: 700 }, log: ["counted 700"] },
  ]);
});

test("a function that may not read its objects fails as in the cloud", async () => {
  const statements = [{ effect: "allow", action: ["name/cos:GetObject"], resource: ["qcs::cos:::other-1250000000/*"] }];
  const cloud = await deploy({ code: COUNT_LINES, statements });
  await cloud.bucket(BUCKET).put("cls/a.gz", "x");
  await cloud.settled();
  expect(cloud.invocations[0]?.error?.stackTrace).toContain("<Code>AccessDenied</Code>");
});

test("a cloud that is closed in the middle of an invocation leaves nothing behind", async () => {
  const cloud = await deploy({ code: "exports.main_handler = async () => { for (;;); };" });
  await cloud.bucket(BUCKET).put("cls/a.gz", "x");
  await cloud.close();
  expect(cloud.invocations).toEqual([]);
});

test("settled is at once where nothing runs", async () => {
  const cloud = await deploy();
  await cloud.bucket(BUCKET).put("elsewhere/a.gz", "x");
  await cloud.settled();
  expect(cloud.invocations).toEqual([]);
});

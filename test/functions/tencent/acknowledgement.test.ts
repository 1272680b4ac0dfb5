import { type AddressInfo, createServer } from "node:net";
import fc from "fast-check";
import { postToWebhook } from "../../../functions/outputs/webhook-client";
import { DIALECTS } from "../../../functions/outputs/webhook-format";
import { ApiClient } from "../../../functions/tencent/api-client";
import { ClsClient } from "../../../functions/tencent/cls-client";
import { CosClient } from "../../../functions/tencent/cos-client";
import { listKeys } from "../../../functions/tencent/cos-list";
import { HttpClient } from "../../../functions/tencent/http";
import { CREDENTIALS } from "../support/cos-server";
import { type Answer, TestServer } from "../support/http-server";

const BUCKET = { bucket: "logs-1250000000", region: "ap-guangzhou" };
const OBJECT = { ...BUCKET, key: "a" };
const BODY = Buffer.from("{}");
const NO_RETRY = { retries: 0, baseDelayMs: 1, maxDelayMs: 1 };
const closers: (() => void)[] = [];

function opened<T extends { close(): void }>(client: T): T {
  closers.push(() => client.close());
  return client;
}

function bot(format: "json" | "wecom" | "dingtalk" | "feishu" | "slack") {
  return () => {
    const dialect = DIALECTS[format];
    const request = dialect.signed(dialect.body(["{}"]), undefined, 0);
    const post = { name: "HOOK", url: server.url, request, dialect, signal: new AbortController().signal };
    return postToWebhook(opened(new HttpClient(1_000)), post);
  };
}

async function list(): Promise<string[]> {
  const keys: string[] = [];
  const client = opened(new CosClient());
  for await (const key of listKeys(client, { ...BUCKET, prefix: "", retry: NO_RETRY })) keys.push(key);
  return keys;
}

const API = { product: { name: "scf", version: "2018-04-16" }, region: "ap-guangzhou" };
const LIST = "<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
const json = (value: object): Answer => ({ body: JSON.stringify(value) });

/** Whatever we ask of a service, and the only answers to it that count. The broker's is in test/parts. */
const REQUESTS: Readonly<Record<string, { ask(): Promise<unknown>; acknowledgements: readonly Answer[] }>> = {
  "a PUT of COS": {
    ask: () => opened(new CosClient()).put(OBJECT, BODY, "text/plain"),
    acknowledgements: [{}, { headers: { etag: '"1"' } }],
  },
  "a DELETE of COS": {
    ask: () => opened(new CosClient()).delete(OBJECT),
    acknowledgements: [
      { status: 204 },
      {},
      { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>" },
      { status: 404, body: "<Error><Code>NoSuchVersion</Code></Error>" },
      { status: 404 },
    ],
  },
  "a list of COS": { ask: list, acknowledgements: [{ body: LIST }] },
  "an upload to CLS": {
    ask: () => opened(new ClsClient()).push({ topicId: "t", region: "ap-guangzhou" }, BODY),
    acknowledgements: [
      {},
      { headers: { "x-cls-requestid": "1" } },
      { headers: { "x-cls-requestid": "1" }, body: "{}" },
    ],
  },
  "an action of API 3.0": {
    ask: () => opened(new ApiClient({ ...API, credentials: () => CREDENTIALS })).call("Invoke", {}),
    acknowledgements: [json({ Response: { RequestId: "1" } })],
  },
  "WeCom's bot": { ask: bot("wecom"), acknowledgements: [json({ errcode: 0, errmsg: "ok" })] },
  "DingTalk's bot": { ask: bot("dingtalk"), acknowledgements: [json({ errcode: 0, errmsg: "ok" })] },
  "Feishu's bot": {
    ask: bot("feishu"),
    acknowledgements: [
      json({ code: 0, data: {}, msg: "success" }),
      json({ Extra: null, StatusCode: 0, StatusMessage: "success" }),
      json({ StatusCode: 0, StatusMessage: "success", code: 0, data: {}, msg: "success" }),
    ],
  },
  "Slack's webhook": { ask: bot("slack"), acknowledgements: [{ body: "ok" }, { body: "ok\n" }] },
  "a receiver of one's own": {
    ask: bot("json"),
    acknowledgements: [{}, { status: 204 }, { body: "taken" }, json({ whatever: 1 })],
  },
};

const PAGE = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head><body>token-0007</body></html>";

/** Answers with HTTP 200 that nobody gives who did what was asked. */
const GARBAGE: Readonly<Record<string, Answer>> = {
  "a page of HTML": { body: PAGE, headers: { "content-type": "text/html; charset=utf-8" } },
  "an error in XML": { body: "<?xml version='1.0'?><Error><Code>InternalError</Code></Error>" },
  "half of JSON": { body: '{"errcode":0,"err' },
  "other JSON": json({ status: 1111, wait: 5, source: "x5", punish: "deny" }),
  "a code as text": json({ errcode: "45009", code: "45009", StatusCode: "45009", errorcode: "45009" }),
  "a success as text": json({ errcode: "0", code: "0", StatusCode: "0" }),
  "codes that disagree": json({ errcode: 1, code: 0, StatusCode: 19024, errorcode: "X" }),
  "an error of API 3.0": {
    ...json({ Response: { Error: { Code: "AuthFailure" }, RequestId: "1" } }),
    headers: { "x-cls-requestid": "1" },
  },
  "an error in other words": { ...json({ errCode: 5, detail: "no" }), headers: { "x-cls-requestid": "1" } },
  "a list": { body: '[{"errcode":0,"code":0}]' },
  "a number": { body: "0" },
  null: { body: "null" },
  "a word": { body: "OK, later" },
  "half of the answer": { headers: { "content-length": "99", connection: "close" }, body: '{"errcode":0}' },
  "an empty document": { body: " " },
};

/** What a receiver of one's own may answer with: it has no form beside its status. */
const ANYTHING = Object.keys(GARBAGE).filter((name) => name !== "a page of HTML");

let server: TestServer;
const before = { ...process.env };
beforeAll(async () => {
  server = await TestServer.start();
  const endpoints = Object.fromEntries(["COS", "CLS", "SCF"].map((name) => [`${name}_ENDPOINT`, server.url]));
  const { secretId, secretKey } = CREDENTIALS;
  Object.assign(process.env, endpoints, { TENCENTCLOUD_SECRETID: secretId, TENCENTCLOUD_SECRETKEY: secretKey });
});
afterEach(() => closers.splice(0).forEach((close) => close()));
afterAll(async () => {
  process.env = before;
  await server.stop();
});

describe.each(Object.entries(REQUESTS))("%s", (name, { ask, acknowledgements }) => {
  it.each(acknowledgements.map((answer) => [JSON.stringify(answer), answer] as const))(
    "is done where the answer is %s",
    async (_, answer) => {
      server.answer = () => answer;
      await ask();
    },
  );

  const garbage = Object.entries(GARBAGE).filter(
    ([what]) => name !== "a receiver of one's own" || !ANYTHING.includes(what),
  );
  it.each(garbage)("is not done where the answer is %s", async (_, answer) => {
    server.answer = () => answer;
    const failed = ask();
    await expect(failed).rejects.toMatchObject({ message: expect.not.stringContaining("token-0007") as string });
    await expect(failed).rejects.toHaveProperty("code", expect.stringMatching(/^[\w.-]{1,100}$/));
  });
});

it.each([
  ["a page", { body: PAGE }, "HTTP_404"],
  ["no such bucket", { body: "<Error><Code>NoSuchBucket</Code></Error>" }, "NoSuchBucket"],
  ["half of an answer", { headers: { "content-length": "99", connection: "close" } }, "HTTP_404"],
])("an object is not deleted where the answer is HTTP 404 with %s", async (_, answer, code) => {
  server.answer = () => ({ status: 404, ...answer });
  await expect(REQUESTS["a DELETE of COS"].ask()).rejects.toMatchObject({ code });
});

const PUT = REQUESTS["a PUT of COS"].ask;
const DELETE = REQUESTS["a DELETE of COS"].ask;
const UPLOAD = REQUESTS["an upload to CLS"].ask;

it.each<[string, () => Promise<unknown>, Answer, string]>([
  ["a PUT that was accepted for later", PUT, { status: 202 }, "HTTP 202"],
  ["a PUT without content", PUT, { status: 204 }, "HTTP 204"],
  ["a DELETE that was accepted for later", DELETE, { status: 202 }, "HTTP 202"],
])("%s is not done", async (_, ask, answer, got) => {
  server.answer = () => answer;
  await expect(ask()).rejects.toMatchObject({
    code: "NotAcknowledged",
    message: expect.stringContaining(got) as string,
  });
});

it.each([
  ["a PUT of COS", PUT, "etag"],
  ["a DELETE of COS", DELETE, "x-cos-request-id"],
  ["an upload to CLS", UPLOAD, "x-cls-requestid"],
])(
  "%s is not done where the end of the answer is marked by nothing, unless the service shows itself",
  async (_, ask, proof) => {
    const bare = (header = "") => `HTTP/1.1 200 OK\r\n${header}connection: close\r\n\r\n`;
    let text = bare();
    const raw = createServer((socket) => void socket.once("data", () => socket.end(text)).on("error", () => undefined));
    await new Promise<void>((resolve) => raw.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(raw.address() as AddressInfo).port}`;
    const { COS_ENDPOINT, CLS_ENDPOINT } = process.env;
    Object.assign(process.env, { COS_ENDPOINT: url, CLS_ENDPOINT: url });
    try {
      await expect(ask()).rejects.toMatchObject({ code: "NotAcknowledged", transient: true });
      text = bare(`${proof}: "1"\r\n`);
      await ask();
    } finally {
      Object.assign(process.env, { COS_ENDPOINT, CLS_ENDPOINT });
      await new Promise((resolve) => raw.close(resolve));
    }
  },
);

it("no text that is not an acknowledgement counts as one", async () => {
  const forms = Object.values(DIALECTS).filter(({ acknowledgement }) => !acknowledgement.isDecided);
  expect(forms).toHaveLength(4);
  const texts = fc.oneof(fc.string(), fc.json(), fc.constantFrom("ok ok", "okay", "{}", "[]", '{"code":null}', "0"));
  fc.assert(
    fc.property(texts, (text) => {
      fc.pre(text.trim() !== "ok");
      for (const { acknowledgement } of forms) {
        const refusal = acknowledgement.refusal({ statusCode: 200, headers: {}, text, isWhole: true });
        expect(refusal).toBeDefined();
        expect(JSON.stringify(refusal)).not.toContain("undefined");
      }
    }),
    { numRuns: 500 },
  );
});

describe("what a refusal says", () => {
  const post = async (format: "wecom" | "feishu" | "slack", answer: Answer, url = server.url) => {
    server.answer = () => answer;
    const dialect = DIALECTS[format];
    const request = dialect.signed(dialect.body(['{"text":"a line of the log"}']), undefined, 0);
    process.env.LOGS_SECRET_HOOK = url;
    const signal = new AbortController().signal;
    const sent = postToWebhook(opened(new HttpClient()), { name: "LOGS_SECRET_HOOK", url, request, dialect, signal });
    return sent.then(
      () => "taken",
      (error: Error) => error.message,
    );
  };

  it("is the rule that the service names, in its words", async () => {
    expect(await post("wecom", json({ errcode: 40058, errmsg: "text.content exceed max length 2048" }))).toBe(
      "POST to LOGS_SECRET_HOOK failed with code 40058: text.content exceed max length 2048",
    );
    expect(await post("feishu", json({ StatusCode: 19024, StatusMessage: "Key Words Not Found" }))).toBe(
      "POST to LOGS_SECRET_HOOK failed with code 19024: Key Words Not Found",
    );
    const failed = await post("feishu", { status: 400, ...json({ code: 9499, msg: "Bad Request" }) });
    expect(failed).toBe("POST to LOGS_SECRET_HOOK failed with HTTP 400 and code 9499: Bad Request");
    expect(await post("slack", { status: 403, body: "invalid_token" })).toContain("HTTP 403 and code invalid_token");
    expect(await post("wecom", json({ status: 1111, wait: 5 }))).toBe(
      'POST to LOGS_SECRET_HOOK must be acknowledged with {"errcode":0}, got JSON with status, wait',
    );
  });

  it("repeats neither the address nor what was sent, and is short", async () => {
    const address = `${server.url}/hook/secretpath-0001?key=secret-0002`;
    const secret = await post(
      "wecom",
      json({ errcode: 1, errmsg: "no secret-0002 at /hook/secretpath-0001" }),
      address,
    );
    expect(secret).toBe("POST to LOGS_SECRET_HOOK failed with code 1: no *** at /hook/***");
    const quoted = await post("wecom", json({ errcode: 1, errmsg: "bad: a line of the log" }));
    expect(quoted).toBe("POST to LOGS_SECRET_HOOK failed with code 1");
    const long = await post("wecom", json({ errcode: 1, errmsg: "x".repeat(60_000) }));
    expect(long.length).toBeLessThan(600);
  });
});

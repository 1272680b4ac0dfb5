import { createHmac } from "node:crypto";
import { RateLimiter } from "../../../functions/outputs/rate-limit";
import { postToWebhook } from "../../../functions/outputs/webhook-client";
import { DIALECTS } from "../../../functions/outputs/webhook-format";
import { WebhookOutput } from "../../../functions/outputs/webhook-output";
import type { Batch } from "../../../functions/records/contracts";
import type { WebhookOutputSettings } from "../../../functions/settings";
import { withCosServer } from "../support/environment";
import { TestServer } from "../support/http-server";
import { closeContexts, contextOf, textsUnder } from "../support/outputs";
import { recordsOf } from "../support/records";

const cos = withCosServer();
const SETTINGS: WebhookOutputSettings = {
  type: "webhook",
  onFailure: "quarantine",
  urlSecret: "LOGS_SECRET_HOOK",
  format: "json",
  maxBatchRecords: 2,
};
const KEY = "signing-key-0006";
let hook: TestServer;
beforeEach(async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  hook = await TestServer.start();
  process.env.LOGS_SECRET_HOOK = `${hook.url}/send?key=token-0007`;
  process.env.LOGS_SECRET_KEY = KEY;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeContexts();
  await hook.stop();
});

async function write(batches: Batch[], settings: Partial<WebhookOutputSettings> = {}, overrides = {}) {
  const output = new WebhookOutput({ ...SETTINGS, ...settings }, contextOf(overrides));
  for (const batch of batches) await output.write(batch);
  await output.flush();
  return output.report();
}

function bodies(): unknown[] {
  return hook.requests.map(({ body }) => JSON.parse(body.toString()) as unknown);
}

describe("a webhook", () => {
  it("gets the records in batches, each with its log_id", async () => {
    expect(await write([recordsOf(['{"a":1}', "{ }", '{"log_id":"own"}'])])).toMatchObject({ records: 3 });
    const id = expect.stringMatching(/^[0-9a-f]{32}$/) as string;
    expect(bodies()).toEqual([[{ log_id: id, a: 1 }, { log_id: id }], [{ log_id: "own" }]]);
    expect(hook.requests[0]).toMatchObject({ method: "POST", url: "/send?key=token-0007" });
  });

  it("can check where a request comes from, and when", async () => {
    await write([recordsOf(["{}"])], { signatureSecret: "LOGS_SECRET_KEY" });
    const { headers, body } = hook.requests[0];
    const timestamp = headers["x-logs-timestamp"] as string;
    const expected = createHmac("sha256", KEY).update(`${timestamp}.${body.toString()}`).digest("hex");
    expect(headers["x-logs-signature"]).toBe(`sha256=${expected}`);
    expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(5);
  });

  it("gets user and password of its address as Basic authorization, and as nothing else", async () => {
    process.env.LOGS_SECRET_HOOK = hook.url.replace("//", "//us%65r:p%40ss%3A0009@");
    await write([recordsOf(["{}"])]);
    const { headers, url } = hook.requests[0];
    expect(headers.authorization).toBe(`Basic ${Buffer.from("user:p@ss:0009").toString("base64")}`);
    expect(`${headers.host}${url}`).not.toContain("ss");
  });

  it("is signed and reached as if no line end stood behind its secrets", async () => {
    process.env.LOGS_SECRET_HOOK = `${hook.url}/send\r\n`;
    process.env.LOGS_SECRET_KEY = `${KEY}\n`;
    await write([recordsOf(["{}"])], { signatureSecret: "LOGS_SECRET_KEY" });
    const { headers, body, url } = hook.requests[0];
    const timestamp = headers["x-logs-timestamp"] as string;
    const expected = createHmac("sha256", KEY).update(`${timestamp}.${body.toString()}`).digest("hex");
    expect([url, headers["x-logs-signature"]]).toEqual(["/send", `sha256=${expected}`]);
  });

  it("is tried again after a reset, a server's error and too many requests", async () => {
    hook.answer = (_, index) => [undefined, { status: 429, headers: { "retry-after": "0" } }, {}][index];
    expect(await write([recordsOf(["{}"])])).toMatchObject({ records: 1, retries: 2 });
  });

  it("slows who writes", async () => {
    hook.answer = () => ({ afterMs: 5 });
    const startedAt = Date.now();
    await write([recordsOf(Array.from({ length: 40 }, () => "{}"))]);
    expect(Date.now() - startedAt).toBeGreaterThan(90);
  });
});

describe("a page that comes with HTTP 200", () => {
  const xhtml = '<?xml version="1.0"?>\n<!-- a --><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"><html/>';
  it.each([
    ["without a content type", { body: "<!doctype html><p>Sign in" }],
    ["as XHTML", { body: xhtml, headers: { "content-type": "application/xhtml+xml" } }],
    ["cut off", { body: "<html><p>", headers: { "content-length": "99", connection: "close" } }],
  ])("is no acknowledgement: %s", async (_, answer) => {
    hook.answer = () => answer;
    const failing = write([recordsOf(["{}"])], { onFailure: "fail" }, { onFailure: "fail" });
    await expect(failing).rejects.toThrow("got a page of HTML");
  });

  it.each([
    ["a body without a content type that does not end", { body: "ta", headers: { "content-length": "99" } }],
    ["an empty body of HTML", { headers: { "content-type": "text/html" } }],
  ])("is none: %s", async (_, answer) => {
    hook.answer = () => answer;
    expect(await write([recordsOf(["{}"])])).toEqual({ records: 1, bytes: expect.any(Number) as number });
    expect(hook.requests).toHaveLength(1);
  });
});

describe("an answer whose body does not come", () => {
  const untyped = { headers: { "content-length": "99" } };
  const typed = { headers: { "content-length": "99", "content-type": "text/html; charset=utf-8" } };
  const failed = { onFailure: "fail" } as const;

  it("costs next to nothing where it has no content type, and counts by its status", async () => {
    hook.answer = () => ({ ...untyped, stalls: true });
    const startedAt = Date.now();
    const records = recordsOf(Array.from({ length: 10 }, () => "{}"));
    expect(await write([records], { maxBatchRecords: 1 })).toMatchObject({ records: 10 });
    expect(Date.now() - startedAt).toBeLessThan(3_000);
  });

  it("does not count where it says to be a page, and no more came than may begin one", async () => {
    const once = { ...failed, retry: { retries: 0, baseDelayMs: 1, maxDelayMs: 1 } };
    const starts = ["", " \n", "<!doc", "<!-- a -->"];
    hook.answer = (_, index) => ({ ...typed, body: starts[index], stalls: true });
    const failing = starts.map(() => write([recordsOf(["{}"])], failed, once));
    for (const one of await Promise.allSettled(failing)) {
      expect(String((one as PromiseRejectedResult).reason)).toContain("got what may be the start of a page of HTML");
    }
  });

  it("counts where what came of a page is none", async () => {
    hook.answer = () => ({ ...typed, body: "taken", stalls: true });
    expect(await write([recordsOf(["{}"])], failed, failed)).toMatchObject({ records: 1 });
    hook.answer = () => ({ headers: { "content-type": "text/html" }, body: "<ok/>" });
    expect(await write([recordsOf(["{}"])], failed, failed)).toMatchObject({ records: 1 });
  });
});

describe("a webhook that fails", () => {
  it("leaves its batches in quarantine, and its address nowhere", async () => {
    hook.answer = () => ({ status: 400, body: "bad token-0007" });
    expect(await write([recordsOf(["{}", "{}", "{}"])])).toMatchObject({ records: 0, quarantined: 3 });
    const left = JSON.stringify(textsUnder(cos(), ""));
    expect(left).toContain("POST to LOGS_SECRET_HOOK failed with HTTP 400");
    expect(left).not.toContain("token-0007");
  });

  it.each([
    ["no answer", undefined, "POST to LOGS_SECRET_HOOK got no answer: ECONNRE"],
    ["not found", { status: 404 }, "failed with HTTP 404"],
  ])("fails the invocation where its settings say so: %s", async (_, answer, message) => {
    hook.answer = () => answer;
    const failing = write([recordsOf(["{}"])], { onFailure: "fail" }, { onFailure: "fail" });
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.not.toThrow("127.0.0.1");
  });

  it("names a variable that is missing or no address, without its value", async () => {
    process.env.LOGS_SECRET_HOOK = "hooks.example.com/token-0007";
    await expect(write([recordsOf(["{}"])], {}, { onFailure: "fail" })).rejects.toThrow(
      "LOGS_SECRET_HOOK must be an address that begins with https:// or http://, got something else",
    );
    for (const address of ["http://a.example/x\ny", " http://a.example", "http://a.example/\ttoken-0007"]) {
      process.env.LOGS_SECRET_HOOK = address;
      await expect(write([recordsOf(["{}"])], {}, { onFailure: "fail" })).rejects.toThrow("must be an address");
    }
    process.env.LOGS_SECRET_HOOK = "http://us%er:token-0007@hooks.example.com/";
    await expect(write([recordsOf(["{}"])], {}, { onFailure: "fail" })).rejects.toThrow(
      "LOGS_SECRET_HOOK must hold user and password percent-encoded, got something else; write % as %25",
    );
    delete process.env.LOGS_SECRET_HOOK;
    await expect(write([])).rejects.toThrow("LOGS_SECRET_HOOK must be set, got nothing");
  });
});

describe("a bot", () => {
  // What each of the services counts as its acknowledgement, in one.
  beforeEach(() => (hook.answer = () => ({ body: '{"errcode":0,"errmsg":"ok","code":0,"msg":"success"}' })));
  const lines = Array.from({ length: 30 }, (_, index) => JSON.stringify({ index, text: "中<&>".repeat(20) }));
  const many = { maxBatchRecords: 1000, maxPerMinute: 1000 };

  it.each([
    ["wecom", 2048, (body: { text: { content: string } }) => body.text.content],
    ["dingtalk", 8000, (body: { text: { content: string } }) => body.text.content],
    ["feishu", 8000, (body: { content: { text: string } }) => body.content.text],
  ] as const)("of %s gets all lines within its size", async (format, most, textOf) => {
    await write([recordsOf(lines)], { ...many, format });
    const texts = bodies().map((body) => (textOf as (body: unknown) => string)(body));
    expect(texts.join("\n").split("\n")).toEqual(lines);
    for (const text of texts) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most);
  });

  it("of Slack gets text that is no markup", async () => {
    hook.answer = () => ({ body: "ok" });
    await write([recordsOf(['{"a":"<&>"}'])], { ...many, format: "slack" });
    expect(bodies()).toEqual([{ text: '{"a":"&lt;&amp;&gt;"}' }]);
  });

  it("gets the start of a record that is too large", async () => {
    await write([recordsOf([JSON.stringify({ a: "中".repeat(1000) })])], { ...many, format: "wecom" });
    const { content } = (bodies()[0] as { text: { content: string } }).text;
    expect(content).toMatch(/^\{"a":"中+…$/u);
    expect(Buffer.byteLength(content)).toBeLessThanOrEqual(2048);
  });

  it("of DingTalk and Feishu is signed as documented", async () => {
    const signed = { ...many, signatureSecret: "LOGS_SECRET_KEY" };
    await write([recordsOf(["{}"])], { ...signed, format: "dingtalk" });
    const query = new URL(hook.requests[0].url, hook.url).searchParams;
    const timestamp = query.get("timestamp") as string;
    expect(query.get("sign")).toBe(createHmac("sha256", KEY).update(`${timestamp}\n${KEY}`).digest("base64"));
    expect(query.get("key")).toBe("token-0007");
    await write([recordsOf(["{}"])], { ...signed, format: "feishu" });
    const body = bodies()[1] as { timestamp: string; sign: string };
    expect(body.sign).toBe(createHmac("sha256", `${body.timestamp}\n${KEY}`).digest("base64"));
  });

  it("that refuses with HTTP 200 is tried again only where it came too soon, when its minute is over", async () => {
    const post = (answer: string) => {
      hook.answer = () => ({ body: answer });
      const request = DIALECTS.wecom.signed(DIALECTS.wecom.body(["{}"]), undefined, 0);
      const { http } = contextOf().connections;
      const { signal } = new AbortController();
      return postToWebhook(http, { name: "HOOK", url: hook.url, request, dialect: DIALECTS.wecom, signal });
    };
    await post('{"errcode":0}');
    await expect(post('{"errcode":45009}')).rejects.toMatchObject({ transient: true, retryAfterMs: 60_000 });
    await expect(post('{"errcode":93000}')).rejects.toMatchObject({ transient: false, retryAfterMs: undefined });
  });

  it("whose answer breaks off has said nothing, and is asked again", async () => {
    const cut = { headers: { "content-length": "99", connection: "close" }, body: '{"errcode":' };
    hook.answer = (_, index) => (index === 0 ? cut : { body: '{"errcode":0}' });
    expect(await write([recordsOf(["{}"])], { ...many, format: "wecom" })).toMatchObject({ records: 1, retries: 1 });
    expect(hook.requests).toHaveLength(2);
  });

  it("that refuses for good has its batch left to quarantine", async () => {
    hook.answer = () => ({ body: '{"errcode":93000,"errmsg":"invalid url token-0007"}' });
    expect(await write([recordsOf(["{}"])], { ...many, format: "wecom" })).toMatchObject({ quarantined: 1 });
    expect(hook.requests).toHaveLength(1);
  });
});

describe("what a bot answers with HTTP 200", () => {
  it.each([
    ["of wecom is success", "wecom", { errcode: 0, errmsg: "ok" }, undefined],
    ["of wecom is its limit", "wecom", { errcode: 45009, errmsg: "api freq out of limit" }, true],
    ["of wecom is that nobody is there", "wecom", { errcode: 93000, errmsg: "invalid webhook url" }, false],
    ["of wecom is that it is busy", "wecom", { errcode: -1, errmsg: "system busy" }, true],
    [
      "of dingtalk is its limit",
      "dingtalk",
      { errcode: 130101, errmsg: "send too fast, exceed 20 times per minute" },
      true,
    ],
    ["of dingtalk is a wrong signature", "dingtalk", { errcode: 310000, errmsg: "sign not match" }, false],
    ["of feishu is success", "feishu", { code: 0, msg: "success" }, undefined],
    ["of feishu is its limit, by its code", "feishu", { code: 11232 }, true],
    ["of feishu is its limit, in words", "feishu", { code: 9499, msg: "too many request" }, true],
    ["of feishu is a bad request", "feishu", { code: 9499, msg: "Bad Request" }, false],
    [
      "of feishu is a wrong signature",
      "feishu",
      { code: 19021, msg: "sign match fail or timestamp is not within one hour from current time" },
      false,
    ],
  ] as const)("%s", (_name, format, answer, throttled) => {
    const { acknowledgement } = DIALECTS[format];
    expect(
      acknowledgement.refusal({ statusCode: 200, headers: {}, isWhole: true, text: JSON.stringify(answer) })?.throttled,
    ).toBe(throttled);
  });
});

describe("a rate", () => {
  it("is kept in any minute, and between two requests", () => {
    let now = 0;
    const limiter = new RateLimiter({ perMinute: 3, spacingMs: 100 }, () => now);
    expect([limiter.reserve(), limiter.reserve(), limiter.reserve()]).toEqual([0, 100, 200]);
    now = 1000;
    expect([limiter.reserve(), limiter.reserve()]).toEqual([59_000, 59_100]);
    now = 200_000;
    expect(limiter.reserve()).toBe(0);
  });
});

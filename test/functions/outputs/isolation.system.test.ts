import { createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";
import { inflateRawSync } from "node:zlib";
import { Breaker } from "../../../functions/outputs/breaker";
import { type Rate, sharedLimiter } from "../../../functions/outputs/rate-limit";
import { DIALECTS } from "../../../functions/outputs/webhook-format";
import { Connections } from "../../../functions/outputs/connections";
import { createOutput, createOutputs } from "../../../functions/outputs/create";
import type { Processor } from "../../../functions/processors/processor";
import { Router } from "../../../functions/processors/router";
import { LinkedAbort } from "../../../functions/runtime/linked-abort";
import type { OutputSettings, OutputsSettings } from "../../../functions/settings";
import { decodeLogGroupList } from "../../../local/cls/protobuf";
import { withCosServer } from "../support/environment";
import { type Answer, TestServer } from "../support/http-server";
import { closeContexts, contextOf, INPUT, textsUnder } from "../support/outputs";
import { inBatches, recordsOf } from "../support/records";

jest.setTimeout(60_000);
const REGION = "ap-guangzhou";
const HOOK = { type: "webhook", urlSecret: "LOGS_SECRET_HOOK", format: "json", maxBatchRecords: 20 } as const;
const OUTPUTS: Record<string, OutputSettings> = {
  hook: { ...HOOK, onFailure: "quarantine" },
  lake: {
    type: "cos",
    onFailure: "fail",
    bucket: "out-1250000000",
    region: REGION,
    prefix: "lake/",
    maxPartBytes: 4000,
  },
  topic: { type: "cls", onFailure: "fail", topicId: "topic-1", region: REGION },
};
const RETRY = { retries: 5, baseDelayMs: 20, maxDelayMs: 200 };
const LINES = Array.from({ length: 2000 }, (_, n) => `{"n":${n}}`);

const cos = withCosServer();
let hook: TestServer;
let cls: TestServer;
let silent: Server;
const held: Socket[] = [];
beforeEach(async () => {
  jest.spyOn(console, "error").mockImplementation(() => undefined);
  hook = await TestServer.start();
  cls = await TestServer.start();
  silent = createServer((socket) => void held.push(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  process.env.CLS_ENDPOINT = cls.url;
  process.env.LOGS_SECRET_HOOK = hook.url;
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeContexts();
  await hook.stop();
  await cls.stop();
  for (const socket of held.splice(0)) socket.destroy();
  await new Promise((resolve) => silent.close(resolve));
});

/** Sends every record to every output, as a function does that has so many milliseconds left. */
async function run(
  leftMs: number,
  outputs: OutputsSettings["outputs"] = OUTPUTS,
  lines = LINES,
  connections = new Connections(),
) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new Error("time is up")), leftMs);
  const { signal } = controller;
  const context = contextOf({ connections, signal, endsAt: Date.now() + leftMs, retry: RETRY });
  const process: Processor["process"] = (records) => ({
    routed: Object.keys(outputs).map((output) => ({ output, records })),
    dropped: [],
    failed: 0,
  });
  const router = new Router(
    { check: "json", process, end: () => undefined },
    createOutputs({ outputs }, INPUT, context),
    new LinkedAbort(signal),
  );
  const startedAt = Date.now();
  try {
    for (const records of inBatches(recordsOf(lines), [100])) await router.write({ records, invalid: [] });
    await router.flush();
  } finally {
    clearTimeout(timer);
  }
  return { reports: router.reports(), ms: Date.now() - startedAt };
}

const lakeLines = () => Object.values(textsUnder(cos(), "out-1250000000/lake/")).join("").trimEnd().split("\n");
const topicLogs = () => cls.requests.flatMap(({ body }) => decodeLogGroupList(inflateRawSync(body)).flat());

/** The records that wait for a replay to the output. */
function kept(output: string): string[] {
  return Object.entries(textsUnder(cos(), `notes-1250000000/quarantine/outputs/${output}/`))
    .filter(([name]) => name.endsWith(".jsonl.gz"))
    .flatMap(([, text]) => text.trimEnd().split("\n"))
    .map((line) => JSON.stringify((JSON.parse(line) as { record: unknown }).record));
}

describe("an output that is down", () => {
  const DOWN: readonly (readonly [string, (() => Answer | undefined) | string])[] = [
    ["refuses connections", "http://127.0.0.1:1/"],
    ["takes connections and never answers", "silent"],
    ["resets each", () => undefined],
    ["answers 503", () => ({ status: 503 })],
    ["wants to be asked again in an hour", () => ({ status: 429, headers: { "retry-after": "3600" } })],
    ["wants to be asked again in half a minute, each time", () => ({ status: 429, headers: { "retry-after": "30" } })],
    [
      "wants to be asked again at a date",
      () => ({ status: 503, headers: { "retry-after": new Date(Date.now() + 20_000).toUTCString() } }),
    ],
  ];
  it.each(DOWN)("and %s leaves its records to quarantine, and the others get all in time", async (_, how) => {
    if (typeof how !== "string") hook.answer = how;
    else
      process.env.LOGS_SECRET_HOOK =
        how === "silent" ? `http://127.0.0.1:${(silent.address() as AddressInfo).port}/` : how;
    const { reports, ms } = await run(6_000, {
      ...OUTPUTS,
      hook: { ...HOOK, onFailure: "quarantine", maxBatchRecords: 50 },
    });
    expect(ms).toBeLessThan(6_000);
    expect(reports).toMatchObject({
      lake: { records: 2000 },
      topic: { records: 2000 },
      hook: { records: 0, quarantined: 2000 },
    });
    expect(lakeLines()).toEqual(LINES);
    expect(topicLogs()).toHaveLength(2000);
    expect(kept("hook").sort()).toEqual([...LINES].sort());
    expect(hook.requests.length).toBeLessThan(10);
  });

  it("from its middle on keeps what it took", async () => {
    hook.answer = (_, index) => (index < 30 ? {} : { status: 503 });
    const { reports } = await run(20_000);
    expect(reports.hook).toMatchObject({ records: 600, quarantined: 1400 });
    expect(kept("hook")).toEqual(LINES.slice(600));
  });

  it("fails the input where it may leave nothing", async () => {
    hook.answer = () => ({ status: 503 });
    await expect(run(20_000, { ...OUTPUTS, hook: { ...HOOK, onFailure: "fail" } })).rejects.toThrow(
      "output hook failed",
    );
  });
});

it("an output that was down is up again where it refuses a probe for what that holds", async () => {
  hook.answer = ({ body }) => ({ status: body.includes('"n":5}') ? 400 : 200 });
  const context = contextOf({ output: "hook" });
  context.connections.breaker("hook").open(new Error("down"), 0, Date.now() - 20_000);
  const output = createOutput({ ...HOOK, onFailure: "quarantine" }, context);
  await output.write(recordsOf(LINES.slice(0, 100)));
  await output.flush();
  expect(output.report()).toMatchObject({ records: 80, quarantined: 20 });
});

it("an output that was down waits for its turn before a probe, whose time begins with the request", async () => {
  hook.answer = () => ({ body: "ok" });
  const context = contextOf({ output: "hook" });
  context.connections.breaker("hook").open(new Error("down"), 0, Date.now() - 20_000);
  const rate = DIALECTS.slack.rate as Rate;
  const limiter = sharedLimiter(`${HOOK.urlSecret} ${JSON.stringify(rate)}`, rate);
  for (let n = 0; n < 3; n++) limiter.reserve();
  const output = createOutput({ ...HOOK, format: "slack", onFailure: "quarantine" }, context);
  await output.write(recordsOf(["{}"]));
  await output.flush();
  expect(output.report()).toMatchObject({ records: 1 });
});

describe("an output that is slow", () => {
  it("sends what it can, and what is left when the others need the time goes to quarantine", async () => {
    hook.answer = () => ({ afterMs: 150 });
    const { reports, ms } = await run(5_000);
    expect(ms).toBeLessThan(5_000);
    const { records, quarantined = 0 } = reports.hook;
    expect(records + quarantined).toBe(2000);
    expect(records).toBeGreaterThan(20);
    expect(lakeLines()).toEqual(LINES);
    // The one under way was given up, and may have arrived as well.
    expect(kept("hook")).toEqual(LINES.slice(records));
  });

  it("alone has the time to itself, but for what it takes to put the rest aside", async () => {
    hook.answer = () => ({ afterMs: 100 });
    const { reports } = await run(4_000, { hook: OUTPUTS.hook });
    expect(reports.hook.records + (reports.hook.quarantined ?? 0)).toBe(2000);
    expect(reports.hook.records).toBeGreaterThan(100);
    expect(reports.hook.quarantined).toBeGreaterThan(0);
  });

  it("and never answers holds up the next input of the invocation no more", async () => {
    process.env.LOGS_SECRET_HOOK = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`;
    const connections = new Connections();
    const lines = LINES.slice(0, 500);
    const first = await run(4_000, OUTPUTS, lines, connections);
    const second = await run(4_000, OUTPUTS, lines, connections);
    expect([first, second].map(({ reports }) => reports.hook.quarantined)).toEqual([500, 500]);
    expect(second.ms).toBeLessThan(first.ms);
    // Half of the time is what it may take of an input's where nothing is known of it.
    expect(second.ms).toBeLessThan(2_000);
  });

  it("with its body is not waited for, where its status said all", async () => {
    const stalls = { headers: { "content-length": "99" }, body: "x" };
    hook.answer = (_, index) => (index < 50 ? stalls : { status: 400, ...stalls });
    const { reports, ms } = await run(20_000);
    expect(reports.hook).toMatchObject({ records: 1000, quarantined: 1000 });
    expect(ms).toBeLessThan(5_000);
  });
});

describe("what is known of an output that was down", () => {
  it("is tried by a probe now and then, and as the service asked", () => {
    const breaker = new Breaker();
    expect(breaker.refusal(0)).toBeUndefined();
    breaker.open("down", undefined, 0);
    expect([breaker.refusal(1), breaker.refusal(14_999)]).toEqual(["down", "down"]);
    expect([breaker.refusal(15_000), breaker.isOpen]).toEqual([undefined, true]);
    expect(breaker.refusal(15_001)).toBe("down");
    breaker.open("later", 3_600_000, 16_000);
    expect(breaker.refusal(100_000)).toBe("later");
    breaker.close();
    expect(breaker.refusal(16_001)).toBeUndefined();
  });
});

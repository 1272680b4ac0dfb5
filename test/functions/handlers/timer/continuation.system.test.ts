import { gunzipSync, gzipSync } from "node:zlib";
import type { ContentSettings, CosBatchSettings } from "../../../../functions/settings";
import { LogContent } from "../../../../lib";
import { withCosServer } from "../../support/environment";
import { TestServer } from "../../support/http-server";
import { filledRowsOf } from "../../support/parquet";
import { BUCKET, KEY, readInSteps, sumOf } from "./support/stretched";

// What stands beside a handler is what the build made.
jest.mock("../../../../functions/runtime/loader", () => ({
  ...jest.requireActual<object>("../../../../functions/runtime/loader"),
  loadBeside: (file: string) => jest.requireActual<object>(`../../../../dist/parts/${file}`),
}));

jest.setTimeout(60_000);

const server = withCosServer();
let hook: TestServer;
beforeEach(async () => {
  hook = await TestServer.start();
  process.env.LOGS_SECRET_HOOK = `${hook.url}/hook`;
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  jest.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(async () => {
  await hook.stop();
  jest.restoreAllMocks();
});

const COS = { type: "cos", bucket: "out-1250000000", region: "ap-guangzhou", onFailure: "fail" } as const;
const OUTPUTS: CosBatchSettings["outputs"] = {
  lake: { ...COS, prefix: "lake/", maxPartBytes: 300_000 },
  hook: { type: "webhook", urlSecret: "LOGS_SECRET_HOOK", format: "json", maxBatchRecords: 1000, onFailure: "fail" },
  invalid: { ...COS, prefix: "invalid/", maxPartBytes: 500_000 },
};
const SETTINGS: CosBatchSettings = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count", check: "json" },
  outputs: OUTPUTS,
  defaultOutput: "lake",
  quarantine: { bucket: BUCKET, region: "ap-guangzhou", prefix: "quarantine/" },
  maxLineBytes: 100_000,
  catchUp: { lookbackHours: 24 },
};
/** Fills a record; what is read of it says nothing of where it stands. */
const NOISE = "x".repeat(200);

/** So many lines, one after the other, that there are several checkpoints. */
function text(line: (n: number) => string, bytes = 2_600_000): string {
  const lines: string[] = [];
  for (let [n, length] = [0, 0]; length < bytes; n++) {
    lines.push(line(n));
    length += lines[n].length;
  }
  return lines.join("");
}

/** What outputs got: objects by their keys, unpacked, and the records of the webhook in order. */
function delivered() {
  const objects = [...server().objects]
    .filter(([name]) => name.startsWith("out-"))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const records = hook.requests.flatMap(({ body }) => JSON.parse(body.toString()) as { log_id: string }[]);
  hook.requests.splice(0);
  for (const [name] of objects) server().objects.delete(name);
  return {
    objects: objects.map(([name, body]) => [name, body[0] === 0x1f ? gunzipSync(body).toString() : body] as const),
    records,
  };
}

/** Reads in one invocation, and in several; returns what both did. */
async function readBothWays(settings: CosBatchSettings, content: Buffer, perStep: number) {
  server().objects.set(`${BUCKET}/${KEY}`, gzipSync(content, { level: 1 }));
  const [whole] = await readInSteps(server(), settings, Infinity);
  const once = delivered();
  const steps = await readInSteps(server(), settings, perStep);
  return { whole, once, steps, split: delivered() };
}

const container = (n: number, log: string, stream = "stdout") =>
  `${JSON.stringify({ log, stream, time: `2026-01-01T00:00:00.${String(n % 1000).padStart(9, "0")}Z` })}\n`;

/** Lines of two streams, which mix; each third one goes on in the third one behind it. */
const piece = (n: number) =>
  n % 3 === 0 ? container(n, `${n} begins ${NOISE}`) : container(n, `${n} ends\n`, n % 3 === 1 ? "stderr" : "stdout");

const CONTENTS: readonly (readonly [
  name: string,
  output: "lake" | "hook",
  ContentSettings | undefined,
  (n: number) => string,
])[] = [
  ["JSON lines", "lake", undefined, (n) => (n % 50 === 7 ? `broken ${n}\n` : `{"n":${n},"noise":"${NOISE}"}\n`)],
  [
    "a list of JSON",
    "hook",
    { type: "json-values" },
    (n) => `${n === 0 ? "[" : ","}\n{"n":${n},\n "noise":"${NOISE}"}`,
  ],
  [
    "CSV, whose values go on over lines",
    "lake",
    { type: "csv", header: true, delimiter: ",", quote: '"' },
    (n) => (n === 0 ? "n,noise\n" : n % 40 === 3 ? `${n},a,b\n` : `${n},"line ""one""\n${NOISE}\n,${NOISE}"\n`),
  ],
  [
    "text whose records begin at a pattern",
    "hook",
    { type: "multiline", startPattern: "^\\d+ ", flags: "", maxLines: 100, maxBytes: 100_000 },
    (n) => `${n} ERROR\n\tat ${NOISE}\n\tat ${NOISE}\n`,
  ],
  ["lines of GBK", "lake", { type: "lines", encoding: "gbk" }, (n) => `${n} 日志 ${NOISE}\n`],
  [
    "lines of a preset",
    "hook",
    LogContent.preset("nginx-combined").settings,
    (n) =>
      n % 30 === 4
        ? `nothing ${NOISE}\n`
        : `10.0.0.1 - - [01/Jan/2026:00:00:0${n % 10} +0000] "GET /${n}/${NOISE} HTTP/1.1" 200 ${n} "-" "-"\n`,
  ],
  ["a container's lines in pieces, of two streams", "hook", LogContent.preset("container").settings, piece],
  ["the same in objects", "lake", LogContent.preset("container").settings, piece],
];

describe("an object that several invocations read", () => {
  it.each(CONTENTS)("is as if one had: %s", async (name, defaultOutput, content, line) => {
    const bytes = Buffer.from(text(line) + (name.startsWith("a list") ? "]" : ""));
    const input = name.endsWith("GBK") ? gbk(bytes) : bytes;
    const { whole, once, steps, split } = await readBothWays({ ...SETTINGS, defaultOutput, content }, input, 3000);
    expect(steps.length).toBeGreaterThanOrEqual(2);
    expect(split.objects.map(([key]) => key)).toEqual(once.objects.map(([key]) => key));
    expect(split).toEqual(once);
    const { "outputs.hook.bytes": _, ...counts } = sumOf(steps);
    const { "outputs.hook.bytes": __, ...all } = sumOf([whole]);
    expect(counts).toEqual(all);
    expect(whole.records).toBeGreaterThan(2000);
    expect(whole.outputs[defaultOutput].records).toBe(whole.records);
  });

  it("counts once what was masked, and what was left out by its share", async () => {
    const line = (n: number) =>
      n % 50 === 7 ? `broken, call 13800138000\n` : `{"n":${n},"mail":"a${n}@example.com","noise":"${NOISE}"}\n`;
    const settings: CosBatchSettings = {
      ...SETTINGS,
      redact: [{ type: "phone" }, { type: "email" }],
      sample: { keep: 0.5, by: "n" },
    };
    const { whole, once, steps, split } = await readBothWays(settings, Buffer.from(text(line, 3_500_000)), 4000);
    expect(steps.length).toBeGreaterThanOrEqual(3);
    expect(split).toEqual(once);
    expect(sumOf(steps)).toEqual(sumOf([whole]));
    expect(whole.redacted).toEqual({ phone: whole.invalid, email: whole.records - (whole.sampled ?? 0) });
    expect((whole.sampled ?? 0) / whole.records).toBeCloseTo(0.5, 1);
    expect(/13800138000|@example/.test(JSON.stringify(split))).toBe(false);
  });

  it("has in invalid what an output could not take before it was paused", async () => {
    // The webhook is ahead of `invalid`, whose open stretch the next invocation writes anew.
    const line = (n: number) => (n % 50 === 7 ? `{"n":${n},}\n` : `{"n":${n},"noise":"${NOISE}"}\n`);
    const settings: CosBatchSettings = {
      ...SETTINGS,
      processor: { type: "count", check: "shape" },
      defaultOutput: "hook",
    };
    const { whole, once, steps, split } = await readBothWays(settings, Buffer.from(text(line)), 3000);
    expect(steps.length).toBeGreaterThanOrEqual(3);
    expect(split).toEqual(once);
    expect(whole.failed).toBeGreaterThan(200);
    const { "outputs.hook.bytes": _, ...counts } = sumOf(steps);
    const { "outputs.hook.bytes": __, ...all } = sumOf([whole]);
    expect(counts).toEqual(all);
  });

  it("is the same files of Parquet, and the same rows", async () => {
    const line = (n: number) =>
      n % 50 === 7 ? `{"n":${n},}\n` : `{"n":${n},"t":"2026-01-01T0${n % 2}:00:00Z","noise":"${NOISE}"}\n`;
    const format = {
      type: "parquet",
      partitionBy: "dt=%Y-%m-%d/hour=%H",
      timeField: "t",
      utcOffset: "+00:00",
      rowGroupMb: 16,
      compression: "snappy",
    } as const;
    const settings: CosBatchSettings = {
      ...SETTINGS,
      processor: { type: "count", check: "shape" },
      outputs: { ...OUTPUTS, lake: { ...COS, prefix: "lake/", maxPartBytes: 300_000, format } },
    };
    const { whole, once, steps, split } = await readBothWays(settings, Buffer.from(text(line)), 3000);
    expect(steps.length).toBeGreaterThanOrEqual(3);
    expect(split).toEqual(once);
    expect(sumOf(steps)).toEqual(sumOf([whole]));
    const files = split.objects.filter(([key]) => key.endsWith(".parquet"));
    const rows = await Promise.all(files.map(([, body]) => filledRowsOf(body as Buffer)));
    const numbers = rows.flat().map(({ n }) => Number(n));
    expect(numbers.length).toBe(whole.outputs.lake.records);
    expect(new Set(numbers).size).toBe(whole.records - (whole.failed ?? 0));
  });

  it("is not divided while a record waits for its end that stands before others", async () => {
    const content = LogContent.preset("container").settings;
    const opens = (n: number) => (n === 1 ? container(n, `${n} stays open`, "other") : piece(n));
    const settings: CosBatchSettings = { ...SETTINGS, defaultOutput: "hook", content };
    const { whole, once, steps, split } = await readBothWays(settings, Buffer.from(text(opens)), 3000);
    expect(steps).toHaveLength(1);
    expect(split).toEqual(once);
    expect(once.records.filter((record) => JSON.stringify(record).includes("stays open"))).toHaveLength(1);
    expect(sumOf(steps)).toEqual(sumOf([whole]));
  });
});

/** Text of ASCII and of these two characters. */
function gbk(bytes: Buffer): Buffer {
  const parts = bytes.toString().split("日志");
  return Buffer.concat(
    parts.flatMap((part, at) => (at === 0 ? [] : [Buffer.from([0xc8, 0xd5, 0xd6, 0xbe])]).concat([Buffer.from(part)])),
  );
}

import { gzipSync } from "node:zlib";
import { runCosBatch } from "../../../../functions/handlers/cos-batch/cos-batch";
import type { ContentSettings, CosBatchSettings, OutputSettings } from "../../../../functions/settings";
import { withCosServer } from "../../support/environment";
import { cosEvent, cosRecord } from "../../support/events";
import { textsUnder } from "../../support/outputs";

const server = withCosServer();
const BUCKET = "logs-1250000000";
const COS = { type: "cos", bucket: "out-1250000000", region: "ap-guangzhou", maxPartBytes: 1000 } as const;
const SETTINGS: CosBatchSettings = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count", check: "json" },
  outputs: {
    main: { ...COS, onFailure: "fail", prefix: "main/" },
    invalid: { ...COS, onFailure: "fail", prefix: "invalid/" },
  },
  defaultOutput: "main",
  quarantine: { bucket: BUCKET, region: "ap-guangzhou", prefix: "quarantine/" },
  maxLineBytes: 1000,
};
const RETRY = { retries: 5, baseDelayMs: 1, maxDelayMs: 2 };
const LINES = Array.from({ length: 2000 }, (_, n) => (n % 10 === 9 ? `broken ${n}` : `{"n":${n}}`));

beforeEach(() => {
  jest.spyOn(console, "log").mockImplementation(() => undefined);
  jest.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => jest.restoreAllMocks());

function run(settings = SETTINGS, ...keys: string[]) {
  return runCosBatch(cosEvent(...keys.map((key) => cosRecord(BUCKET, key))), {}, settings, RETRY);
}

describe("the outputs of an object", () => {
  beforeEach(() => server().objects.set(`${BUCKET}/a.gz`, gzipSync(LINES.join("\n"))));

  it("get its records, and its broken lines with their places", async () => {
    const summary = await run(SETTINGS, "a.gz");
    expect(summary).toMatchObject({ objects: 1, lines: 2000, records: 1800, invalid: 200, dropped: 0 });
    expect(summary.outputs).toMatchObject({ main: { records: 1800 }, invalid: { records: 200 } });
    const main = Object.values(textsUnder(server(), `out-1250000000/main/${BUCKET}/a.gz/`)).join("");
    expect(main).toBe(
      LINES.filter((line) => line.startsWith("{"))
        .map((line) => `${line}\n`)
        .join(""),
    );
    const [first] = Object.values(textsUnder(server(), `out-1250000000/invalid/${BUCKET}/a.gz/`))[0].split("\n");
    expect(JSON.parse(first)).toEqual({
      reason: "not a JSON object",
      object: `cos://${BUCKET}/a.gz`,
      line: 10,
      byte: 72,
      text: "broken 9",
    });
  });

  it("that leave batches to quarantine while another fails the object leave its note alone", async () => {
    server().fault = ({ object }) => {
      if (object.startsWith("out-1250000000/main/")) return { type: "status", statusCode: 403, code: "AccessDenied" };
      return object.startsWith("out-") ? { type: "status", statusCode: 403, code: "InvalidAccessKeyId" } : undefined;
    };
    const main = { ...COS, onFailure: "quarantine", prefix: "main/" } as const;
    const outputs = { main, invalid: SETTINGS.outputs?.invalid as OutputSettings };
    await expect(run({ ...SETTINGS, outputs }, "a.gz")).rejects.toThrow("InvalidAccessKeyId");
    expect(console.error).toHaveBeenCalledWith(expect.stringMatching(/^LOGS_QUARANTINED .* for output main/));
    expect(Object.keys(textsUnder(server(), `${BUCKET}/quarantine/`))).toEqual([`${BUCKET}/a.gz.json`]);
  });

  it("are the same bytes wherever connections break", async () => {
    await run(SETTINGS, "a.gz");
    const first = new Map(server().objects);
    const size = (first.get(`${BUCKET}/a.gz`) as Buffer).length;
    for (const part of [7, 3, 2]) {
      server().fault = ({ method }, earlier) =>
        method === "GET" && earlier % part === 0
          ? { type: "reset", afterBytes: Math.floor(size / part / 2), how: "fin" }
          : undefined;
      await run(SETTINGS, "a.gz");
      expect(server().objects).toEqual(first);
    }
  });

  it.each<[string, string, ContentSettings, string[]]>([
    [
      "CSV",
      'n,text\n1,"a ""b"""\n2,\n',
      { type: "csv", header: true, delimiter: ",", quote: '"' },
      ['{"n":"1","text":"a \\"b\\""}', '{"n":"2","text":""}'],
    ],
    ["text", "{one\n\ntwo\n", { type: "lines" }, ['{"__CONTENT__":"{one"}', '{"__CONTENT__":"two"}']],
  ])("get records of %s as JSON lines", async (_, text, content, lines) => {
    server().objects.set(`${BUCKET}/c.gz`, gzipSync(text));
    expect(await run({ ...SETTINGS, content }, "c.gz")).toMatchObject({
      records: 2,
      outputs: { main: { records: 2 } },
    });
    const main = Object.values(textsUnder(server(), `out-1250000000/main/${BUCKET}/c.gz/`)).join("");
    expect(main.trimEnd().split("\n")).toEqual(lines);
  });

  it("that fail leave the object to a note, and the next object goes on", async () => {
    server().objects.set(`${BUCKET}/b.gz`, gzipSync("{}\n"));
    server().fault = ({ object }) =>
      object.startsWith("out-1250000000/main/") && object.includes("/a.gz/")
        ? { type: "status", statusCode: 403, code: "AccessDenied" }
        : undefined;
    await expect(run(SETTINGS, "a.gz", "b.gz")).rejects.toThrow("output main failed: PUT cos://out-1250000000/main/");
    expect(server().objects.has(`${BUCKET}/quarantine/${BUCKET}/a.gz.json`)).toBe(true);
    expect(Object.keys(textsUnder(server(), `out-1250000000/main/${BUCKET}/b.gz/`))).toHaveLength(1);
  });

  it("that lack a secret leave the object to a note", async () => {
    const hook = { type: "webhook", urlSecret: "LOGS_SECRET_NONE", format: "json", maxBatchRecords: 1 } as const;
    const settings = { ...SETTINGS, outputs: { main: { ...hook, onFailure: "fail" as const } } };
    await expect(run(settings, "a.gz")).rejects.toThrow("LOGS_SECRET_NONE must be set, got nothing");
    expect(server().objects.has(`${BUCKET}/quarantine/${BUCKET}/a.gz.json`)).toBe(true);
  });
});

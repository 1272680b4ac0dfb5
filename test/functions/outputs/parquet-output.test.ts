import { gunzipSync } from "node:zlib";
import { redeliver } from "../../../functions/handlers/redeliver/redeliver";
import { createOutput, createOutputs } from "../../../functions/outputs/create";
import { packAs } from "../../../functions/outputs/kept-records";
import { ParquetOutput } from "../../../functions/outputs/parquet-output";
import type { OutgoingRecord } from "../../../functions/records/contracts";
import { LineRecord } from "../../../functions/records/line-record";
import { MadeRecord } from "../../../functions/records/made-record";
import type { CosOutputSettings, ParquetSettings, PipelineSettings } from "../../../functions/settings";
import { withCosServer } from "../support/environment";
import { closeContexts, contextOf, INPUT, QUARANTINE } from "../support/outputs";
import { builtPart, builtZstd, filledRowsOf } from "../support/parquet";
import { inBatches, recordsOf } from "../support/records";

// What stands beside a handler is what the build made.
jest.mock("../../../functions/runtime/loader", () => ({
  ...jest.requireActual<object>("../../../functions/runtime/loader"),
  loadBeside: (file: string) => jest.requireActual<object>(`../../../dist/parts/${file}`),
}));

jest.setTimeout(60_000);

const server = withCosServer();
const FORMAT = {
  type: "parquet",
  partitionBy: "dt=%Y-%m-%d/hour=%H",
  timeField: "t",
  utcOffset: "+00:00",
  rowGroupMb: 1,
  compression: "snappy",
} as const;
const SETTINGS: CosOutputSettings & { format: ParquetSettings & { type: "parquet" } } = {
  type: "cos",
  onFailure: "quarantine",
  bucket: "out-1250000000",
  region: "ap-guangzhou",
  prefix: "lake/",
  maxPartBytes: 200,
  format: FORMAT,
};
/** Lines of two hours, which mix, and some without a time. */
const LINES = Array.from({ length: 30 }, (_, n) =>
  JSON.stringify(n % 7 === 0 ? { n } : { t: `2026-08-20T0${7 + (n % 2)}:00:00Z`, n, s: "é" }),
);

let logged: string[];
beforeEach(() => {
  logged = [];
  jest.spyOn(console, "error").mockImplementation((line: string) => void logged.push(line));
  jest.spyOn(console, "log").mockImplementation(() => undefined);
});
afterEach(async () => {
  jest.restoreAllMocks();
  await closeContexts();
});

async function write(batches: readonly (readonly OutgoingRecord[])[], settings = SETTINGS, overrides = {}) {
  const output = createOutput(settings, contextOf(overrides));
  expect(output).toBeInstanceOf(ParquetOutput);
  for (const batch of batches) await output.write(batch);
  await output.flush();
  return output.report();
}

/** The rows of each object below the prefix, by its key. */
async function stored() {
  const folder = "out-1250000000/lake/";
  const keys = [...server().objects.keys()].filter((key) => key.startsWith(folder)).sort();
  const rows = keys.map(
    async (key) => [key.slice(folder.length), await filledRowsOf(server().objects.get(key) as Buffer)] as const,
  );
  return Object.fromEntries(await Promise.all(rows));
}

const numbers = (files: Record<string, Record<string, unknown>[]>) =>
  Object.values(files)
    .flat()
    .map(({ n }) => Number(n))
    .sort((a, b) => a - b);

describe("a Parquet output", () => {
  it("writes a file for each partition and stretch of the input, each record once", async () => {
    const report = await write([recordsOf(LINES)]);
    const files = await stored();
    const hash = "[0-9a-f]{24}";
    for (const key of Object.keys(files)) {
      expect(key).toMatch(
        new RegExp(`^dt=(2026-08-20/hour=0[78]|unknown/hour=unknown)/a\\.gz-${hash}-0000\\d-000\\.parquet$`),
      );
    }
    expect(numbers(files)).toEqual(LINES.map((_, n) => n));
    const bytes = [...server().objects.values()].reduce((sum, { length }) => sum + length, 0);
    expect(report).toEqual({ records: 30, bytes });
  });

  it("makes the same objects of the same records, however they come, and over those of a delivery before", async () => {
    await write([recordsOf(LINES)]);
    const whole = new Map(server().objects);
    await write(inBatches(recordsOf(LINES), [3, 1, 7]));
    expect(server().objects).toEqual(whole);
  });

  it("fails only a record whose place cannot be read", async () => {
    const records = recordsOf(LINES);
    Object.defineProperty(records[4], "place", { value: undefined });
    Object.defineProperty(records[5], "place", { value: {} });
    const failed: unknown[] = [];
    await write([records], SETTINGS, { fail: (record: unknown) => failed.push(record) });
    expect(failed).toEqual([records[4], records[5]]);
    expect(numbers(await stored())).toEqual(LINES.map((_, n) => n).filter((n) => n !== 4 && n !== 5));
  });

  it("reads what is changed or made as the line that it would be written as", async () => {
    const [first, second] = recordsOf(['{"t":1787209689,"n":1}', '{"t":1787209689,"n":2}']);
    first.fields = { ...first.fields, n: "changed" };
    await write([[first, new MadeRecord(second.place, { t: 1787209689, n: "made", more: [1] })]]);
    expect(Object.values(await stored())).toEqual([
      [
        { t: 1787209689000000n, n: "changed" },
        { t: 1787209689000000n, n: "made", more: "[1]" },
      ],
    ]);
  });

  it("keeps two streams, and two inputs of the same name, apart", async () => {
    await write([recordsOf(['{"n":1}'])]);
    await write([recordsOf(['{"n":2}'])], SETTINGS, { stream: "lines-" });
    await write([recordsOf(['{"n":3}'])], SETTINGS, { input: { name: "cos://b/x/a.gz", path: "b/x/a.gz" } });
    expect(Object.keys(await stored())).toHaveLength(3);
    expect(numbers(await stored())).toEqual([1, 2, 3]);
  });

  it("tells how many records have something in _rest, and where there are many partitions", async () => {
    const settings = { ...SETTINGS, maxPartBytes: 1_000_000, format: { ...FORMAT, partitionBy: "at=%Y%m%d%H%M" } };
    const lines = Array.from(
      { length: 250 },
      (_, n) => `{"t":${1787209680 + 60 * n},"n":${n}${n < 5 ? ',"n":1' : ""}}`,
    );
    expect(await write([recordsOf(lines)], settings)).toMatchObject({ records: 250, rest: 5 });
    expect(logged).toEqual([
      `${INPUT.name}: output out wrote 250 partitions of one stretch, a file each; choose a coarser partitionBy, or a larger maxPartBytes`,
    ]);
  });

  it("packs with zstd where it is told to", async () => {
    await write([recordsOf(LINES)], { ...SETTINGS, format: { ...FORMAT, compression: "zstd" } });
    expect(numbers(await stored())).toEqual(LINES.map((_, n) => n));
  });

  it("hands back a record that is no JSON, alone", async () => {
    const [{ place }] = recordsOf(["{}"]);
    const made = createOutputs({ outputs: { out: SETTINGS } }, INPUT, contextOf());
    await made.named
      .get("out")
      ?.write([...recordsOf(['{"n":0}']), new LineRecord(Buffer.from("no JSON"), place), ...recordsOf(['{"n":1}'])]);
    await made.named.get("out")?.flush();
    expect(made.takeRefused().map(({ error }) => (error as Error).name)).toEqual(["TypeError"]);
    expect(numbers(await stored())).toEqual([0, 1]);
  });

  it("has nothing under way once its input failed", async () => {
    const output = createOutput(SETTINGS, contextOf());
    await output.write(recordsOf(LINES.slice(0, 3)));
    await output.discard();
    expect(server().objects.size).toBe(0);
  });
});

describe("a batch of a Parquet output in quarantine", () => {
  const pipeline = (outputs: PipelineSettings["outputs"]): PipelineSettings => ({
    version: 1,
    region: "ap-guangzhou",
    maxLineBytes: 1024,
    quarantine: QUARANTINE,
    processor: { type: "count", check: "json" },
    outputs,
  });
  const refuse = () => {
    server().fault = ({ object }) =>
      object.startsWith("out-") ? { type: "status", statusCode: 403, code: "AccessDenied" } : undefined;
  };
  const notes = () =>
    [...server().objects.keys()]
      .filter((key) => key.endsWith(".json"))
      .map((key) => key.slice(`${QUARANTINE.bucket}/`.length));
  const replay = (note: string, outputs: PipelineSettings["outputs"] = { out: SETTINGS }) =>
    redeliver({ redeliver: note }, {}, pipeline(outputs), { retries: 0, baseDelayMs: 1, maxDelayMs: 1 });

  it("lies there as the file that it is, and comes back under its key", async () => {
    await write([recordsOf(LINES)]);
    const expected = new Map(server().objects);
    server().objects.clear();
    refuse();
    expect(await write([recordsOf(LINES)])).toEqual({ records: 0, bytes: 0, quarantined: 30 });
    const folder = `${QUARANTINE.bucket}/quarantine/outputs/out/${INPUT.path}/dt=2026-08-20/hour=07/00000-000`;
    expect(await filledRowsOf(server().objects.get(`${folder}.parquet`) as Buffer)).not.toEqual([]);
    server().fault = () => undefined;
    for (const note of notes()) await replay(note);
    expect(server().objects).toEqual(expected);
  });

  it("is not handed to an output of another format", async () => {
    refuse();
    await write([recordsOf(['{"n":1}'])]);
    server().fault = () => undefined;
    const { format: _, ...lines } = SETTINGS;
    await expect(replay(notes()[0], { out: lines })).rejects.toThrow(
      "output out must take what the batch was kept as parquet, got one that takes objects; name an output of the kind of before out",
    );
    expect(notes()).toHaveLength(1);
  });

  it("of another output's records becomes files of its own", async () => {
    const kept = recordsOf(['{"t":1787209689,"n":1}', '{"n":2}']).map((record, n) => ({ id: String(n), record }));
    const output = createOutput(SETTINGS, contextOf());
    await output.redeliver({ name: "replayed-hook-000001.0", records: 2, lines: packAs("parquet", kept) });
    expect(gunzipSync(packAs("parquet", kept)).toString()).toBe('{"t":1787209689,"n":1}\n{"n":2}\n');
    const files = await stored();
    expect(numbers(files)).toEqual([1, 2]);
    expect(Object.keys(files)[0]).toMatch(
      /^dt=2026-08-20\/hour=07\/a\.gz-[0-9a-f]{24}-replayed-hook-000001\.0-000\.parquet$/,
    );
  });
});

it("cannot be made where its part is not in the zip", () => {
  const missing = () => {
    throw new Error("not there");
  };
  const parts = (parquet = builtPart, zstd = builtZstd) => ({ parquet, zstd });
  const zstd = { ...FORMAT, compression: "zstd" } as const;
  expect(() => new ParquetOutput(SETTINGS, FORMAT, contextOf(), parts(missing))).toThrow("not there");
  expect(() => new ParquetOutput(SETTINGS, zstd, contextOf(), parts(undefined, missing))).toThrow("not there");
  expect(() => new ParquetOutput(SETTINGS, FORMAT, contextOf(), parts(undefined, missing))).not.toThrow();
});

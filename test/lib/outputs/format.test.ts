import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { readCosBatchSettings } from "../../../functions/settings";
import {
  CosBatchPipeline,
  CosOutput,
  LogBucket,
  LogFormat,
  LogProcessor,
  LogTopic,
  type CosBatchPipelineProps,
  type ParquetOptions,
} from "../../../lib";
import { Testing } from "../../../lib/framework";
import { codesOf, onlyResource, readBack, testStack, violationsOf } from "../support/stack";

const TOPIC = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });

function stackWith(format: LogFormat | undefined, props: Partial<CosBatchPipelineProps> = {}) {
  const stack = testStack();
  const lake = LogBucket.fromBucketName(stack, "Lake", "lake-1250000000", { region: "ap-guangzhou" });
  const outputs = { out: new CosOutput(lake, { prefix: "lake/", format }) };
  new CosBatchPipeline(stack, "Batch", { topic: TOPIC, appId: "1250000000", outputs, ...props });
  return stack;
}

/** The output as its handler reads it, and the files in the function's zip. */
function deployed(format: LogFormat | undefined) {
  const stack = stackWith(format);
  const { environment, zip_file: path } = onlyResource(stack, "tencentcloud_scf_function");
  const { LOGS_SETTINGS } = environment as Record<string, string>;
  const { outputs = {} } = readCosBatchSettings({ LOGS_SETTINGS: readBack(LOGS_SETTINGS) });
  const folder = Testing.fullSynth(stack);
  const zip = Object.keys(unzipSync(readFileSync(join(folder, "stacks/logs", String(path)))));
  rmSync(folder, { recursive: true });
  return { out: outputs.out, zip: zip.sort() };
}

const NOTICES = "cdktf-tencent-logs.NOTICES.txt";

describe("LogFormat", () => {
  it.each([
    [256, 16, undefined],
    [640, 64, undefined],
    [128, 16, 256],
    [256, 17, 384],
    [384, 64, 640],
  ])(
    "of a function with %d MB takes row groups of %d MiB, or says that it needs %p",
    (memorySizeMb, rowGroupMb, needed) => {
      const make = () => stackWith(LogFormat.parquet({ rowGroupMb }), { memorySizeMb });
      if (needed === undefined) return void make();
      const told = `memorySizeMb must be ${needed} or more for row groups of Parquet (outputs.out of ${rowGroupMb} MiB), got ${memorySizeMb}; raise it, or lower rowGroupMb`;
      expect(violationsOf(make)).toEqual([["LOGS_PARQUET_MEMORY", told]]);
    },
  );

  it("counts the row groups of all outputs of a function together", () => {
    const stack = testStack();
    const lake = LogBucket.fromBucketName(stack, "Lake", "lake-1250000000", { region: "ap-guangzhou" });
    const of = (prefix: string) => new CosOutput(lake, { prefix, format: LogFormat.parquet() });
    const make = () =>
      new CosBatchPipeline(stack, "Batch", {
        topic: TOPIC,
        appId: "1250000000",
        defaultOutput: "a",
        outputs: { a: of("a/"), b: of("b/") },
      });
    expect(codesOf(make)).toEqual(["LOGS_PARQUET_MEMORY"]);
  });

  it("tells the handler of Parquet, with larger parts, and only then puts what writes it into the zip", () => {
    const { out, zip } = deployed(LogFormat.parquet({ schema: { status: "int64", 时间: "timestamp" } }));
    expect(out).toMatchObject({
      maxPartBytes: 64 * 1024 * 1024,
      format: {
        type: "parquet",
        schema: { status: "int64", 时间: "timestamp" },
        partitionBy: "dt=%Y-%m-%d/hour=%H",
        timeField: "__TIMESTAMP__",
        utcOffset: "+00:00",
        rowGroupMb: 16,
        compression: "snappy",
      },
    });
    expect(zip).toEqual([NOTICES, "index.js", "out-parquet.js"]);
    expect(deployed(LogFormat.parquet({ compression: "zstd" })).zip).toEqual([
      NOTICES,
      "index.js",
      "out-parquet-zstd.js",
      "out-parquet.js",
    ]);
  });

  it("of JSON lines leaves the plan as it is without one", () => {
    const plain = deployed(undefined);
    expect(plain.zip).toEqual(["index.js"]);
    expect(deployed(LogFormat.jsonLines())).toEqual(plain);
  });

  it("of Parquet wants records that were parsed", () => {
    const processor = LogProcessor.count({ check: "shape" });
    expect(codesOf(() => stackWith(LogFormat.parquet(), { processor }))).toEqual(["LOGS_OUTPUT_SHAPE"]);
    expect(codesOf(() => stackWith(LogFormat.jsonLines(), { processor }))).toEqual([]);
  });

  it("is refused where it is none", () => {
    for (const format of ["parquet", {}, null, 5]) {
      expect(codesOf(() => stackWith(format as never))).toEqual(["LOGS_PROP_TYPE"]);
    }
  });
});

describe("LogFormat.parquet", () => {
  const refused = (options: object) => violationsOf(() => LogFormat.parquet(options as ParquetOptions));

  it("says all that is wrong at once: what, where, the value and the remedy", () => {
    const options = {
      schema: { a: "int32", Dt: "int64" },
      partitionBy: "dt=%Y/hour",
      timeField: "",
      utcOffset: "8",
      rowGroupMb: 0,
      compression: "gzip",
      rows: 5,
    };
    const messages = refused(options).map(([code, message]) => `${message} (${code})`);
    expect(messages).toEqual([
      "rows must be the name of a prop, got an unknown one; leave it out, or use one of schema, partitionBy, timeField, utcOffset, rowGroupMb, compression (LOGS_PROP_UNKNOWN)",
      'schema.a must be "string" or "int64" or "double" or "boolean" or "timestamp" or "json", got "int32"; name the type of the column (LOGS_PARQUET_TYPE)',
      'timeField must be the name of a field, got ""; leave it out for __TIMESTAMP__ (LOGS_PARQUET_TIME)',
      'utcOffset must be an offset from UTC, -14:00 to +14:00, got "8"; write it like +08:00 (LOGS_PARQUET_OFFSET)',
      "rowGroupMb must be a whole number from 1 to 64 MiB, got 0; the nearest is 1 (LOGS_PARQUET_GROUP)",
      'compression must be "snappy" or "zstd", got "gzip"; leave it out for snappy (LOGS_PARQUET_COMPRESSION)',
      'partitionBy must be up to 200 characters of folders like dt=%Y-%m-%d/hour=%H, each name once, with one of %Y, %m, %d, %H and %M at least, got "dt=%Y/hour"; write it like dt=%Y-%m-%d/hour=%H (LOGS_PARQUET_PARTITION)',
    ]);
  });

  it.each([
    ["dt=%Y-%m-%d", []],
    ["app=web/dt=%Y%m%d/h=%H.%M", []],
    ["dt=today", ["LOGS_PARQUET_PARTITION"]],
    ["dt=%Y/dt=%m", ["LOGS_PARQUET_PARTITION"]],
    ["dt=%Y/DT=%m", ["LOGS_PARQUET_PARTITION"]],
    ["%Y/%m", ["LOGS_PARQUET_PARTITION"]],
    ["dt=%y", ["LOGS_PARQUET_PARTITION"]],
    ["/dt=%Y", ["LOGS_PARQUET_PARTITION"]],
    ["dt=%Y/", ["LOGS_PARQUET_PARTITION"]],
    ["dt=%Y=%m", ["LOGS_PARQUET_PARTITION"]],
    [`${"a".repeat(200)}=%Y`, ["LOGS_PARQUET_PARTITION"]],
  ])("partitionBy %j", (partitionBy, codes) => {
    expect(refused({ partitionBy }).map(([code]) => code)).toEqual(codes);
  });

  it.each<[string, object, string | undefined]>([
    ["no column", {}, "schema must name 1 to 1000 columns, got 0; leave it out to have it inferred"],
    ["an empty name", { "": "int64" }, 'schema must have names of 1 to 255 characters, got ""'],
    [
      "_rest",
      { _REST: "json" },
      'schema must not name a column _rest, which holds what fits into no other, got "_REST"',
    ],
    ["a partition's name", { Hour: "int64" }, "schema must not name a column as a folder of partitionBy"],
    ["names that differ in case", { a: "int64", A: "int64" }, 'in upper and lower case only, got "A"'],
    ["an object's own member", JSON.parse('{"__proto__":"int64","constructor":"json"}') as object, undefined],
  ])("a schema with %s", (_, schema, message) => {
    const told = refused({ schema }).map(([, text]) => text);
    expect(told).toEqual(message === undefined ? [] : [expect.stringContaining(message)]);
  });

  it.each([
    ["+14:00", true],
    ["-05:30", true],
    ["+14:30", false],
    ["+8:00", false],
    ["Asia/Shanghai", false],
  ])("utcOffset %j", (utcOffset, passes) => {
    expect(refused({ utcOffset }).map(([code]) => code)).toEqual(passes ? [] : ["LOGS_PARQUET_OFFSET"]);
  });
});

import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Testing } from "cdktf";
import { unzipSync } from "fflate";
import { readCosBatchSettings } from "../../../functions/settings";
import {
  CosBatchPipeline,
  ElasticsearchOutput,
  LogFormat,
  LogTopic,
  LogsError,
  OtlpOutput,
  type IOutput,
} from "../../../lib";
import { describeProp } from "../support/refused";
import { onlyResource, readBack, testStack, textToken, violationsOf } from "../support/stack";

const TOPIC = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });

function pipelineWith(output: IOutput, stack = testStack()): CosBatchPipeline {
  return new CosBatchPipeline(stack, "Batch", { topic: TOPIC, appId: "1250000000", outputs: { out: output } });
}

/** The output as its handler reads it, and the names of the function's variables. */
function deployed(output: IOutput) {
  const stack = testStack();
  pipelineWith(output, stack);
  const environment = onlyResource(stack, "tencentcloud_scf_function").environment as Record<string, string>;
  const { outputs = {} } = readCosBatchSettings({ LOGS_SETTINGS: readBack(environment.LOGS_SETTINGS) });
  return { out: outputs.out, secrets: Object.keys(environment).filter((name) => name.startsWith("LOGS_SECRET_")) };
}

/** Names of the files in the zip of a pipeline with that output. */
function zipped(output: IOutput): string[] {
  const stack = testStack();
  pipelineWith(output, stack);
  const folder = Testing.fullSynth(stack);
  const { zip_file: path } = onlyResource(stack, "tencentcloud_scf_function");
  const names = Object.keys(unzipSync(readFileSync(join(folder, "stacks/logs", String(path)))));
  rmSync(folder, { recursive: true });
  return names;
}

const elasticsearch = (props: Partial<ConstructorParameters<typeof ElasticsearchOutput>[0]> = {}) =>
  new ElasticsearchOutput({ url: textToken(), index: "access", ...props });
const otlp = (props: Partial<ConstructorParameters<typeof OtlpOutput>[0]> = {}) =>
  new OtlpOutput({ url: textToken(), ...props });

describe("ElasticsearchOutput", () => {
  it("tells the handler where documents go, and keeps address, password and key in variables of their own", () => {
    const { out, secrets } = deployed(elasticsearch({ index: "a-%Y.%m", username: "writer", password: textToken() }));
    expect(out).toMatchObject({ type: "elasticsearch", index: "a-%Y.%m", username: "writer", compression: "gzip" });
    expect(secrets).toEqual(["LOGS_SECRET_OUT_PASSWORD", "LOGS_SECRET_OUT_URL"]);
    expect(deployed(elasticsearch({ apiKey: textToken() })).secrets).toContain("LOGS_SECRET_OUT_API_KEY");
  });

  describeProp({
    prop: "outputs.out.index",
    code: "LOGS_ELASTICSEARCH_INDEX",
    rule: "must",
    build: (index: string) => pipelineWith(elasticsearch({ index })),
    passes: ["access", "access-%Y.%m.%d", "logs_2"],
    refused: ["Access", "-access", "a b", "a/b", "..", "a".repeat(256)],
  });

  describeProp({
    prop: "outputs.out.maxBatchRecords",
    code: "LOGS_OUTPUT_BATCH",
    rule: "must be a whole number from 1 to 10000 records",
    build: (maxBatchRecords: number) => pipelineWith(elasticsearch({ maxBatchRecords })),
    passes: [1, 10_000],
    refused: [0, 10_001, 1.5],
  });

  it.each([
    ["a user without a password", { username: "writer" }, "outputs.out.password must be given with username"],
    ["a password without a user", { password: textToken() }, "outputs.out.password must be given with username"],
    [
      "a key beside a user",
      { apiKey: textToken(), username: "writer", password: textToken() },
      "outputs.out.apiKey must be left out where username is given",
    ],
  ])("refuses %s", (_what, props, message) => {
    expect(violationsOf(() => pipelineWith(elasticsearch(props)))).toEqual([
      ["LOGS_ELASTICSEARCH_LOGIN", expect.stringContaining(message)],
    ]);
  });
});

describe("OtlpOutput", () => {
  it("has its encoders in the zip only where it is used", () => {
    expect(zipped(otlp())).toEqual(["index.js", "out-otlp.js"]);
    expect(zipped(elasticsearch())).toEqual(["index.js", "out-elasticsearch.js"]);
  });

  it("tells the handler what records are made of, and keeps address and secret headers in variables of their own", () => {
    const { out, secrets } = deployed(
      otlp({
        encoding: "json",
        headers: { "X-Scope-OrgID": "shop" },
        secretHeaders: { Authorization: textToken() },
        resource: { "service.name": "shop" },
      }),
    );
    expect(out).toMatchObject({
      type: "otlp",
      encoding: "json",
      headers: { "X-Scope-OrgID": "shop" },
      resource: { "service.name": "shop" },
    });
    expect(secrets).toEqual(["LOGS_SECRET_OUT_HEADER_AUTHORIZATION", "LOGS_SECRET_OUT_URL"]);
  });

  it.each([
    ["a header of no name", { headers: { "a b": "1" } }, "outputs.out.headers"],
    [
      "a header that the output sends itself",
      { headers: { "Content-Type": "x" } },
      "outputs.out.headers must leave out",
    ],
    ["a header twice", { headers: { "X-A": "1", "x-a": "2" } }, "outputs.out.headers must name each header once"],
    ["a secret in the open", { headers: { Authorization: "Bearer 1" } }, "outputs.out.headers must hold no secrets"],
    ["a value with a line end", { headers: { "X-A": "a\nb" } }, "must be 1 to 1000 printable characters"],
  ])("refuses %s", (_what, props, message) => {
    expect(violationsOf(() => pipelineWith(otlp(props)))).toEqual([
      ["LOGS_OTLP_HEADER", expect.stringContaining(message)],
    ]);
  });

  it("refuses an attribute without a name", () => {
    expect(violationsOf(() => pipelineWith(otlp({ resource: { "": "shop" } })))).toEqual([
      ["LOGS_OTLP_ATTRIBUTE", expect.stringContaining("outputs.out.resource")],
    ]);
  });

  describeProp({
    prop: "outputs.out.encoding",
    code: "LOGS_OTLP_ENCODING",
    rule: 'must be "protobuf" or "json"',
    build: (encoding: string) => pipelineWith(otlp({ encoding: encoding as "json" })),
    passes: ["protobuf", "json"],
    refused: ["xml"],
  });

  describeProp({
    prop: "outputs.out.compression",
    code: "LOGS_OUTPUT_COMPRESSION",
    rule: "must be",
    build: (compression: string) => pipelineWith(otlp({ compression: compression as "gzip" })),
    passes: ["gzip", "none"],
    refused: ["zstd"],
  });
});

describe("the schema of LogFormat.parquet", () => {
  const codesFor = (schema: Record<string, "string">) => {
    try {
      LogFormat.parquet({ schema });
    } catch (error) {
      return (error as LogsError).violations.map(({ code }) => code);
    }
    return [];
  };

  it.each([
    ["no column", {}],
    ["a column that is made for what fits in no other", { _rest: "string" as const }],
    ["a column that a partition has", { dt: "string" as const }],
  ])("refuses %s", (_what, schema) => {
    expect(codesFor(schema)).toEqual(["LOGS_PARQUET_COLUMN"]);
  });
});

import {
  ClsStreamPipeline,
  CosBatchPipeline,
  CosOutput,
  FUNCTION_LOG_INDEX,
  LogBucket,
  LogRules,
  LogTopic,
  PipelineDashboard,
  type PipelineDashboardProps,
  type PipelineProps,
} from "../../../lib";
import { TerraformStack, Testing } from "../../../lib/framework";
import type { Panel } from "../../../lib/dashboard/panels";
import { runPipeline } from "../../../lib/testing";
import { codesOf, onlyResource, readBack, testStack, violationsOf } from "../support/stack";

jest.setTimeout(60_000);

const APP_ID = "1250000000";

function made(props: Partial<PipelineProps> = {}, more: Partial<PipelineDashboardProps> = {}, region?: string) {
  const stack = testStack(region);
  const logTopic = new LogTopic(stack, "Log", { index: FUNCTION_LOG_INDEX });
  const bucket = new LogBucket(stack, "Lake", { bucketName: "lake", appId: APP_ID });
  const pipeline = new CosBatchPipeline(stack, "Batch", {
    topic: new LogTopic(stack, "Topic"),
    bucket,
    logTopic,
    rules: LogRules.fromText(
      'e_if(e_match("drop", "yes"), e_drop())\ne_if(e_match("fail", "yes"), e_set("x", ct_int("y")))',
    ),
    outputs: {
      main: new CosOutput(bucket, { prefix: "main/" }),
      "in-valid": new CosOutput(bucket, { prefix: "other/" }),
      invalid: new CosOutput(bucket, { prefix: "invalid/" }),
    },
    defaultOutput: "main",
    ...props,
  });
  return { stack, pipeline, dashboard: new PipelineDashboard(stack, "Dashboard", { pipeline, ...more }) };
}

function panelsIn(stack: TerraformStack): Panel[] {
  const { data } = onlyResource(stack, "tencentcloud_cls_dashboard");
  return (JSON.parse(readBack(data)) as { panels: Panel[] }).panels;
}

/** What stands in a summary where a path of the dialect's JSON leads. */
function at(summary: unknown, path: string): unknown {
  const names = [...path.matchAll(/\.(\w+)|\["([^"]+)"\]/g)].map(([, plain, quoted]) => plain ?? quoted);
  return names.reduce((value, name) => (value as Record<string, unknown> | undefined)?.[name], summary);
}

describe("PipelineDashboard", () => {
  it("looks in the pipeline's log, in its region, by the function's name", () => {
    const { stack } = made();
    const panels = panelsIn(stack);
    expect(panels.map(({ title }) => title)).toEqual([
      "Records",
      "Invalid",
      "Quarantined",
      "Failed invocations",
      "Time",
      "Delay",
      "Bytes",
      "Records by output",
      "Quarantined by output",
    ]);
    for (const { target } of panels) {
      expect(target).toMatchObject({
        RegionId: 1,
        TopicId: "<tencentcloud_cls_topic.id>",
        LogsetId: "<tencentcloud_cls_logset.id>",
      });
      expect(target.Query).toContain('SCF_FunctionName:"<tencentcloud_scf_function.name>" AND ');
    }
    expect(panels[0].target.Query).toMatchSnapshot();
    expect(panels[3].target.Query).toMatchSnapshot();
  });

  it("shows numbers that a summary has, by the names and at the places that it has them", async () => {
    const { stack, pipeline } = made();
    const lines = ['{"a":1}', '{"drop":"yes"}', '{"fail":"yes"}', "none", Buffer.from('{"b":"\xc6\xf4"}', "latin1")];
    const { summaries } = await runPipeline(pipeline, {
      objects: { "a.gz": Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from("\n")])) },
    });
    const [summary] = summaries;
    // By this the charts tell the line of a summary from others.
    expect(JSON.stringify(summary)).toMatch(/^\{"objects":/);
    const absent = new Set<string>();
    let found = 0;
    for (const { target } of panelsIn(stack)) {
      for (const [, path] of target.Query.matchAll(/json_extract_scalar\([^$]*'(\$[^']+)'\)/g)) {
        if (typeof at(summary, path) === "number") found++;
        else absent.add(path);
      }
    }
    expect(found).toBeGreaterThan(10);
    // Left out of a summary where they are 0.
    expect([...absent]).toEqual([
      '$.outputs["main"].quarantined',
      '$.outputs["in-valid"].quarantined',
      '$.outputs["invalid"].quarantined',
    ]);
    expect(summary.delayMs).toBeGreaterThanOrEqual(0);
    expect(summary).toMatchObject({ records: 4, dropped: 1, invalid: 1, failed: 1, invalidUtf8: 1 });
  });

  it("shows a stream as well, and no outputs where there are none", () => {
    const stack = testStack("ap-shanghai");
    const logTopic = new LogTopic(stack, "Log", { index: FUNCTION_LOG_INDEX });
    const pipeline = new ClsStreamPipeline(stack, "Stream", {
      topic: new LogTopic(stack, "Topic"),
      appId: APP_ID,
      logTopic,
    });
    new PipelineDashboard(stack, "Dashboard", {
      pipeline,
      dashboardName: "流水线 ${x}",
      intervalMinutes: 1,
      tags: { a: "b" },
    });
    const { dashboard_name: name, tags } = onlyResource(stack, "tencentcloud_cls_dashboard");
    expect([readBack(name), tags]).toEqual(["流水线 ${x}", { a: "b" }]);
    const panels = panelsIn(stack);
    expect(panels).toHaveLength(7);
    expect(panels[0].target).toMatchObject({ RegionId: 4 });
    expect(panels[0].target.Query).toContain("interval 1 minute");
  });

  it("refuses a pipeline without a log, or with one that cannot be searched", () => {
    expect(codesOf(() => made({ logTopic: undefined }))).toEqual(["LOGS_DASHBOARD_TOPIC"]);
    const stack = testStack();
    const logTopic = new LogTopic(stack, "Log", { index: { fields: { SCF_FunctionName: { type: "text" } } } });
    const pipeline = new ClsStreamPipeline(stack, "S", { topic: new LogTopic(stack, "T"), appId: APP_ID, logTopic });
    expect(violationsOf(() => new PipelineDashboard(stack, "Dashboard", { pipeline }))).toEqual([
      [
        "LOGS_ALARM_INDEX",
        "pipeline.logTopic must have an index of the fields that the dashboard searches, got one without SCF_Message and " +
          "SCF_StatusCode; set its index to FUNCTION_LOG_INDEX",
      ],
    ]);
  });

  it("refuses a region whose number is not known, two of one name, and what is no pipeline", () => {
    const { stack } = made({}, {}, "ap-nowhere");
    expect(() => Testing.synth(stack, true)).toThrow(
      /pipeline must be in a region whose number is known, got ap-nowhere; .*\(LOGS_DASHBOARD_REGION\)/,
    );
    const { stack: twice, pipeline } = made({}, { dashboardName: "one" });
    expect(codesOf(() => new PipelineDashboard(twice, "Again", { pipeline, dashboardName: "one" }))).toEqual([
      "LOGS_NAME_TAKEN",
    ]);
    expect(codesOf(() => made({}, { pipeline: {} as never, dashboardName: "a|b", intervalMinutes: 0 }))).toEqual([
      "LOGS_PROP_TYPE",
      "LOGS_DASHBOARD_NAME",
      "LOGS_DASHBOARD_INTERVAL",
    ]);
  });
});

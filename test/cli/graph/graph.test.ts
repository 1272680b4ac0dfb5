import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { graphOf } from "../../../cli/graph/draw";
import type { Graph } from "../../../cli/graph/graph";
import { layoutOf } from "../../../cli/graph/layout";
import { mermaidOf } from "../../../cli/graph/mermaid";
import { readStacks } from "../../../cli/graph/plan";
import { ClsStreamPipeline, CosBatchPipeline, CosOutput, LogBucket, LogTopic } from "../../../lib";
import { TencentcloudProvider } from "../../../lib/tencentcloud";
import { everything } from "../../contract/everything";
import { synthesize } from "../../examples/support/synthesize";
import { faultsOf, graphOfPlans, saidEdges } from "./support";
import { layoutFaults } from "./layout-faults";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "graph-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const EXAMPLES = readdirSync(join(__dirname, "../../../examples")).filter((name) => name !== "ci");

interface Plan {
  readonly resource: object;
  readonly data?: object;
}

function planIn(out: string, stack: string): Plan {
  return JSON.parse(readFileSync(join(out, "stacks", stack, "cdk.tf.json"), "utf8")) as Plan;
}

describe.each(EXAMPLES)("the graph of the example %s", (name) => {
  it("draws or names each resource, and is this flowchart", async () => {
    await synthesize(name, folder);
    const out = join(folder, "cdktf.out");
    const graph = graphOf(readStacks(undefined, out));
    expect(faultsOf(graph, planIn(out, "logs"))).toEqual([]);
    expect(layoutFaults(graph, layoutOf(graph))).toEqual([]);
    expect(mermaidOf(graph)).toMatchSnapshot();
  }, 30_000);
});

it("draws each prefix that a function reads of a source, where the trigger knows what they have in common", () => {
  const app = new App({ outdir: folder });
  const stack = new TerraformStack(app, "source");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
  new CosBatchPipeline(stack, "Batch", { source: { bucket: "logs-1250000000", prefixes: ["logs/cdn/", "logs/cos/"] } });
  app.synth();
  const graph = graphOf(readStacks("source", folder));
  expect(faultsOf(graph, planIn(folder, "source"))).toEqual([]);
  expect(saidEdges(graph)).toEqual(
    expect.arrayContaining(["logs/cdn/ -triggers-> Batch/Function", "logs/cos/ -triggers-> Batch/Function"]),
  );
});

describe("the graph of a stack with everything", () => {
  let graph: Graph;
  let plan: Plan;
  beforeAll(() => {
    const out = mkdtempSync(join(tmpdir(), "graph-everything-"));
    const app = new App({ outdir: out });
    everything(app);
    app.synth();
    graph = graphOf(readStacks("everything", out));
    plan = planIn(out, "everything");
    rmSync(out, { recursive: true });
  });

  it("draws or names each resource", () => {
    expect(faultsOf(graph, plan)).toEqual([]);
    expect(graph.notDrawn.map(({ path }) => path)).toEqual([
      "everything/TencentLogsAccount",
      "everything/StreamDashboard/Resource",
    ]);
  });

  it("has boxes that do not lie over each other, and edges that end at them", () => {
    expect(layoutFaults(graph, layoutOf(graph))).toEqual([]);
    expect(layoutFaults(graph, layoutOf(graph, { withRates: true }))).toEqual([]);
  });

  it("has the edges of each output, source and alarm", () => {
    expect(saidEdges(graph)).toEqual(
      expect.arrayContaining([
        "StreamOutInput -delivers-> StreamOut/Function",
        "StreamOut/Function -writes-> stream-out/",
        "StreamOut/Function -writes-> StreamOutTarget",
        "StreamOut/Function -writes-> json webhook",
        "StreamOut/Function -writes-> logs",
        "StreamOut/Function -quarantine-> quarantine/everything-stream-out/",
        "StreamOut/Function -logs-> FunctionLog",
        "FunctionLog -watches-> StreamOut/Function/Alarm",
        "StreamOut/Function/Alarm -notifies-> StreamOut/Function/Alarm/Notice",
        "Worker/Timer-timer -triggers-> Worker",
        "incoming/ -triggers-> Worker",
        "WatchedFunction/Url -triggers-> WatchedFunction",
        "Errors/Function -alerts-> receiver json",
        "NativeInput -transforms-> NativeTarget",
        "operators -may-> WatchedFunction",
      ]),
    );
  });

  it("tells what each role may do, and on what", () => {
    const role = graph.roles.find(({ title }) => title === "StreamOut/Function/Role");
    expect(role?.trusts).toEqual(["scf.qcloud.com"]);
    const push = role?.rights.find(({ actions }) => actions.includes("cls:pushLog"));
    expect(push?.on).toMatch(/topic\/<topic StreamOutTarget>$/);
    expect(push?.nodes).toEqual(graph.nodes.filter(({ title }) => title === "StreamOutTarget").map(({ id }) => id));
  });

  it("never tells the value of a secret", () => {
    const secret = { LOGS_SECRET_HOOK_URL: "https://hooks.example/s3cr3t" };
    const settings = { outputs: { hook: { type: "webhook", format: "json", urlSecret: "LOGS_SECRET_HOOK_URL" } } };
    const environment = { ...secret, LOGS_SETTINGS: JSON.stringify(settings) };
    const plan = { resource: { tencentcloud_scf_function: { F: { name: "f", environment } } } };
    const drawn = graphOfPlans(join(folder, "secret"), { logs: plan });
    expect(saidEdges(drawn)).toEqual(["tencentcloud_scf_function.F -writes-> json webhook"]);
    expect(JSON.stringify(drawn)).not.toContain("s3cr3t");
  });
});

it("joins stacks by the outputs of the one that the other reads", () => {
  const app = new App({ outdir: folder });
  const base = new TerraformStack(app, "base");
  new TencentcloudProvider(base, "provider", { region: "ap-guangzhou" });
  const topic = new LogTopic(base, "Access");
  const bucket = new LogBucket(base, "Lake", { appId: "1250000000" });
  const pipelines = new TerraformStack(app, "pipelines");
  new TencentcloudProvider(pipelines, "provider", { region: "ap-guangzhou" });
  new ClsStreamPipeline(pipelines, "Stream", {
    topic,
    bucket,
    outputs: { records: new CosOutput(bucket, { prefix: "r/" }) },
  });
  app.synth();
  const graph = graphOf(readStacks(undefined, folder));
  expect(saidEdges(graph)).toEqual([
    "Access -delivers-> Stream/Function",
    "Stream/Function -writes-> r/",
    "Stream/Function -quarantine-> quarantine/pipelines-stream/",
  ]);
  expect(graph.nodes.map(({ title, stack }) => [title, stack])).toContainEqual(["r/", "base"]);
  expect(mermaidOf(graph)).toContain('subgraph s0["base"]');
});

describe("plans of others", () => {
  it("are drawn by their references, whatever their resources are called", () => {
    const graph = graphOfPlans(folder, {
      other: {
        locals: { lake: "${tencentcloud_cos_bucket.x.bucket}" },
        resource: {
          tencentcloud_cls_topic: { same: { topic_name: "a" } },
          tencentcloud_cos_bucket: { x: { bucket: "x-1250000000" } },
          tencentcloud_scf_function: {
            same: { name: "f", environment: { variables: { T: "${tencentcloud_cls_topic.same.id}" } } },
            ours: { name: "g" },
          },
          tencentcloud_cls_cos_shipper: {
            s: {
              topic_id: "${tencentcloud_cls_topic.same.id}",
              bucket: "${local.lake}",
              prefix: "raw/",
              interval: 300,
            },
            elsewhere: { topic_id: "11111111-2222", bucket: "y-1250000000", prefix: "p/", interval: 900 },
          },
          tencentcloud_scf_trigger: {
            t: {
              type: "cos",
              function_name: "${tencentcloud_scf_function.ours.name}",
              trigger_name: "${local.lake}.cos.ap-guangzhou.myqcloud.com",
              trigger_desc: JSON.stringify({ event: "cos:ObjectCreated:*", filter: { Prefix: "raw/2026/" } }),
            },
          },
          tencentcloud_vpc: { v: { name: "v" } },
        },
      },
    });
    expect(saidEdges(graph).sort()).toEqual([
      "11111111-2222 -ships-> p/",
      "raw/ -within-> raw/2026/",
      "raw/2026/ -triggers-> tencentcloud_scf_function.ours",
      "tencentcloud_cls_topic.same -ships-> raw/",
      "tencentcloud_scf_function.same -names-> tencentcloud_cls_topic.same",
    ]);
    expect(graph.notDrawn).toEqual([
      {
        address: "tencentcloud_vpc.v",
        path: "tencentcloud_vpc.v",
        stack: "other",
        why: "tencentcloud_vpc is not part of the log flow",
      },
    ]);
  });

  it("are refused where they are none, with what to do", () => {
    expect(() => readStacks(undefined, folder)).toThrow(`--out must be a folder that cdktf synth wrote, got ${folder}`);
    graphOfPlans(folder, { logs: {} });
    expect(() => readStacks("log", folder)).toThrow("STACK must be a stack in");
    expect(() => readStacks("log", folder)).toThrow(/got log; did you mean logs/);
    expect(() => readStacks("nowhere/cdk.tf.json", folder)).toThrow("FILE must be a plan in JSON");
  });
});

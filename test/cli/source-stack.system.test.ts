import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { graphOf } from "../../cli/graph/draw";
import { readStacks } from "../../cli/graph/plan";
import {
  CosBatchPipeline,
  CosOutput,
  FUNCTION_LOG_INDEX,
  LogBucket,
  LogContent,
  LogPipelineChecks,
  LogTopic,
  PipelineDashboard,
  Redact,
} from "../../lib";
import { Aspects, type TerraformStack, Testing } from "../../lib/framework";
import { SimulatedClock } from "../../local/clock";
import { LocalCloud } from "../../local/cloud";
import { Tail } from "../live/support/tail";
import { testStack } from "../lib/support/stack";
import { environmentOf, findingsIn, ran } from "./doctor/support/doctor";
import { faultsOf, saidEdges } from "./graph/support";

jest.setTimeout(60_000);

const REGION = "ap-guangzhou";

/** A pipeline with a source and all that there is beside it, as its owner would make it with care, or without. */
function made(withCare = true): TerraformStack {
  const stack = testStack();
  const tags = withCare ? { team: "web" } : undefined;
  const careOfBucket = withCare ? { encryption: "AES256" as const, lifecycle: [{ expirationDays: 30 }] } : {};
  const bucket = new LogBucket(stack, "Lake", { bucketName: "lake", appId: "1250000000", ...careOfBucket, tags });
  const logTopic = new LogTopic(stack, "FunctionLog", { index: FUNCTION_LOG_INDEX, retentionDays: 7, tags });
  const pipeline = new CosBatchPipeline(stack, "Access", {
    functionName: "access",
    source: { bucket, prefixes: ["logs/cdn/", "logs/cos/"] },
    content: LogContent.csv(),
    outputs: { main: new CosOutput(bucket, { prefix: "main/" }) },
    redact: [Redact.phone()],
    sample: { keep: 0.5, by: "user" },
    logTopic,
    ...(withCare && { alarm: { email: [1] } }),
    tags,
  });
  new PipelineDashboard(stack, "Dashboard", { pipeline, tags });
  return stack;
}

describe("LogPipelineChecks on a stack with a source", () => {
  const found = (stack: TerraformStack): string[] => {
    const checks = new LogPipelineChecks();
    Aspects.of(stack).add(checks);
    Testing.synth(stack);
    return checks.findings.map(({ id, path }) => `${path}: ${id}`).sort();
  };

  it("finds nothing where its owner made it with care", () => {
    expect(found(made())).toEqual([]);
  });

  it("finds in its bucket, its function and its role what it finds in those of others", () => {
    expect(found(made(false))).toEqual([
      "logs/Access/Function/Resource: failure-alarm",
      "logs/Access/Function/Resource: tags",
      "logs/Access/Function/Role/Policy: tags",
      "logs/Access/Function/Role/Resource: tags",
      "logs/Dashboard/Resource: tags",
      "logs/FunctionLog/Logset/Resource: tags",
      "logs/FunctionLog/Resource: tags",
      "logs/Lake/Resource: bucket-encrypted",
      "logs/Lake/Resource: tags",
    ]);
  });
});

describe("a deployed stack with a source", () => {
  let folder: string;
  let cloud: LocalCloud;
  let unfollow: () => void;
  beforeAll(async () => {
    folder = Testing.fullSynth(made());
    const clock = new SimulatedClock(Date.now());
    unfollow = clock.follow();
    cloud = await LocalCloud.deploy({
      stackFolder: join(folder, "stacks/logs"),
      clock,
      signatureTime: "clock",
      functionLog: { delayMs: 200 },
    });
  });
  afterAll(async () => {
    unfollow();
    await cloud.close();
    rmSync(folder, { recursive: true });
  });

  it("is drawn with its prefixes, its function's log and what shows that", () => {
    const graph = graphOf(readStacks("logs", folder));
    const plan = JSON.parse(readFileSync(join(folder, "stacks/logs/cdk.tf.json"), "utf8")) as object;
    expect(faultsOf(graph, plan)).toEqual([]);
    expect(saidEdges(graph)).toEqual(
      expect.arrayContaining([
        "logs/cdn/ -triggers-> Access/Function",
        "logs/cos/ -triggers-> Access/Function",
        "Access/Function -writes-> main/",
      ]),
    );
  });

  it("is found well by doctor, but for a trigger that is gone", async () => {
    const args = ["doctor", "--out", folder, "--json"];
    const aboutStack = async () => {
      const findings = findingsIn(await ran(args, environmentOf(cloud)));
      return findings.filter(({ section }) => section.includes("logs"));
    };
    const well = await aboutStack();
    expect(well.filter(({ verdict }) => verdict !== "ok")).toEqual([]);
    expect(well.map(({ check }) => check)).toEqual(
      expect.arrayContaining(["topic", "function", "function-role", "trigger"]),
    );
    const { bindings } = cloud.scf;
    const [{ target, trigger }] = bindings.of(cloud.scf.allFunctions()[0]);
    bindings.forget(target);
    expect((await aboutStack()).filter(({ verdict }) => verdict !== "ok")).toMatchObject([
      { check: "trigger", seen: "does not exist on access" },
    ]);
    bindings.add(trigger, target);
  });

  it("shows what its function writes of an object in a tail", async () => {
    const tail = new Tail(["access", "--json"], {
      environment: { PATH: process.env.PATH ?? "", ...environmentOf(cloud), TENCENTCLOUD_REGION: REGION },
    });
    try {
      await tail.tailing();
      await cloud.bucket("lake-1250000000").put("logs/cos/a.csv", "user,phone\nann,13800138000\n");
      await tail.until("a summary", ({ texts }) => texts.some((text) => text.includes('"records":1')));
      expect(tail.texts.join("\n")).not.toContain("13800138000");
    } finally {
      await tail.stop();
    }
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TencentcloudProvider } from "@cdktf/provider-tencentcloud/lib/provider";
import { unzipSync } from "fflate";
import {
  AlertReceiver,
  ClsStreamPipeline,
  LogBucket,
  LogMonitor,
  LogProcessor,
  LogRules,
  LogTopic,
  WebhookOutput,
  type ClsStreamPipelineProps,
  type LogMonitorProps,
  type MonitorSource,
} from "../../../lib";
import { TerraformStack, Testing } from "../../../lib/framework";
import { planOf, testStack, textToken, violationsOf } from "../support/stack";

const TOPIC = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1", region: "ap-guangzhou" });
const SG = LogTopic.fromTopicAttributes({ topicId: "topic-sg", logsetId: "logset-sg", region: "ap-singapore" });
const APP_ID = "1250000000";
const oncall = () => AlertReceiver.json({ name: "oncall", url: textToken() });

function streamIn(stack: TerraformStack, given: Partial<ClsStreamPipelineProps> = {}): ClsStreamPipeline {
  return new ClsStreamPipeline(stack, "Access", { topic: TOPIC, appId: APP_ID, maxWaitSeconds: 3, ...given });
}

function watch(stack: TerraformStack, sources: MonitorSource[], given: Partial<LogMonitorProps> = {}, id = "Errors") {
  const alert = { to: oncall() };
  return new LogMonitor(stack, id, { sources, match: { status: "^5" }, alert, appId: APP_ID, ...given });
}

/** Arguments of a function, by a part of its name. */
function functionOf(stack: TerraformStack, name: string): Record<string, unknown> {
  const functions = Object.values(planOf(stack).resource.tencentcloud_scf_function);
  return functions.find((one) => String(one.name).includes(name)) as Record<string, unknown>;
}

const variablesOf = (stack: TerraformStack, name: string) =>
  functionOf(stack, name).environment as Record<string, string>;

function filesOf(stack: TerraformStack, name: string): Record<string, Uint8Array> {
  const folder = join(Testing.fullSynth(stack), "stacks", stack.node.id);
  return unzipSync(readFileSync(join(folder, functionOf(stack, name).zip_file as string)));
}

describe("a stream as a source", () => {
  it("is watched by its own function, which gets the definition, the part and the rights", () => {
    const stack = testStack();
    const monitor = watch(stack, [{ stream: streamIn(stack), name: "access", labels: { team: "shop" } }]);
    expect(monitor.functions).toEqual([]);
    expect(Object.keys(planOf(stack).resource.tencentcloud_scf_function)).toHaveLength(2);
    const files = filesOf(stack, "logs-access");
    expect(Object.keys(files).sort()).toEqual(["index.js", "monitor-Errors.json", "monitor.js"]);
    expect(Buffer.from(files["monitor-Errors.json"]).toString()).toContain('"team":"shop"');
    const variables = variablesOf(stack, "logs-access");
    expect(variables).toHaveProperty("LOGS_SECRET_ONCALL_URL");
    expect(variables.LOGS_SETTINGS).toContain('"monitors":[{"file":"monitor-Errors.json","name":"Errors"');
    const policies = Object.values(planOf(stack).resource.tencentcloud_cam_policy).map(({ document }) => document);
    expect(policies.filter((document) => String(document).includes("monitor/logs-errors/"))).toHaveLength(2);
  });

  it("may be watched by several monitors, by rules beside rules, and told to one receiver", () => {
    const stack = testStack();
    const stream = streamIn(stack, { rules: LogRules.fromText('e_drop_fields("a")') });
    const alert = { to: oncall() };
    watch(stack, [{ stream }], { alert });
    const rules = LogRules.fromText('e_keep(e_search("path: /admin"))');
    watch(stack, [{ stream }], { alert, match: undefined, rules }, "Admin");
    expect(Object.keys(filesOf(stack, "logs-access")).sort()).toEqual([
      "index.js",
      "monitor-Admin.json",
      "monitor-Errors.json",
      "monitor.js",
      "rules.js",
      "rules.sls",
    ]);
  });

  it("leaves a pipeline as it is that no monitor watches", () => {
    const [one, other] = [testStack(), testStack()];
    streamIn(one);
    watch(other, [{ stream: streamIn(other) }]);
    const { zip_file: plain } = functionOf(one, "logs-access");
    expect(functionOf(other, "logs-access").zip_file).not.toBe(plain);
    expect(variablesOf(one, "logs-access").LOGS_SETTINGS).not.toContain("monitors");
  });

  it("is refused where two of its monitors have one name, and where its function has too little time or room", () => {
    const stack = testStack();
    const stream = streamIn(stack);
    watch(stack, [{ stream }]);
    expect(violationsOf(() => watch(stack, [{ stream }], { monitorName: "Errors" }, "Again"))).toEqual([
      [
        "LOGS_MONITOR",
        expect.stringContaining("monitorName must be another than that of the other monitors of sources[0].stream"),
      ],
    ]);
    const small = testStack();
    const hasty = streamIn(small, { timeoutSeconds: 30, reservedConcurrencyMb: 256 });
    expect(violationsOf(() => watch(small, [{ stream: hasty }]))).toEqual([
      ["LOGS_MONITOR", expect.stringMatching(/^timeoutSeconds must be at least 40 .* got 30; a receiver that is away/)],
      ["LOGS_MONITOR_CONCURRENCY", expect.stringContaining("that of two instances at least, 512, got 256")],
    ]);
  });

  it("is refused where an output and a receiver ask for one variable with two values", () => {
    const stack = testStack();
    const stream = streamIn(stack, {
      outputs: { oncall: new WebhookOutput({ url: textToken() }) },
      processor: LogProcessor.count(),
    });
    expect(violationsOf(() => watch(stack, [{ stream }])).map(([code]) => code)).toEqual(["LOGS_SECRET_NAME"]);
  });

  it("has windows longer than its own wait, and says how long alerts wait", () => {
    const stack = testStack();
    const stream = streamIn(stack, { maxWaitSeconds: 60 });
    expect(violationsOf(() => watch(stack, [{ stream }], { window: "1m" }, "Short")).map(([, told]) => told)).toEqual([
      expect.stringContaining('window must be longer than records wait, which is 1m, got "1m"'),
    ]);
    const { node } = watch(stack, [{ stream }]);
    expect(node.metadata.map(({ data }) => String(data))).toEqual([
      "sources[0].stream waits up to 60 s for a batch, and so does an alert; set maxWaitSeconds of the pipeline to 3 where " +
        "seconds count",
    ]);
  });

  it("is a topic or a stream, and takes nothing that is for functions of the monitor", () => {
    const stack = testStack();
    const stream = streamIn(stack);
    let count = 0;
    const wrong = (source: MonitorSource) =>
      violationsOf(() => watch(stack, [source], {}, `Wrong${count++}`)).map(([, told]) => told.split(",")[0]);
    expect(wrong({})).toEqual(["sources[0] must have a topic or a stream"]);
    expect(wrong({ topic: TOPIC, stream })).toContain("sources[0] must have a topic or a stream");
    const vpc = { vpcId: "vpc-1", subnetId: "subnet-1" };
    expect(wrong({ stream, vpc, logTopic: SG, form: "push" }).sort()).toEqual(
      ["form", "logTopic", "vpc"].map((name) => `sources[0].${name} must be left out beside stream`),
    );
    expect(wrong({ topic: TOPIC, form: "pull", vpc })).toEqual(['sources[0].vpc must be left out beside form "pull"']);
    expect(wrong({ topic: TOPIC, query: "log_drop()" })).toEqual([
      expect.stringMatching(/^sources.*query must be left out where the form is push$/),
    ]);
    const [[, message]] = violationsOf(() => watch(stack, [{ stream: TOPIC as never }], {}, "None"));
    expect(message).toContain("sources[0].stream must be a stream pipeline");
  });
});

describe("a monitor over several stacks", () => {
  it("is refused where its stack and that of a function would wait for each other", () => {
    const app = Testing.app();
    const [home, far] = ["guangzhou", "singapore"].map((region) => {
      const stack = new TerraformStack(app, region);
      new TencentcloudProvider(stack, "tencentcloud", { region: `ap-${region}` });
      return stack;
    });
    const [pulled, pushed] = ["Pulled", "Pushed"].map((id) => new LogTopic(far, id, { topicName: id }));
    const records = new LogTopic(far, "Told", { topicName: "told" });
    const sources: MonitorSource[] = [
      { topic: pulled, form: "pull" },
      { topic: pushed, stack: far },
    ];
    const reason =
      "must not be of a stack that holds a function of the monitor, got one of singapore: each of the two stacks would wait " +
      "for the other; make it in another stack, or name it by its id";
    expect(violationsOf(() => watch(home, sources, { records }))).toEqual([
      ["LOGS_MONITOR", `sources[0].topic ${reason}`],
      ["LOGS_MONITOR", `records ${reason}`],
    ]);
    const byId = { ...sources[0], topic: LogTopic.fromTopicAttributes({ topicId: "topic-p", logsetId: "logset-p" }) };
    watch(home, [byId, sources[1]], {}, "ById");
    expect(() => app.synth()).not.toThrow();
  });
});

describe("the functions of a monitor", () => {
  it("run in subnets, those of other providers in that of a source, and reach what is near over the intranet", () => {
    const stack = testStack();
    const singapore = new TencentcloudProvider(stack, "singapore", { region: "ap-singapore", alias: "singapore" });
    const [near, far] = ["gz", "sg"].map((name) => ({ vpcId: `vpc-${name}`, subnetId: `subnet-${name}` }));
    watch(
      stack,
      [
        { topic: TOPIC, name: "gz" },
        { topic: SG, name: "sg", provider: singapore, vpc: far },
      ],
      { vpc: near, environment: { STAGE: "test" } },
    );
    const functions = Object.values(planOf(stack).resource.tencentcloud_scf_function);
    const placed = functions.map(({ vpc_id, subnet_id, enable_public_net, environment }) => {
      const { LOGS_SETTINGS, STAGE } = environment as Record<string, string>;
      const networks = LOGS_SETTINGS.match(/"network":"\w+"/g);
      return [vpc_id, subnet_id, enable_public_net, STAGE, networks?.join()];
    });
    const [intranet, open] = ['"network":"intranet"', '"network":"public"'];
    expect(placed.sort()).toEqual([
      ["vpc-gz", "subnet-gz", true, "test", `${intranet},${intranet}`],
      ["vpc-gz", "subnet-gz", true, "test", `${intranet},${intranet}`],
      ["vpc-sg", "subnet-sg", true, "test", `${open},${open}`],
    ]);
  });

  it("are off the public network where their user says so, and a subnet has another way", () => {
    const stack = testStack();
    const vpc = { vpcId: "vpc-1", subnetId: "subnet-1" };
    watch(stack, [{ topic: TOPIC }], { vpc, publicNetwork: false });
    const functions = Object.values(planOf(stack).resource.tencentcloud_scf_function);
    expect(functions.map((one) => one.enable_public_net)).toEqual([false, false]);
    expect(violationsOf(() => watch(testStack(), [{ topic: TOPIC }], { publicNetwork: false }))).toEqual([
      ["LOGS_FUNCTION_NETWORK", "publicNetwork must be left on without vpc, got false; SCF would turn it on again"],
    ]);
  });

  it("warn of a bucket that deletes what is open", () => {
    const warningsOf = (prefix: string | undefined): string[] => {
      const stack = testStack();
      const lifecycle = prefix === undefined ? undefined : [{ prefix, expirationDays: 30 }];
      const bucket = new LogBucket(stack, "State", { appId: APP_ID, lifecycle });
      const { node } = watch(stack, [{ topic: TOPIC }], { bucket, statePrefix: "monitor/" });
      return node.metadata.map(({ data }) => String(data));
    };
    const told = "where the state lies: a group that is open for longer would be told as new";
    expect(warningsOf(undefined)).toEqual([expect.stringContaining(`bucket deletes what is old below "", ${told}`)]);
    expect(warningsOf("monitor/claims/")).toHaveLength(1);
    for (const prefix of ["monitor/quarantine/", "cls/"]) expect(warningsOf(prefix)).toEqual([]);
  });

  it("mute nothing by a date that is past, which synth says", () => {
    const mute = [{ until: "2026-01-31T08:00:00+08:00" }];
    const { node } = watch(testStack(), [{ topic: TOPIC }], { mute });
    expect(node.metadata.map(({ data }) => String(data))).toEqual([
      "mute[0].until lies in the past, and mutes nothing, got 2026-01-31T00:00:00Z; take it away, or correct the date",
    ]);
  });

  it("keep in a bucket of their own what is open for as long as it is, and what nobody took for 90 days", () => {
    const stack = testStack();
    watch(stack, [{ topic: TOPIC }]);
    const [{ lifecycle_rules: rules }] = Object.values(planOf(stack).resource.tencentcloud_cos_bucket);
    expect(rules).toEqual([
      { id: "logs-1", filter_prefix: "monitor/logs-errors/quarantine/", expiration: { days: 90 } },
    ]);
  });
});

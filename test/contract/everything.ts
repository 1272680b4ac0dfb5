import { TerraformStack, TerraformVariable, type App } from "cdktf";
import {
  AlertReceiver,
  CkafkaOutput,
  ClsEventSource,
  ClsOutput,
  ClsStreamPipeline,
  CosBatchPipeline,
  CosEventSource,
  CosOutput,
  CosShipper,
  DataTransform,
  ElasticsearchOutput,
  FUNCTION_LOG_INDEX,
  FunctionCode,
  FunctionRole,
  FunctionUrl,
  LiveLog,
  LogAccountRoles,
  LogBucket,
  LogFunction,
  LogMonitor,
  LogFormat,
  LogRules,
  Logset,
  LogTopic,
  OtlpOutput,
  PipelineDashboard,
  RuleTransform,
  TimerEventSource,
  TopicIndex,
  WebhookOutput,
} from "../../lib";
import { TencentcloudProvider } from "../../lib/tencentcloud";

const APP_ID = "1250000000";

/**
 * A stack with one of every construct and output of the package, named as the package names them. What is new is added;
 * what stands here stays as it is, for its names are the contract.
 */
export function everything(app: App): TerraformStack {
  const stack = new TerraformStack(app, "everything");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
  new LogAccountRoles(stack, "AccountRoles");

  const logset = new Logset(stack, "Logset");
  const topic = (id: string, props = {}): LogTopic => new LogTopic(stack, id, { logset, ...props });
  const bucket = new LogBucket(stack, "Bucket", { appId: APP_ID });
  const log = topic("FunctionLog", { index: FUNCTION_LOG_INDEX });
  addFunction(stack, { topic: topic("Watched"), log, bucket });
  addPieces(stack, { source: topic("Source", { index: false }), target: topic("Target"), bucket });
  addPipelines(stack, { topic, log, bucket });
  addLive(stack, log);
  addMonitor(stack, topic("Monitored"));
  return stack;
}

/** A function with each kind of event source, and all that is made where it fails. */
function addFunction(stack: TerraformStack, on: { topic: LogTopic; log: LogTopic; bucket: LogBucket }): void {
  const worker = new LogFunction(stack, "Worker", {
    code: FunctionCode.fromFiles({ "index.js": "exports.main_handler = async () => undefined;" }),
    role: new FunctionRole(stack, "WorkerRole"),
    logTopic: on.log,
    retryAttempts: 1,
    maxEventAgeSeconds: 3600,
    reservedConcurrencyMb: 512,
    alarm: { email: [100000000001] },
  });
  worker.addEventSource(new TimerEventSource({ cron: "0 */5 * * * * *" }));
  worker.addEventSource(new ClsEventSource(on.topic));
  worker.addEventSource(new CosEventSource(on.bucket, { prefix: "incoming/" }));
}

/** What pipelines make for themselves, made by hand. */
function addPieces(stack: TerraformStack, on: { source: LogTopic; target: LogTopic; bucket: LogBucket }): void {
  new TopicIndex(stack, "Index", { topicId: on.source.topicId });
  new CosShipper(stack, "Shipper", { topic: on.source, bucket: on.bucket });
  new DataTransform(stack, "DataTransform", {
    topic: on.source,
    content: 'log_output("target")',
    destinations: [{ alias: "target", topic: on.target }],
  });
}

/** Each pipeline once with all of its own, and once with what the user has. */
function addPipelines(
  stack: TerraformStack,
  on: { topic: (id: string) => LogTopic; log: LogTopic; bucket: LogBucket },
): void {
  const { topic, log, bucket } = on;
  const rules = LogRules.fromText('e_set("level", "info")');
  const outputs = (target: LogTopic) => ({ records: new ClsOutput(target) });
  const hook = new TerraformVariable(stack, "hook", { sensitive: true });

  new CosBatchPipeline(stack, "Batch", { topic: topic("BatchInput"), appId: APP_ID });
  new CosBatchPipeline(stack, "BatchInBucket", {
    topic: topic("BatchInBucketInput"),
    bucket,
    outputs: { records: new CosOutput(bucket) },
  });
  new CosBatchPipeline(stack, "FromCos", { source: { bucket, prefix: "from-cos/" } });
  new ClsStreamPipeline(stack, "Stream", { topic: topic("StreamInput"), appId: APP_ID });
  const streamOut = new ClsStreamPipeline(stack, "StreamOut", {
    topic: topic("StreamOutInput"),
    bucket,
    outputs: {
      records: new CosOutput(bucket, { prefix: "stream-out/" }),
      topic: new ClsOutput(topic("StreamOutTarget")),
      kafka: new CkafkaOutput({ brokers: ["10.0.0.1:9092"], topic: "logs" }),
      hook: new WebhookOutput({ url: hook.stringValue }),
      search: new ElasticsearchOutput({ url: hook.stringValue, index: "logs" }),
      collector: new OtlpOutput({ url: hook.stringValue }),
      lake: new CosOutput(bucket, { prefix: "lake/", format: LogFormat.parquet() }),
    },
    defaultOutput: "records",
    logTopic: log,
    alarm: { email: [100000000001] },
  });
  new PipelineDashboard(stack, "StreamDashboard", { pipeline: streamOut });
  new RuleTransform(stack, "RulesInFunction", {
    topic: topic("RulesInput"),
    rules,
    bucket,
    outputs: outputs(topic("RulesTarget")),
  });
  new RuleTransform(stack, "RulesNative", {
    engine: "native",
    topic: topic("NativeInput"),
    rules,
    outputs: outputs(topic("NativeTarget")),
  });
}

/** A monitor of a topic. */
function addMonitor(stack: TerraformStack, topic: LogTopic): void {
  const oncall = new TerraformVariable(stack, "oncall", { sensitive: true });
  new LogMonitor(stack, "Errors", {
    sources: [{ topic }],
    match: { status: "^5" },
    alert: { to: AlertReceiver.json({ url: oncall.stringValue }) },
    appId: APP_ID,
  });
}

/** A function whose log is live, behind a URL, and who may tail it. */
function addLive(stack: TerraformStack, log: LogTopic): void {
  const live = new LiveLog(stack, "Live", { appId: APP_ID });
  const watched = new LogFunction(stack, "WatchedFunction", {
    code: FunctionCode.fromFiles({ "index.js": "exports.main_handler = async () => undefined;" }),
    liveLog: live,
    logTopic: log,
  });
  watched.addEventSource(new FunctionUrl({ auth: "cam" }));
  live.grantTail(FunctionRole.fromRoleName(stack, "Operators", "operators"));
}

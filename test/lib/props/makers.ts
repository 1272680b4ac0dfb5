import type { TerraformStack } from "cdktf";
import {
  AlertReceiver,
  CkafkaOutput,
  ClsDelivery,
  ClsEventSource,
  ClsOutput,
  ClsStreamPipeline,
  CosBatchPipeline,
  CosEventSource,
  CosOutput,
  CosShipper,
  DataTransform,
  ElasticsearchOutput,
  FailureAlarm,
  FunctionCode,
  FunctionRole,
  FunctionUrl,
  FunctionUrlTrigger,
  LiveLog,
  LogAccountRoles,
  LogBucket,
  LogContent,
  LogFormat,
  LogFunction,
  LogMonitor,
  LogProcessor,
  LogRules,
  Logset,
  LogTopic,
  OtlpOutput,
  PipelineDashboard,
  RuleTransform,
  TimerEventSource,
  TimerTrigger,
  TopicIndex,
  WebhookOutput,
  type CosBatchPipelineProps,
  type ILogTopic,
  type IOutput,
} from "../../../lib";
import { testFunction, textToken } from "../support/stack";

/** How something that takes props is made; the props are those of the {@link Maker.base}, but for one. */
export interface Maker {
  /**
   * The least that it needs, and all that holds props of its own: an object, a list with an item, a map with a value.
   * Props that are refused beside others are left to another maker, or to {@link Maker.other}.
   */
  readonly base: (stack: TerraformStack) => Readonly<Record<string, unknown>>;
  /** The same with what is refused beside props of the base and holds props of its own. */
  readonly other?: (stack: TerraformStack) => Readonly<Record<string, unknown>>;
  readonly make: (stack: TerraformStack, props: never) => unknown;
}

const APP_ID = "1250000000";
const TOPIC = LogTopic.fromTopicAttributes({ topicId: "topic-1", logsetId: "logset-1" });
const OTHER = LogTopic.fromTopicAttributes({ topicId: "topic-2", logsetId: "logset-1" });
const RULES = LogRules.fromText('e_set("a", "1")');

/** A folder with a handler in it. */
const HANDLER = "test/lib/support/handler";

const bucketIn = (stack: TerraformStack) => LogBucket.fromBucketName(stack, "Lake", "lake-1250000000");

/** What a pipeline's function may be told; each holds props of its own. */
const RUNTIME = {
  logTopic: LogTopic.fromTopicAttributes({ topicId: "log-1", logsetId: "logset-1" }),
  alarm: { notice: "notice-1" },
  vpc: { vpcId: "vpc-1", subnetId: "subnet-1" },
};

const PIPELINE = {
  ...RUNTIME,
  topic: TOPIC,
  appId: APP_ID,
  lifecycle: [{ expirationDays: 90 }],
  encryption: "KMS",
  outputs: { out: new ClsOutput(OTHER) },
  sample: { keep: 0.1, by: "trace_id" },
  catchUp: {},
} as const;

const pipelineOf = (stack: TerraformStack, props: Partial<CosBatchPipelineProps>) =>
  new CosBatchPipeline(stack, "Batch", { topic: TOPIC, appId: APP_ID, ...props });

/** An output of a pipeline. */
const outputOf = (stack: TerraformStack, output: IOutput) => pipelineOf(stack, { outputs: { out: output } });

/** Names the region, the topic and its logset, where that is known. */
function useTopic(stack: TerraformStack, topic: ILogTopic): void {
  const worker = testFunction(stack);
  topic.grantWrite(worker);
  if (topic.logsetId !== undefined) topic.grantRead(worker);
}

const nothing = () => ({});

/** A monitor that tells a receiver. */
const receiverOf = (stack: TerraformStack, to: AlertReceiver) =>
  new LogMonitor(stack, "Monitor", {
    sources: [{ topic: TOPIC }],
    match: { status: "^5" },
    alert: { to },
    appId: APP_ID,
  });

/** Services that a monitor may tell. */
const RECEIVERS = ["wecom", "dingtalk", "feishu", "slack", "json"] as const;

/** By what is made: a class, or its static method. */
export const MAKERS: Readonly<Record<string, Maker>> = {
  LogAccountRoles: { base: nothing, make: (stack, props) => new LogAccountRoles(stack, "Made", props) },
  FunctionRole: { base: nothing, make: (stack, props) => new FunctionRole(stack, "Made", props) },
  "FunctionRole.fromRoleName": {
    base: nothing,
    make: (stack, props) =>
      TOPIC.grantWrite(
        testFunction(stack, "F", { role: FunctionRole.fromRoleName(stack, "Made", "their-role", props) }),
      ),
  },
  Logset: { base: nothing, make: (stack, props) => new Logset(stack, "Made", props) },
  LogTopic: {
    base: () => ({ index: { fields: { level: { type: "text" } } } }),
    make: (stack, props) => useTopic(stack, new LogTopic(stack, "Made", props)),
  },
  "LogTopic.fromTopicAttributes": {
    base: () => ({ topicId: "topic-1", logsetId: "logset-1" }),
    make: (stack, props) => useTopic(stack, LogTopic.fromTopicAttributes(props)),
  },
  TopicIndex: {
    base: () => ({ topicId: "topic-1", fields: { level: { type: "text" } } }),
    make: (stack, props) => new TopicIndex(stack, "Made", props),
  },
  CosShipper: {
    base: (stack) => ({ topic: TOPIC, bucket: bucketIn(stack) }),
    make: (stack, props) => new CosShipper(stack, "Made", props),
  },
  DataTransform: {
    base: () => ({ topic: TOPIC, content: "fields_drop()", destinations: [{ alias: "a", topic: OTHER }] }),
    make: (stack, props) => new DataTransform(stack, "Made", props),
  },
  LogBucket: {
    base: () => ({ appId: APP_ID, lifecycle: [{ expirationDays: 90 }], encryption: "KMS" }),
    make: (stack, props) => new LogBucket(stack, "Made", props).grantRead(testFunction(stack)),
  },
  "LogBucket.fromBucketName": {
    base: nothing,
    make: (stack, props) =>
      testFunction(stack).addEventSource(
        new CosEventSource(LogBucket.fromBucketName(stack, "Made", "lake-1250000000", props)),
      ),
  },
  CkafkaOutput: {
    base: () => ({ brokers: ["b:9092"], topic: "logs", username: "u", password: textToken() }),
    make: (stack, props) => outputOf(stack, new CkafkaOutput(props)),
  },
  ClsOutput: { base: nothing, make: (stack, props) => outputOf(stack, new ClsOutput(OTHER, props)) },
  CosOutput: { base: nothing, make: (stack, props) => outputOf(stack, new CosOutput(bucketIn(stack), props)) },
  ElasticsearchOutput: {
    base: () => ({ url: textToken(), index: "access", username: "u", password: textToken() }),
    make: (stack, props) => outputOf(stack, new ElasticsearchOutput(props)),
  },
  OtlpOutput: {
    base: () => ({
      url: textToken(),
      headers: { "x-scope-orgid": "a" },
      secretHeaders: { authorization: textToken() },
      resource: { "service.name": "shop" },
      resourceFields: { "host.name": "host" },
    }),
    make: (stack, props) => outputOf(stack, new OtlpOutput(props)),
  },
  WebhookOutput: {
    base: () => ({ url: textToken() }),
    make: (stack, props) => outputOf(stack, new WebhookOutput(props)),
  },
  CosBatchPipeline: {
    base: () => ({ ...PIPELINE, shipping: {} }),
    other: (stack) => ({ bucket: bucketIn(stack), source: { bucket: "in-1250000000", prefix: "in/", suffix: ".log" } }),
    make: (stack, props) => new CosBatchPipeline(stack, "Made", props),
  },
  ClsStreamPipeline: { base: () => PIPELINE, make: (stack, props) => new ClsStreamPipeline(stack, "Made", props) },
  RuleTransform: {
    base: () => ({ ...PIPELINE, rules: RULES }),
    make: (stack, props) => new RuleTransform(stack, "Made", props),
  },
  "LogContent.json": {
    base: nothing,
    make: (stack, props) => pipelineOf(stack, { content: LogContent.json(props) }),
  },
  "LogContent.jsonLines": {
    base: nothing,
    make: (stack, props) => pipelineOf(stack, { content: LogContent.jsonLines(props) }),
  },
  "LogContent.lines": {
    base: nothing,
    make: (stack, props) => pipelineOf(stack, { content: LogContent.lines(props) }),
  },
  "LogContent.csv": {
    base: nothing,
    make: (stack, props) => pipelineOf(stack, { content: LogContent.csv(props) }),
  },
  "LogContent.preset": {
    base: nothing,
    make: (stack, props) => pipelineOf(stack, { content: LogContent.preset("edgeone", props) }),
  },
  "LogContent.multiline": {
    base: () => ({ startPattern: "^x" }),
    make: (stack, props) => pipelineOf(stack, { content: LogContent.multiline(props) }),
  },
  "LogFormat.parquet": {
    base: nothing,
    make: (stack, props) => outputOf(stack, new CosOutput(bucketIn(stack), { format: LogFormat.parquet(props) })),
  },
  "LogProcessor.count": {
    base: nothing,
    make: (stack, props) => pipelineOf(stack, { processor: LogProcessor.count(props) }),
  },
  "LogProcessor.fromEntry": {
    base: nothing,
    make: (stack, props) =>
      pipelineOf(stack, { processor: LogProcessor.fromEntry("examples/own-processor/enrich", props) }),
  },
  "LogRules.fromText": {
    base: nothing,
    make: (stack, props) => pipelineOf(stack, { rules: LogRules.fromText("e_drop()", props) }),
  },
  "LogRules.fromFile": {
    base: nothing,
    make: (stack, props) =>
      pipelineOf(stack, {
        rules: LogRules.fromFile("examples/rules-migration/rules/access-native.sls", props),
        outputs: { errors: new ClsOutput(OTHER), requests: new ClsOutput(OTHER) },
        defaultOutput: "requests",
      }),
  },
  "FunctionCode.fromDirectory": {
    base: nothing,
    make: (stack, props) => testFunction(stack, "F", { code: FunctionCode.fromDirectory(HANDLER, props) }),
  },
  "FunctionCode.fromEntry": {
    base: nothing,
    make: (stack, props) => testFunction(stack, "F", { code: FunctionCode.fromEntry(`${HANDLER}/index`, props) }),
  },
  ...Object.fromEntries(
    RECEIVERS.map((format): [string, Maker] => [
      `AlertReceiver.${format}`,
      {
        base: () => ({ url: textToken() }),
        make: (stack, props) => receiverOf(stack, AlertReceiver[format](props)),
      },
    ]),
  ),
  LogMonitor: {
    base: () => {
      const to = AlertReceiver.json({ url: textToken() });
      const { vpc } = RUNTIME;
      return {
        sources: [{ topic: TOPIC, labels: { team: "sea" }, vpc }],
        vpc,
        environment: { STAGE: "test" },
        match: { status: "^5" },
        group: ["service"],
        threshold: { count: 2, within: "1m" },
        missing: { for: "15m" },
        alert: { to, also: [{ to, labels: { region: "ap-guangzhou" } }] },
        labels: { app: "shop" },
        quiet: [{ from: "22:00", to: "08:00", zone: "Asia/Shanghai" }],
        mute: [{ group: { service: "a" }, until: "2099-12-24T08:00:00+08:00" }],
        sample: { fields: ["a"], around: 3 },
        display: { zone: "Asia/Shanghai" },
        heartbeat: { to, every: "5m" },
        logTopic: RUNTIME.logTopic,
        alarm: RUNTIME.alarm,
        notice: "notice-1",
        appId: APP_ID,
      };
    },
    make: (stack, props) => new LogMonitor(stack, "Made", props),
  },
  PipelineDashboard: {
    base: (stack) => ({ pipeline: pipelineOf(stack, { logTopic: RUNTIME.logTopic }) }),
    make: (stack, props) => new PipelineDashboard(stack, "Made", props),
  },
  LiveLog: {
    base: () => ({ appId: APP_ID }),
    make: (stack, props) => {
      const live = new LiveLog(stack, "Made", props);
      testFunction(stack, "F", { liveLog: live });
      live.grantTail(FunctionRole.fromRoleName(stack, "Operators", "operators"));
    },
  },
  LogFunction: {
    base: () => ({ ...RUNTIME, code: FunctionCode.fromFiles({ "index.js": "" }) }),
    make: (stack, props) => new LogFunction(stack, "Made", props).addEventSource(new ClsEventSource(TOPIC)),
  },
  "LogFunction.fromFunctionAttributes": {
    base: (stack) => ({ functionName: "theirs", role: FunctionRole.fromRoleName(stack, "Role", "their-role") }),
    make: (stack, props) => new ClsEventSource(TOPIC).bind(LogFunction.fromFunctionAttributes(stack, "Made", props)),
  },
  FailureAlarm: {
    base: () => ({ notice: "notice-1" }),
    make: (stack, props) => new FailureAlarm(testFunction(stack, "F", { logTopic: OTHER }), "Made", props),
  },
  FunctionUrl: {
    base: () => ({ auth: "cam", intranet: true }),
    make: (stack, props) => testFunction(stack).addEventSource(new FunctionUrl(props)),
  },
  FunctionUrlTrigger: {
    base: () => ({ auth: "cam", intranet: true }),
    make: (stack, props) => new FunctionUrlTrigger(testFunction(stack), "Made", props),
  },
  ClsEventSource: {
    base: nothing,
    make: (stack, props) => testFunction(stack).addEventSource(new ClsEventSource(TOPIC, props)),
  },
  ClsDelivery: { base: nothing, make: (stack, props) => new ClsDelivery(testFunction(stack), "Made", TOPIC, props) },
  CosEventSource: {
    base: nothing,
    make: (stack, props) => testFunction(stack).addEventSource(new CosEventSource(bucketIn(stack), props)),
  },
  TimerEventSource: {
    base: () => ({ cron: "0 */5 * * * * *" }),
    make: (stack, props) => testFunction(stack).addEventSource(new TimerEventSource(props)),
  },
  TimerTrigger: {
    base: () => ({ cron: "0 */5 * * * * *", triggerName: "made" }),
    make: (stack, props) => new TimerTrigger(testFunction(stack), "Made", props),
  },
};

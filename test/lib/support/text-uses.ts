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
  LiveLog,
  LogBucket,
  LogContent,
  LogFormat,
  LogFunction,
  LogMonitor,
  LogRules,
  LogTopic,
  OtlpOutput,
  Logset,
  PipelineDashboard,
  RuleTransform,
  TimerEventSource,
  TopicIndex,
  WebhookOutput,
  type ClsStreamPipelineProps,
  type CosBatchPipelineProps,
  type PresetDefinition,
  type IOutput,
  type LogFunctionProps,
  type LogMonitorProps,
  type LogTopicAttributes,
  type LogTopicProps,
  type ParquetOptions,
  type ShippingProps,
  type TimerEventSourceProps,
  type TopicIndexProps,
} from "../../../lib";
import type { TerraformStack } from "../../../lib/framework";
import { testFunction, textToken } from "./stack";

const APP_ID = "1250000000";
/** A batch pipeline without a topic. */
const SOURCE = { topic: undefined };
/** A folder with files in it. */
const EXAMPLE = __dirname;

/**
 * How a user's text gets into a plan, by the interface and the member for it. Each builds, in a separate stack,
 * something that renders the text and no other text of a user.
 */
export const USES: Readonly<Record<string, (text: string, stack: TerraformStack) => unknown>> = {
  "CommonProps.tags": (text, stack) => new LogTopic(stack, "Topic", { tags: { [text]: text } }),
  "RegionalProps.region": (text, stack) => inBucket(stack, new LogBucket(stack, "B", { appId: APP_ID, region: text })),
  "LogBucketProps.kmsKeyId": (text, stack) =>
    new LogBucket(stack, "B", { appId: APP_ID, encryption: "KMS", kmsKeyId: text }),
  "ProcessingProps.kmsKeyId": (text, stack) => batch(stack, { encryption: "KMS", kmsKeyId: text }),
  "FunctionRoleProps.roleName": (text, stack) => new FunctionRole(stack, "Role", { roleName: text }),
  "FunctionRoleProps.description": (text, stack) => new FunctionRole(stack, "Role", { description: text }),
  "PolicyStatement.action": (text, stack) => testFunction(stack).addToPolicy({ action: [text], resource: ["*"] }),
  "PolicyStatement.resource": (text, stack) => testFunction(stack).addToPolicy({ action: ["a"], resource: [text] }),
  "ShippingProps.prefix": (text, stack) => shipper(stack, { prefix: text }),
  "ShippingProps.partition": (text, stack) => shipper(stack, { partition: text }),
  "ShippingProps.timeZone": (text, stack) => shipper(stack, { timeZone: text }),
  "CosShipperProps.shipperName": (text, stack) => shipper(stack, { shipperName: text }),
  "TransformDestination.alias": (text, stack) => transform(stack, { alias: text }),
  "DataTransformProps.content": (text, stack) => transform(stack, { content: text }),
  "DataTransformProps.transformName": (text, stack) => transform(stack, { transformName: text }),
  "ILogset.logsetId": (text, stack) => new LogTopic(stack, "Topic", { logset: Logset.fromLogsetId(text) }),
  "LogsetProps.logsetName": (text, stack) => new Logset(stack, "Logset", { logsetName: text }),
  "FieldIndex.tokenizer": (text, stack) => index(stack, { fields: { a: { type: "text", tokenizer: text } } }),
  "TopicIndexProps.fields": (text, stack) => index(stack, { fields: { [text]: { type: "long" } } }),
  "LogTopicAttributes.topicId": (text, stack) => onTopic(stack, { topicId: text }),
  "LogTopicAttributes.logsetId": (text, stack) => onTopic(stack, { topicId: "t", logsetId: text }),
  "LogTopicAttributes.region": (text, stack) => onTopic(stack, { topicId: "t", logsetId: "l", region: text }),
  "LogTopicProps.topicName": (text, stack) => new LogTopic(stack, "Topic", { topicName: text }),
  "LogTopicProps.description": (text, stack) => new LogTopic(stack, "Topic", { description: text }),
  "LifecycleRule.prefix": (text, stack) =>
    new LogBucket(stack, "B", { appId: APP_ID, lifecycle: [{ prefix: text, expirationDays: 1 }] }),
  "LogBucketProps.bucketName": (text, stack) => inBucket(stack, new LogBucket(stack, "B", { bucketName: text })),
  "LogBucketProps.appId": (text, stack) => inBucket(stack, new LogBucket(stack, "B", { appId: text })),
  "LiveLogProps.appId": (text, stack) => worker(stack, { liveLog: new LiveLog(stack, "Live", { appId: text }) }),
  "LiveLogProps.topicName": (text, stack) => new LiveLog(stack, "Live", { topicName: text }),
  "DirectoryCodeOptions.handler": (text, stack) =>
    worker(stack, { code: FunctionCode.fromDirectory(EXAMPLE, { handler: text }) }),
  "CkafkaOutputProps.brokers": (text, stack) => out(stack, new CkafkaOutput({ brokers: [text], topic: "t" })),
  "CkafkaOutputProps.topic": (text, stack) => out(stack, new CkafkaOutput({ brokers: ["a:1"], topic: text })),
  "CkafkaOutputProps.username": (text, stack) =>
    out(stack, new CkafkaOutput({ brokers: ["a:1"], topic: "t", username: text, password: textToken() })),
  "CkafkaOutputProps.password": (text, stack) =>
    out(stack, new CkafkaOutput({ brokers: ["a:1"], topic: "t", username: "u", password: text })),
  "CosOutputProps.prefix": (text, stack) => out(stack, new CosOutput(bucketOf(stack), { prefix: text })),
  "ServerOutputProps.url": (text, stack) => out(stack, new OtlpOutput({ url: text })),
  "ServerOutputProps.timeField": (text, stack) => out(stack, new OtlpOutput({ url: textToken(), timeField: text })),
  "ElasticsearchOutputProps.index": (text, stack) =>
    out(stack, new ElasticsearchOutput({ url: textToken(), index: text })),
  "ElasticsearchOutputProps.username": (text, stack) =>
    out(stack, new ElasticsearchOutput({ url: textToken(), index: "a", username: text, password: textToken() })),
  "ElasticsearchOutputProps.password": (text, stack) =>
    out(stack, new ElasticsearchOutput({ url: textToken(), index: "a", username: "u", password: text })),
  "ElasticsearchOutputProps.apiKey": (text, stack) =>
    out(stack, new ElasticsearchOutput({ url: textToken(), index: "a", apiKey: text })),
  "OtlpOutputProps.headers": (text, stack) =>
    out(stack, new OtlpOutput({ url: textToken(), headers: { "x-a": text } })),
  "OtlpOutputProps.secretHeaders": (text, stack) =>
    out(stack, new OtlpOutput({ url: textToken(), secretHeaders: { "x-a": text } })),
  "OtlpOutputProps.resource": (text, stack) =>
    out(stack, new OtlpOutput({ url: textToken(), resource: { [text]: text } })),
  "OtlpOutputProps.resourceFields": (text, stack) =>
    out(stack, new OtlpOutput({ url: textToken(), resourceFields: { [text]: text } })),
  "OtlpOutputProps.severityField": (text, stack) =>
    out(stack, new OtlpOutput({ url: textToken(), severityField: text })),
  "OtlpOutputProps.bodyField": (text, stack) => out(stack, new OtlpOutput({ url: textToken(), bodyField: text })),
  "OtlpOutputProps.traceIdField": (text, stack) => out(stack, new OtlpOutput({ url: textToken(), traceIdField: text })),
  "OtlpOutputProps.spanIdField": (text, stack) => out(stack, new OtlpOutput({ url: textToken(), spanIdField: text })),
  "ParquetOptions.schema": (text, stack) => out(stack, parquetIn(stack, { schema: { [text]: "string" } })),
  "ParquetOptions.partitionBy": (text, stack) => out(stack, parquetIn(stack, { partitionBy: text })),
  "ParquetOptions.timeField": (text, stack) => out(stack, parquetIn(stack, { timeField: text })),
  "ParquetOptions.utcOffset": (text, stack) => out(stack, parquetIn(stack, { utcOffset: text })),
  "WebhookOutputProps.url": (text, stack) => out(stack, new WebhookOutput({ url: text })),
  "WebhookOutputProps.signatureKey": (text, stack) =>
    out(stack, new WebhookOutput({ url: textToken(), signatureKey: text })),
  "ProcessingProps.appId": (text, stack) => stream(stack, { appId: text, outputs: undefined, bucket: undefined }),
  "ProcessingProps.defaultOutput": (text, stack) =>
    stream(stack, { defaultOutput: text, outputs: { [text]: new CosOutput(bucketOf(stack)) } }),
  "ProcessingProps.quarantinePrefix": (text, stack) => stream(stack, { quarantinePrefix: text }),
  "ProcessingProps.functionName": (text, stack) => stream(stack, { functionName: text }),
  "CosSourceProps.bucket": (text, stack) => batch(stack, { ...SOURCE, source: { bucket: text, prefix: "in/" } }),
  "CosSourceProps.prefix": (text, stack) => batch(stack, { ...SOURCE, source: { prefix: `in/${text}` } }),
  "CosSourceProps.prefixes": (text, stack) =>
    batch(stack, { ...SOURCE, source: { prefixes: [`in/${text}`, "other/"] } }),
  "CosSourceProps.suffix": (text, stack) => batch(stack, { ...SOURCE, source: { prefix: "in/", suffix: `.${text}` } }),
  "RuleTransformProps.transformName": (text, stack) =>
    new RuleTransform(stack, "Rules", {
      engine: "native",
      topic: topicOf(stack),
      rules: LogRules.fromText('e_set("a", "b")'),
      outputs: { records: new ClsOutput(new LogTopic(stack, "Target")) },
      transformName: text,
    }),
  "PipelineDashboardProps.dashboardName": (text, stack) => {
    const logTopic = LogTopic.fromTopicAttributes({ topicId: "log", logsetId: "l" });
    new PipelineDashboard(stack, "Dashboard", { pipeline: batch(stack, { logTopic }), dashboardName: text });
  },
  "SampleProps.by": (text, stack) =>
    batch(stack, { outputs: { out: new ClsOutput(new LogTopic(stack, "Out")) }, sample: { keep: 1, by: text } }),
  "CsvOptions.header": (text, stack) => batch(stack, { content: LogContent.csv({ header: [text] }) }),
  "CsvOptions.delimiter": (text, stack) => batch(stack, { content: LogContent.csv({ header: true, delimiter: text }) }),
  "CsvOptions.quote": (text, stack) => batch(stack, { content: LogContent.csv({ header: true, quote: text }) }),
  "CsvOptions.escape": (text, stack) => batch(stack, { content: LogContent.csv({ header: true, escape: text }) }),
  "CsvOptions.comment": (text, stack) => batch(stack, { content: LogContent.csv({ header: true, comment: text }) }),
  "MultilineOptions.startPattern": (text, stack) =>
    batch(stack, { content: LogContent.multiline({ startPattern: asPattern(text) }) }),
  "PresetFields.encoding": (text, stack) => preset(stack, { encoding: text }),
  "PresetFields.integers": (text, stack) => preset(stack, { integers: [text] }),
  "PresetFields.numbers": (text, stack) => preset(stack, { numbers: [text] }),
  "PresetFields.booleans": (text, stack) => preset(stack, { booleans: [text] }),
  "PresetFields.times": (text, stack) => preset(stack, { times: { [text]: `%Y-%m-%d${text}` } }),
  "PresetFields.zone": (text, stack) => preset(stack, { zone: text }),
  "PresetFields.timestamp": (text, stack) => preset(stack, { times: { [text]: "iso" }, timestamp: text }),
  "PresetFields.none": (text, stack) => preset(stack, { none: [text] }),
  "PresetDefinition.name": (text, stack) => preset(stack, { name: text }),
  "PresetDefinition.columns": (text, stack) => preset(stack, { json: undefined, columns: [text] }),
  "PresetDefinition.delimiter": (text, stack) => preset(stack, { json: undefined, columns: true, delimiter: text }),
  "PresetDefinition.quote": (text, stack) => preset(stack, { json: undefined, columns: true, quote: text }),
  "PresetDefinition.escape": (text, stack) => preset(stack, { json: undefined, columns: true, escape: text }),
  "PresetDefinition.moreColumns": (text, stack) =>
    preset(stack, { json: undefined, columns: ["a"], moreColumns: text }),
  "PresetDefinition.pattern": (text, stack) =>
    preset(stack, { json: undefined, pattern: `(?<a>a)${asPattern(text).slice(1)}` }),
  "PresetDefinition.startPattern": (text, stack) =>
    preset(stack, { json: undefined, pattern: "(?<a>a)", startPattern: asPattern(text) }),
  "ClsEventSourceProps.qualifier": (text, stack) =>
    testFunction(stack).addEventSource(new ClsEventSource(topicOf(stack), { qualifier: text })),
  "CosEventSourceProps.prefix": (text, stack) =>
    testFunction(stack).addEventSource(new CosEventSource(bucketOf(stack), { prefix: text })),
  "CosEventSourceProps.suffix": (text, stack) =>
    testFunction(stack).addEventSource(new CosEventSource(bucketOf(stack), { suffix: text })),
  "TriggerProps.qualifier": (text, stack) =>
    testFunction(stack).addEventSource(new CosEventSource(bucketOf(stack), { qualifier: text })),
  "FailureAlarmProps.notice": (text, stack) =>
    worker(stack, { logTopic: topicOf(stack, { index: FUNCTION_LOG_INDEX }), alarm: { notice: text } }),
  "FailureAlarmProps.webhook": (text, stack) =>
    worker(stack, { logTopic: topicOf(stack, { index: FUNCTION_LOG_INDEX }), alarm: { webhook: text } }),
  "LogFunctionAttributes.functionName": (text, stack) => timerOn(stack, { functionName: text }),
  "LogFunctionAttributes.namespace": (text, stack) => timerOn(stack, { functionName: "worker", namespace: text }),
  "FunctionRuntimeProps.vpc.vpcId": (text, stack) => worker(stack, { vpc: { vpcId: text, subnetId: "subnet-a" } }),
  "FunctionRuntimeProps.vpc.subnetId": (text, stack) => worker(stack, { vpc: { vpcId: "vpc-a", subnetId: text } }),
  "LogFunctionProps.handler": (text, stack) => worker(stack, { handler: text }),
  "LogFunctionProps.runtime": (text, stack) => worker(stack, { runtime: text }),
  "LogFunctionProps.functionName": (text, stack) => worker(stack, { functionName: text }),
  "LogFunctionProps.namespace": (text, stack) => worker(stack, { namespace: text, retryAttempts: 1 }),
  "LogFunctionProps.description": (text, stack) => worker(stack, { description: text }),
  "FunctionRuntimeProps.environment": (text, stack) => worker(stack, { environment: { A: text } }),
  "MonitorSource.name": (text, stack) => monitor(stack, { sources: [{ topic: topicOf(stack), name: text }] }),
  "LogMonitorProps.appId": (text, stack) => monitor(stack, { appId: text }),
  "LogMonitorProps.statePrefix": (text, stack) => monitor(stack, { statePrefix: text }),
  "AlertReceiverProps.url": (text, stack) => monitor(stack, { alert: { to: AlertReceiver.slack({ url: text }) } }),
  "AlertReceiverProps.signatureKey": (text, stack) =>
    monitor(stack, { alert: { to: AlertReceiver.feishu({ url: textToken(), signatureKey: text }) } }),
  "TimerEventSourceProps.cron": (text, stack) => timer(stack, `${text} 0 * * * * *`),
  "TimerEventSourceProps.triggerName": (text, stack) => timer(stack, "0 0 * * * * *", { triggerName: text }),
  "TimerEventSourceProps.message": (text, stack) => timer(stack, "0 0 * * * * *", { message: text }),
};

/** Values that are read at synth, so that only text is allowed. */
export const ONLY_TEXT =
  /^(DirectoryCodeOptions|SampleProps|MultilineOptions|ProcessingProps\.defaultOutput|CosSourceProps\.prefixes|Preset(?:Fields|Definition)|CsvOptions|ParquetOptions|TimerEventSourceProps\.triggerName|MonitorSource\.name)/;

/**
 * Interfaces whose texts are read at synth, or returned by us, and are not in plans. A monitor's conditions and routes
 * are in a file of its zip.
 */
export const NOT_IN_PLANS =
  /^(CosSource|MonitorSource(?=\.(?:labels|query))|MonitorRoute|LogMonitorProps(?!\.(?:appId|statePrefix)$)|AlertReceiverProps(?=\.name)|Violation|Finding|LogPipelineChecksProps|BundleOptions|Bundle|RulesCheck|NativeText|I[A-Z]\w+|DirectoryCodeOptions(?=\.exclude))\./;

/** A pattern that matches the text; most of these texts are not valid patterns. */
export function asPattern(text: string): string {
  return `^${text.replace(/[$%{}()+*?.|]/g, "\\$&")}`;
}

const parquetIn = (stack: TerraformStack, options: ParquetOptions) =>
  new CosOutput(bucketOf(stack), { format: LogFormat.parquet(options) });

const topicOf = (stack: TerraformStack, props: LogTopicProps = {}) => new LogTopic(stack, "Source", props);

export function bucketOf(stack: TerraformStack): LogBucket {
  return (
    (stack.node.tryFindChild("Bucket") as LogBucket | undefined) ?? new LogBucket(stack, "Bucket", { appId: APP_ID })
  );
}

/** Everything that can be granted on a bucket. */
function inBucket(stack: TerraformStack, bucket: LogBucket): void {
  const target = testFunction(stack);
  for (const grant of ["grantRead", "grantWrite", "grantDelete"] as const) bucket[grant](target, `${grant}/`);
}

function shipper(stack: TerraformStack, props: ShippingProps & { readonly shipperName?: string }): CosShipper {
  return new CosShipper(stack, "Shipper", { topic: topicOf(stack), bucket: bucketOf(stack), ...props });
}

function transform(stack: TerraformStack, given: { alias?: string; content?: string; transformName?: string }): void {
  const { alias = "target", content = "x", transformName } = given;
  const destinations = [{ alias, topic: new LogTopic(stack, "Target") }];
  new DataTransform(stack, "Transform", { topic: topicOf(stack), content, destinations, transformName });
}

function index(stack: TerraformStack, props: TopicIndexProps): TopicIndex {
  return new TopicIndex(stack, "Index", { topicId: "t", ...props });
}

/** All uses of an existing topic. */
function onTopic(stack: TerraformStack, attributes: LogTopicAttributes): void {
  const topic = LogTopic.fromTopicAttributes(attributes);
  const { logsetId = "l" } = attributes;
  new TopicIndex(stack, "Index", { topicId: topic.topicId });
  new LogTopic(stack, "Beside", { logset: Logset.fromLogsetId(logsetId) });
  const target = worker(stack, { logTopic: LogTopic.fromTopicAttributes({ logsetId, ...attributes }) });
  topic.grantWrite(target);
  if (topic.logsetId !== undefined) topic.grantRead(target);
}

export function worker(stack: TerraformStack, props: Partial<LogFunctionProps>): LogFunction {
  return testFunction(stack, "Worker", props);
}

function timerOn(stack: TerraformStack, names: { functionName: string; namespace?: string }): void {
  const role = FunctionRole.fromRoleName(stack, "Role", "worker");
  const target = LogFunction.fromFunctionAttributes(stack, "Worker", { ...names, role });
  new TimerEventSource({ cron: "0 0 * * * * *" }).bind(target);
}

function timer(stack: TerraformStack, cron: string, props: Partial<TimerEventSourceProps> = {}): void {
  testFunction(stack).addEventSource(new TimerEventSource({ cron, ...props }));
}

export function out(stack: TerraformStack, output: IOutput): ClsStreamPipeline {
  return stream(stack, { outputs: { records: output } });
}

function stream(stack: TerraformStack, props: Partial<ClsStreamPipelineProps>): ClsStreamPipeline {
  return new ClsStreamPipeline(stack, "Stream", { topic: topicOf(stack), bucket: bucketOf(stack), ...props });
}

function monitor(stack: TerraformStack, props: Partial<LogMonitorProps>): LogMonitor {
  const to = AlertReceiver.json({ url: textToken() });
  return new LogMonitor(stack, "Monitor", {
    sources: props.sources ?? [{ topic: topicOf(stack) }],
    match: { status: "^5" },
    alert: { to },
    appId: APP_ID,
    ...props,
  });
}

function preset(stack: TerraformStack, definition: Partial<PresetDefinition>): CosBatchPipeline {
  return batch(stack, { content: LogContent.preset({ name: "own", json: "lines", ...definition }) });
}

function batch(stack: TerraformStack, props: Partial<CosBatchPipelineProps>): CosBatchPipeline {
  return new CosBatchPipeline(stack, "Batch", { topic: topicOf(stack), appId: APP_ID, ...props });
}

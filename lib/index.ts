/**
 * Constructs for log pipelines on Tencent Cloud.
 * @module cdktf-tencent-logs
 */
export type { CheckId, Finding } from "./checks/finding";
export { LogPipelineChecks, type LogPipelineChecksProps } from "./checks/log-pipeline-checks";
export { LogAccountRoles, type LogAccountRolesProps } from "./cam/account-roles";
export type { IFunctionRole, IGrantee, PolicyStatement } from "./cam/grantee";
export { FunctionRole, type FunctionRoleProps } from "./cam/role";
export { CosShipper, type CosShipperProps, type ShippingProps } from "./cls/cos-shipper";
export { DataTransform, type DataTransformProps, type TransformDestination } from "./cls/data-transform";
export { Logset, type ILogset, type LogsetProps } from "./cls/logset";
export { LogTopic, type ILogTopic, type LogTopicAttributes, type LogTopicProps } from "./cls/topic";
export { DEFAULT_TOKENIZER, TopicIndex, type FieldIndex, type TopicIndexProps } from "./cls/topic-index";
export type { CommonProps, RegionalProps } from "./common-props";
export type { CosEvent } from "./cos/event";
export {
  LogBucket,
  type BucketEncryption,
  type ILogBucket,
  type LifecycleRule,
  type LogBucketLocation,
  type LogBucketProps,
} from "./cos/bucket";
export {
  PipelineDashboard,
  type IDashboardPipeline,
  type PipelineDashboardProps,
} from "./dashboard/pipeline-dashboard";
export { LogsError, type Violation } from "./errors";
export type { LogMonitorProps, MonitorAlert, MonitorMatch, MonitorPattern, MonitorRoute } from "./monitor/props";
export { ALERT_RECORD_INDEX } from "./monitor/record-alarm";
export type { MonitorSource } from "./monitor/source";
export { AlertReceiver, type AlertReceiverProps } from "./monitor/receiver";
export { LiveLog, type LiveLogProps } from "./live/live-log";
export { CkafkaOutput, type CkafkaOutputProps } from "./outputs/ckafka-output";
export { ClsOutput } from "./outputs/cls-output";
export { CosOutput, type CosOutputProps } from "./outputs/cos-output";
export { ElasticsearchOutput, type ElasticsearchOutputProps } from "./outputs/elasticsearch-output";
export { OtlpOutput, type OtlpOutputProps } from "./outputs/otlp-output";
export { LogFormat, type ParquetOptions } from "./outputs/format";
export type { IOutput, NetworkOutputProps, OutputProps, Outputs } from "./outputs/output";
export type { ServerOutputProps } from "./outputs/server-output";
export { WebhookOutput, type WebhookOutputProps } from "./outputs/webhook-output";
export { BundleError, type Bundle, type BundleOptions } from "./packaging/bundle";
export type { BatchCatchUpProps, CatchUpProps } from "./pipelines/catch-up";
export { ClsStreamPipeline, type ClsStreamPipelineProps } from "./pipelines/cls-stream-pipeline";
export { LogContent, type CsvOptions, type MultilineOptions } from "./processing/content";
export type { PresetChanges, PresetDefinition, PresetFields } from "./processing/preset";
export { PRESETS, type PresetName } from "./processing/presets";
export { CosBatchPipeline, type CosBatchPipelineProps } from "./pipelines/cos-batch-pipeline";
export type { CosSource, CosSourceProps } from "./pipelines/cos-source";
export { LogMonitor } from "./pipelines/log-monitor";
export type { PipelineProps, ProcessingProps } from "./pipelines/pipeline";
export { LogProcessor, type CountOptions } from "./processing/processor";
export { Redact, type SampleProps } from "./processing/redact";
export { RuleTransform, type RuleTransformProps } from "./pipelines/rule-transform";
export { ruleFunctions, type RuleFunctions } from "./rules/builders";
export { LogRules, type LogRulesOptions, type NativeText, type RulesCheck } from "./rules/log-rules";
export { named, type Keywords, type RuleArgument, type RuleExpression, type RuleOperation } from "./rules/rule-call";
export { ClsDelivery, ClsEventSource, type ClsEventSourceProps, type DeliveryProps } from "./scf/cls-event-source";
export { FunctionCode, type DirectoryCodeOptions, type PrebuiltHandler } from "./scf/code";
export { CosEventSource, type CosEventSourceProps, type CosTrigger } from "./scf/cos-event-source";
export type { IEventSource, ILogFunction } from "./scf/event-source";
export type { FailureProps } from "./scf/failure";
export { FUNCTION_LOG_INDEX, FailureAlarm, type FailureAlarmProps } from "./scf/failure-alarm";
export {
  LogFunction,
  type FunctionRuntimeProps,
  type LogFunctionAttributes,
  type LogFunctionProps,
} from "./scf/function";
export { FunctionUrl, FunctionUrlTrigger, type FunctionUrlProps } from "./scf/function-url";
export type { TriggerProps } from "./scf/trigger";
export { TimerEventSource, TimerTrigger, type TimerEventSourceProps } from "./scf/timer-event-source";
export type { ZipContents } from "./packaging/zip";
export type { RemovalPolicy, RemovalProps } from "./removal";
export type { Summary } from "../functions/invocation/summary";
export type { HandlerSettings, Network, WrittenOutput } from "../functions/settings";

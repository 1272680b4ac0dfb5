/** Constructs for log pipelines on Tencent Cloud. */
export { LogAccountRoles, type LogAccountRolesProps } from "./cam/account-roles";
export type { IGrantee, PolicyStatement } from "./cam/grantee";
export { FunctionRole, type FunctionRoleProps, type IFunctionRole } from "./cam/role";
export { CosShipper, type CosShipperProps, type ShippingProps } from "./cls/cos-shipper";
export { Logset, type ILogset, type LogsetProps } from "./cls/logset";
export { LogTopic, type ILogTopic, type LogTopicAttributes, type LogTopicProps } from "./cls/topic";
export { DEFAULT_TOKENIZER, TopicIndex, type FieldIndex, type TopicIndexProps } from "./cls/topic-index";
export type { CommonProps, RegionalProps } from "./common-props";
export { LogBucket, type ILogBucket, type LifecycleRule, type LogBucketProps } from "./cos/bucket";
export { LogsError, type Violation } from "./errors";
export { CosBatchPipeline, type CosBatchPipelineProps } from "./pipelines/cos-batch-pipeline";
export { LogProcessor, type CountOptions } from "./pipelines/processor";
export { FunctionCode, type PrebuiltHandler } from "./scf/code";
export { CosEventSource, type CosEvent, type CosEventSourceProps, type CosTrigger } from "./scf/cos-event-source";
export type { IEventSource } from "./scf/event-source";
export {
  LogFunction,
  type FunctionRuntimeProps,
  type ILogFunction,
  type LogFunctionAttributes,
  type LogFunctionProps,
} from "./scf/function";
export type { ZipContents } from "./scf/zip";
export type { Summary } from "../functions/summary";

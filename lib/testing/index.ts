/**
 * What users need to test stacks that hold log pipelines.
 * @module cdktf-tencent-logs/testing
 */
export { expectStack, type ExpectedArguments, type ExpectedResource, type StackExpectation } from "./expect-stack";
export type { ArrivedRecord } from "./arrived-record";
export { planSerializer, type SnapshotSerializer } from "./plan-serializer";
export { runPipeline, type PipelineRun, type RunPipelineOptions } from "./run-pipeline";

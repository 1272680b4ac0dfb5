/**
 * Helpers for tests of stacks with log pipelines.
 * @module cdktf-tencent-logs/testing
 */
export { expectStack, type ExpectedArguments, type ExpectedResource, type StackExpectation } from "./expect-stack";
export type { ArrivedRecord } from "./arrived-record";
export type { CaseRow } from "./cases";
export { monitorCases } from "./monitor-cases";
export { planSerializer, type SnapshotSerializer } from "./plan-serializer";
export { ruleCases, type RuleCasesOptions } from "./rule-cases";
export { runPipeline, type PipelineRun, type RunPipelineOptions } from "./run-pipeline";

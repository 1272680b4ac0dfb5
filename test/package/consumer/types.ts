// What a strict compiler must take, and what it must refuse: types that were not found would refuse nothing.
import { App, TerraformStack } from "cdktf";
import { CosBatchPipeline, LogRules, LogsError, LogTopic, ruleFunctions, type Summary } from "cdktf-tencent-logs";
import { defineProcessor, type LogRecord } from "cdktf-tencent-logs/processor";
import { clsTopic, TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";
import { planSerializer, type SnapshotSerializer } from "cdktf-tencent-logs/testing";

const stack = new TerraformStack(new App(), "logs");
const provider = new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
const topic = new LogTopic(stack, "Access", { topicName: "access", provider });
const pipeline = new CosBatchPipeline(stack, "Batch", { topic, appId: "1250000000" });
export const functionName: string = pipeline.function.functionName;
export const resource: clsTopic.ClsTopic | undefined = topic.resource;
export const rules: LogRules = LogRules.fromText(String(ruleFunctions.eDrop()));
export const serializer: SnapshotSerializer = planSerializer;
export const codes = (error: LogsError): string[] => error.violations.map(({ code }) => code);
export const recordsOf = (summary: Summary): number => summary.records;
export default defineProcessor({ record: (record: LogRecord) => record });

// @ts-expect-error a topic's name is a text
export const refusedName = new LogTopic(stack, "Number", { topicName: 7 });
// @ts-expect-error there is no such prop
export const refusedProp = new CosBatchPipeline(stack, "Unknown", { topic, appId: "1250000000", retries: 1 });
// @ts-expect-error there is no such argument of the provider's
export const refusedArgument = new clsTopic.ClsTopic(stack, "Argument", { logsetId: "1", topicName: "a", days: 7 });
// @ts-expect-error a record is no text
export const refusedRecord = defineProcessor({ record: (record) => record.raw });

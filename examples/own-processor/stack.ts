import { join } from "node:path";
import { type App, TerraformStack } from "cdktf";
import {
  CosBatchPipeline,
  CosOutput,
  FUNCTION_LOG_INDEX,
  LogBucket,
  LogProcessor,
  LogTopic,
  PipelineDashboard,
  Redact,
} from "cdktf-tencent-logs";
import { TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

/** An access log processed by our own code and routed to outputs by outcome; personal data is masked. */
export function enrichedLogs(app: App): TerraformStack {
  const stack = new TerraformStack(app, "logs");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });

  const topic = new LogTopic(stack, "Access", { topicName: "access", retentionDays: 7 });
  const bucket = new LogBucket(stack, "Logs", { appId: "1250000000" });
  const logTopic = new LogTopic(stack, "FunctionLog", { topicName: "functions", index: FUNCTION_LOG_INDEX });
  const pipeline = new CosBatchPipeline(stack, "AccessBatch", {
    topic,
    bucket,
    logTopic,
    // Keeps one in four traces, complete.
    sample: { keep: 0.25, by: "trace_id" },
    processor: LogProcessor.fromEntry(join(__dirname, "enrich")),
    redact: [Redact.phone(), Redact.email()],
    outputs: {
      requests: new CosOutput(bucket, { prefix: "requests/" }),
      errors: new CosOutput(bucket, { prefix: "errors/" }),
      invalid: new CosOutput(bucket, { prefix: "invalid/" }),
    },
    defaultOutput: "requests",
  });
  new PipelineDashboard(stack, "Dashboard", { pipeline });
  return stack;
}

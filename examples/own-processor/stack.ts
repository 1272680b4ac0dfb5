import { join } from "node:path";
import { type App, TerraformStack } from "cdktf";
import { CosBatchPipeline, CosOutput, LogProcessor, LogTopic, LogBucket } from "cdktf-tencent-logs";
import { TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

/** An access log with code of our own on each record, sorted to outputs by its outcome. */
export function enrichedLogs(app: App): TerraformStack {
  const stack = new TerraformStack(app, "logs");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });

  const topic = new LogTopic(stack, "Access", { topicName: "access", retentionDays: 7 });
  const bucket = new LogBucket(stack, "Logs", { appId: "1250000000" });
  new CosBatchPipeline(stack, "AccessBatch", {
    topic,
    bucket,
    processor: LogProcessor.fromEntry(join(__dirname, "enrich")),
    outputs: {
      requests: new CosOutput(bucket, { prefix: "requests/" }),
      errors: new CosOutput(bucket, { prefix: "errors/" }),
      invalid: new CosOutput(bucket, { prefix: "invalid/" }),
    },
    defaultOutput: "requests",
  });
  return stack;
}

import { type App, TerraformStack } from "cdktf";
import { ClsStreamPipeline, CosOutput, LogBucket, LogTopic } from "cdktf-tencent-logs";
import { TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

/** An access log that is in COS, as gzip JSON lines, seconds after its lines arrive. */
export function accessStream(app: App): TerraformStack {
  const stack = new TerraformStack(app, "logs");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });

  const topic = new LogTopic(stack, "Access", { topicName: "access", retentionDays: 7 });
  const bucket = new LogBucket(stack, "Lake", { appId: "1250000000" });
  new ClsStreamPipeline(stack, "AccessStream", {
    topic,
    bucket,
    maxWaitSeconds: 5,
    maxMessages: 1000,
    outputs: {
      records: new CosOutput(bucket, { prefix: "records/" }),
      invalid: new CosOutput(bucket, { prefix: "invalid/" }),
    },
  });
  return stack;
}

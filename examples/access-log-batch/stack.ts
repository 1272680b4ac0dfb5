import { type App, TerraformStack } from "cdktf";
import { CosBatchPipeline, LogTopic } from "cdktf-tencent-logs";
import { TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

/** An access log: CLS ships it to COS every five minutes, and each file is parsed and counted. */
export function accessLogBatch(app: App): TerraformStack {
  const stack = new TerraformStack(app, "logs");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });

  const topic = new LogTopic(stack, "Access", { topicName: "access", retentionDays: 7 });
  new CosBatchPipeline(stack, "AccessBatch", { topic, appId: "1250000000", shipping: { intervalSeconds: 300 } });
  return stack;
}

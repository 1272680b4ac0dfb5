import { type App, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { AlertReceiver, LogMonitor, LogTopic } from "cdktf-tencent-logs";
import { TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

/** The access logs of one shop in two regions, watched for errors without an index. */
export function errorsMonitor(app: App): TerraformStack {
  const stack = new TerraformStack(app, "logs");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
  const singapore = new TencentcloudProvider(stack, "singapore", { region: "ap-singapore", alias: "singapore" });

  // The access log of one shop in two regions, without an index.
  const guangzhou = new LogTopic(stack, "Guangzhou", { topicName: "access-guangzhou", retentionDays: 7 });
  const far = new LogTopic(stack, "Singapore", {
    topicName: "access-singapore",
    retentionDays: 7,
    provider: singapore,
  });

  // TF_VAR_oncallUrl: whoever knows the address may write to it.
  const oncallUrl = new TerraformVariable(stack, "oncallUrl", { type: "string", sensitive: true });
  const oncall = AlertReceiver.json({ name: "oncall", url: oncallUrl.stringValue });

  const monitor = new LogMonitor(stack, "Errors", {
    sources: [
      // CLS delivers to a function: nothing to operate.
      { topic: guangzhou, name: "guangzhou" },
      // A process reads, `tencent-logs monitor run`: no wait of three seconds.
      { topic: far, name: "singapore", provider: singapore, form: "pull" },
    ],
    match: { any: [{ status: "^5\\d\\d$" }, { message: /OutOfMemory|panic:/ }, { request_time: ">= 3" }] },
    group: ["service", "status"],
    window: "5m",
    alert: { to: oncall, severity: "critical" },
    sample: { fields: ["method", "path", "status", "request_time", "message"], around: 2 },
    appId: "1250000000",
  });

  // A file for `tencent-logs monitor run`: terraform output -raw definition > errors.json
  new TerraformOutput(stack, "definition", { value: monitor.definition });
  return stack;
}

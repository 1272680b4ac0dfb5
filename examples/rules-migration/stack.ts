import { join } from "node:path";
import { type App, TerraformStack } from "cdktf";
import {
  ClsOutput,
  ClsStreamPipeline,
  CosOutput,
  LogBucket,
  LogRules,
  LogTopic,
  RuleTransform,
} from "cdktf-tencent-logs";
import { TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

/** Rules that ran on Alibaba Cloud's Log Service: all of them in a function, and a part of them in CLS itself. */
export function migratedRules(app: App): TerraformStack {
  const stack = new TerraformStack(app, "logs");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });

  const access = new LogTopic(stack, "Access", { topicName: "access", retentionDays: 7 });
  const topic = (id: string, topicName: string): LogTopic =>
    new LogTopic(stack, id, { topicName, logset: access.logset, retentionDays: 30 });
  const bucket = new LogBucket(stack, "Archive", { appId: "1250000000" });

  // All of the rules, in a function: CLS's own processing cannot copy records to the archive.
  new ClsStreamPipeline(stack, "AccessRules", {
    topic: access,
    bucket,
    rules: LogRules.fromFile(join(__dirname, "rules/access.sls")),
    outputs: {
      requests: new ClsOutput(topic("Requests", "requests")),
      errors: new ClsOutput(topic("Errors", "errors")),
      archive: new CosOutput(bucket, { prefix: "archive/" }),
    },
    defaultOutput: "requests",
    maxWaitSeconds: 5,
    maxMessages: 1000,
  });

  // The part that CLS can do itself, without a function.
  new RuleTransform(stack, "AccessNative", {
    engine: "native",
    topic: access,
    rules: LogRules.fromFile(join(__dirname, "rules/access-native.sls")),
    outputs: {
      requests: new ClsOutput(topic("NativeRequests", "requests-native")),
      errors: new ClsOutput(topic("NativeErrors", "errors-native")),
    },
    defaultOutput: "requests",
  });
  return stack;
}

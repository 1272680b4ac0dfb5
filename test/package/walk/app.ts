import { join } from "node:path";
import { App, TerraformStack, TerraformVariable } from "cdktf";
import {
  ClsOutput,
  ClsStreamPipeline,
  CosBatchPipeline,
  CosOutput,
  LogBucket,
  LogProcessor,
  LogRules,
  LogTopic,
  WebhookOutput,
} from "cdktf-tencent-logs";
import { TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

/** A bucket that another team's stack makes. */
export class StoreStack extends TerraformStack {
  constructor(app: App) {
    super(app, "store");
    new TencentcloudProvider(this, "tencentcloud", { region: "ap-guangzhou" });
    new LogBucket(this, "Store", { bucketName: "walk-store", appId: "1250000000" });
  }
}

/** Two pipelines in two regions, with three outputs, rules and code of one's own. */
export class LogStack extends TerraformStack {
  readonly files: CosBatchPipeline;
  readonly orders: ClsStreamPipeline;

  constructor(app: App) {
    super(app, "logs");
    new TencentcloudProvider(this, "tencentcloud", { region: "ap-guangzhou" });
    const singapore = new TencentcloudProvider(this, "singapore", { region: "ap-singapore", alias: "singapore" });

    const access = new LogTopic(this, "Access", { topicName: "access", retentionDays: 7 });
    const errors = new LogTopic(this, "Errors", { topicName: "errors", logset: access.logset, retentionDays: 30 });
    const store = LogBucket.fromBucketName(this, "Store", "walk-store-1250000000", { region: "ap-guangzhou" });
    this.files = new CosBatchPipeline(this, "Files", {
      topic: access,
      bucket: store,
      rules: LogRules.fromFile(join(__dirname, "rules/access.sls")),
      outputs: { archive: new CosOutput(store, { prefix: "archive/" }), errors: new ClsOutput(errors) },
      defaultOutput: "archive",
    });

    const url = new TerraformVariable(this, "ticketUrl", { type: "string", sensitive: true });
    this.orders = new ClsStreamPipeline(this, "Orders", {
      topic: new LogTopic(this, "OrderLog", { topicName: "orders", retentionDays: 7, provider: singapore }),
      bucket: new LogBucket(this, "OrderBucket", { appId: "1250000000", provider: singapore }),
      processor: LogProcessor.fromEntry(join(__dirname, "enrich.ts")),
      outputs: { tickets: new WebhookOutput({ url: url.stringValue }) },
      provider: singapore,
    });
  }
}

import { type App, TerraformStack } from "cdktf";
import { CosBatchPipeline, CosOutput, LogBucket, LogFormat, LogTopic } from "cdktf-tencent-logs";
import { TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

/** An access log that people query with SQL: CLS ships it to COS, and a function writes it as Parquet, in hourly folders. */
export function parquetLake(app: App): TerraformStack {
  const stack = new TerraformStack(app, "logs");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });

  const topic = new LogTopic(stack, "Access", { topicName: "access", retentionDays: 7 });
  const lake = new LogBucket(stack, "Lake", { appId: "1250000000" });
  new CosBatchPipeline(stack, "AccessLake", {
    topic,
    appId: "1250000000",
    // Few large files are better to query than many small ones.
    shipping: { intervalSeconds: 900 },
    outputs: {
      lake: new CosOutput(lake, {
        prefix: "access/",
        format: LogFormat.parquet({
          schema: {
            time: "timestamp",
            remote_addr: "string",
            method: "string",
            path: "string",
            status: "int64",
            bytes: "int64",
            request_time: "double",
          },
          timeField: "time",
          partitionBy: "dt=%Y-%m-%d/hour=%H",
          utcOffset: "+08:00",
        }),
      }),
      invalid: new CosOutput(lake, { prefix: "invalid/" }),
    },
    defaultOutput: "lake",
  });
  return stack;
}

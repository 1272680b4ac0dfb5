import { type App, TerraformStack } from "cdktf";
import { CosBatchPipeline, CosOutput, LogBucket, LogContent, LogRules } from "cdktf-tencent-logs";
import { TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

const RULES = `
# The ids of keys are of no use here.
e_drop_fields("userSecretKeyId")

# What failed is looked at; all else is only counted.
e_if(op_ge(ct_int(v("resHttpCode")), 400), e_output("failures"))
`;

/** Access logs of COS, which COS writes to a bucket every five minutes: typed, with failures in a separate prefix. */
export function cosAccessLog(app: App): TerraformStack {
  const stack = new TerraformStack(app, "logs");
  new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });

  // COS writes the logs here: in the console, enable "Logging" of the bucket whose requests you want to log.
  const bucket = new LogBucket(stack, "AccessLogs", { appId: "1250000000", lifecycle: [{ expirationDays: 30 }] });
  const lake = new LogBucket(stack, "Lake", { appId: "1250000000" });
  new CosBatchPipeline(stack, "CosAccess", {
    source: { bucket, prefix: "cos-access-log/" },
    content: LogContent.preset("cos-access"),
    rules: LogRules.fromText(RULES),
    outputs: {
      requests: new CosOutput(lake, { prefix: "requests/" }),
      failures: new CosOutput(lake, { prefix: "failures/" }),
      invalid: new CosOutput(lake, { prefix: "invalid/" }),
    },
    defaultOutput: "requests",
  });
  return stack;
}

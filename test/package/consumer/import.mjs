// The same app as an ES module: every name is found before the code runs.
import { fileURLToPath } from "node:url";
import { App, TerraformStack } from "cdktf";
import { ClsOutput, CosBatchPipeline, LogProcessor, LogRules, LogTopic, RuleTransform } from "cdktf-tencent-logs";
import { defineProcessor } from "cdktf-tencent-logs/processor";
import { TencentcloudProvider, clsLogset } from "cdktf-tencent-logs/tencentcloud";
import { planSerializer } from "cdktf-tencent-logs/testing";

const app = new App({ outdir: process.argv[2] });
const stack = new TerraformStack(app, "logs");
new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
new clsLogset.ClsLogset(stack, "Plain", { logsetName: "plain" });

const topic = new LogTopic(stack, "Access", { topicName: "access" });
const processor = LogProcessor.fromEntry(fileURLToPath(new URL("enrich.ts", import.meta.url)));
new CosBatchPipeline(stack, "Batch", { topic, appId: "1250000000", processor });
new RuleTransform(stack, "Rules", {
  topic,
  rules: LogRules.fromText('e_set("os", ua_parse_os(v("agent")))'),
  outputs: { parsed: new ClsOutput(new LogTopic(stack, "Parsed", { topicName: "parsed" })) },
});
app.synth();

console.log([typeof defineProcessor, typeof planSerializer.serialize].join(" "));

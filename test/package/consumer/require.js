// A user's app in CommonJS: every entry point, a pipeline with code of the user's own, a plan in the folder that it is told.
const { join } = require("node:path");
const { App, TerraformStack } = require("cdktf");
const { ClsOutput, CosBatchPipeline, LogProcessor, LogRules, LogTopic, RuleTransform } = require("cdktf-tencent-logs");
const { defineProcessor } = require("cdktf-tencent-logs/processor");
const { TencentcloudProvider, clsLogset } = require("cdktf-tencent-logs/tencentcloud");
const { planSerializer } = require("cdktf-tencent-logs/testing");

const app = new App({ outdir: process.argv[2] });
const stack = new TerraformStack(app, "logs");
new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
new clsLogset.ClsLogset(stack, "Plain", { logsetName: "plain" });

const topic = new LogTopic(stack, "Access", { topicName: "access" });
const processor = LogProcessor.fromEntry(join(__dirname, "enrich"));
new CosBatchPipeline(stack, "Batch", { topic, appId: "1250000000", processor });
new RuleTransform(stack, "Rules", {
  topic,
  rules: LogRules.fromText('e_set("os", ua_parse_os(v("agent")))'),
  outputs: { parsed: new ClsOutput(new LogTopic(stack, "Parsed", { topicName: "parsed" })) },
});
app.synth();

console.log([typeof defineProcessor, typeof planSerializer.serialize].join(" "));

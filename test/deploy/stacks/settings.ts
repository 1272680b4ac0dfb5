/**
 * What no example uses: timer, failure settings, alarm, dashboard, CLS's own data processing, and outputs to servers; for the deploy
 * tests only.
 */
import { App, TerraformStack, TerraformVariable } from "cdktf";
import {
  ClsStreamPipeline,
  CosBatchPipeline,
  ElasticsearchOutput,
  FUNCTION_LOG_INDEX,
  FunctionCode,
  LogFunction,
  LogTopic,
  OtlpOutput,
  PipelineDashboard,
  TimerEventSource,
} from "cdktf-tencent-logs";
import { clsDataTransform, TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

const app = new App();
const stack = new TerraformStack(app, "settings");
new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });

const hook = new TerraformVariable(stack, "hook", { sensitive: true, default: "https://example.com/hook" });
const logTopic = new LogTopic(stack, "FunctionLog", { topicName: "functions", index: FUNCTION_LOG_INDEX });
const target = new LogFunction(stack, "Clockwork", {
  code: FunctionCode.fromFiles({ "index.js": "exports.main_handler = async (event) => event;" }),
  logTopic,
  retryAttempts: 1,
  maxEventAgeSeconds: 3600,
  reservedConcurrencyMb: 512,
  alarm: { email: [100000000001], webhook: hook.stringValue },
  tags: { team: "web" },
});
target.addEventSource(new TimerEventSource({ cron: "0 */5 * * * * *", message: "tick" }));

const errors = new LogTopic(stack, "Errors", { topicName: "errors", logset: logTopic.logset });
new clsDataTransform.ClsDataTransform(stack, "Route", {
  name: "route",
  srcTopicId: logTopic.topicId,
  funcType: 1,
  taskType: 3,
  enableFlag: 1,
  etlContent: 'log_output("errors")',
  dstResources: [{ topicId: errors.topicId, alias: "errors" }],
});

const pipeline = new CosBatchPipeline(stack, "Batch", { topic: errors, appId: "1250000000", logTopic });
new PipelineDashboard(stack, "Dashboard", { pipeline, intervalMinutes: 5, tags: { team: "web" } });

new ClsStreamPipeline(stack, "Servers", {
  topic: new LogTopic(stack, "Requests", { topicName: "requests", logset: logTopic.logset }),
  appId: "1250000000",
  outputs: {
    search: new ElasticsearchOutput({ url: hook.stringValue, index: "requests-%Y.%m", apiKey: hook.stringValue }),
    collector: new OtlpOutput({ url: hook.stringValue, secretHeaders: { Authorization: hook.stringValue } }),
  },
  defaultOutput: "search",
});

app.synth();

import { App, TerraformStack, TerraformVariable } from "cdktf";
import {
  AlertReceiver,
  ClsStreamPipeline,
  CosBatchPipeline,
  CosOutput,
  FunctionCode,
  FunctionRole,
  LiveLog,
  LogBucket,
  LogFunction,
  LogMonitor,
  LogProcessor,
  LogTopic,
  type ILogTopic,
} from "cdktf-tencent-logs";
import { TencentcloudProvider } from "cdktf-tencent-logs/tencentcloud";

/**
 * What code blocks in the docs can use without defining it, such as `stack` and `topic`. Each is created when a block
 * uses it, so that its plan contains nothing else.
 */
export class Fixtures {
  readonly app = new App();
  private readonly made = new Map<string, unknown>();

  /** Ids of all fixtures that were used. */
  get ids(): ReadonlySet<string> {
    return new Set(this.made.keys());
  }

  /** The reader's stack. */
  get stack(): TerraformStack {
    return this.once("logs", (id) => {
      const stack = new TerraformStack(this.app, id);
      new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
      return stack;
    });
  }

  /** The stack that is deployed once per account. */
  get accountStack(): TerraformStack {
    return this.once("account", (id) => {
      const stack = new TerraformStack(this.app, id);
      new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
      return stack;
    });
  }

  /** Stacks for one region each. */
  get guangzhouStack(): TerraformStack {
    return this.stack;
  }
  get singaporeStack(): TerraformStack {
    return this.once("sea", (id) => {
      const stack = new TerraformStack(this.app, id);
      new TencentcloudProvider(stack, "tencentcloud", { region: "ap-singapore" });
      return stack;
    });
  }

  /** A provider of another region, in the same stack. */
  get singapore(): TencentcloudProvider {
    return this.once("Singapore", (id) => {
      return new TencentcloudProvider(this.stack, id, { region: "ap-singapore", alias: "singapore" });
    });
  }

  get topic(): LogTopic {
    return this.topicOf("Topic");
  }
  get errors(): LogTopic {
    return this.topicOf("Errors");
  }
  get requests(): LogTopic {
    return this.topicOf("Requests");
  }
  get gz(): ILogTopic {
    return this.topicOf("Guangzhou");
  }
  get sg(): ILogTopic {
    return this.once("Sg", (id) => new LogTopic(this.stack, id, { provider: this.singapore }));
  }

  get bucket(): LogBucket {
    return this.once("Bucket", (id) => new LogBucket(this.stack, id, { appId: "1250000000" }));
  }
  get lake(): LogBucket {
    return this.once("Lake", (id) => new LogBucket(this.stack, id, { appId: "1250000000" }));
  }

  /** A role of people or of a CI run. */
  get operators(): FunctionRole {
    return this.once("Operators", (id) => new FunctionRole(this.stack, id));
  }
  get live(): LiveLog {
    return this.once("Live", (id) => new LiveLog(this.stack, id));
  }
  get orders(): LogFunction {
    return this.once(
      "Orders",
      (id) => new LogFunction(this.stack, id, { code: FunctionCode.fromDirectory("./orders") }),
    );
  }
  get batch(): CosBatchPipeline {
    return this.once("Batch", (id) => new CosBatchPipeline(this.stack, id, { topic: this.topic, bucket: this.bucket }));
  }
  get archive(): CosOutput {
    return new CosOutput(this.lake, { prefix: "archive/" });
  }
  /** A stream in the stack of another region. */
  get tokyoPipeline(): ClsStreamPipeline {
    return this.once("tokyo", (id) => {
      const stack = new TerraformStack(this.app, id);
      new TencentcloudProvider(stack, "tencentcloud", { region: "ap-tokyo" });
      const topic = new LogTopic(stack, "Topic");
      const lake = new LogBucket(stack, "Lake", { appId: "1250000000" });
      return new ClsStreamPipeline(stack, "Stream", {
        topic,
        outputs: { all: new CosOutput(lake) },
        maxWaitSeconds: 3,
      });
    });
  }
  get monitor(): LogMonitor {
    return this.once("Monitor", (id) => {
      const match = { all: [{ status: "^5" }] };
      return new LogMonitor(this.stack, id, { sources: [{ topic: this.gz }], match, alert: { to: this.oncall } });
    });
  }
  get oncall(): AlertReceiver {
    return AlertReceiver.wecom({ name: "oncall", url: this.oncallUrl.stringValue });
  }
  /** A pipeline that routes by status, for tests. */
  get stream(): ClsStreamPipeline {
    return this.once("Stream", (id) => {
      return new ClsStreamPipeline(this.stack, id, {
        topic: this.topic,
        processor: LogProcessor.fromEntry("./src/by-status.ts"),
        outputs: { errors: new CosOutput(this.lake, { prefix: "errors/" }), rest: new CosOutput(this.lake, { prefix: "rest/" }) }, // prettier-ignore
        defaultOutput: "rest",
      });
    });
  }

  get botUrl(): TerraformVariable {
    return this.secret("botUrl");
  }
  get oncallUrl(): TerraformVariable {
    return this.secret("oncallUrl");
  }
  get clusterUrl(): TerraformVariable {
    return this.secret("clusterUrl");
  }
  get collectorUrl(): TerraformVariable {
    return this.secret("collectorUrl");
  }
  get token(): TerraformVariable {
    return this.secret("token");
  }
  get seaUrl(): TerraformVariable {
    return this.secret("seaUrl");
  }
  get password(): TerraformVariable {
    return this.secret("password");
  }

  private topicOf(id: string): LogTopic {
    return this.once(id, () => new LogTopic(this.stack, id));
  }

  private secret(id: string): TerraformVariable {
    return this.once(id, () => new TerraformVariable(this.stack, id, { type: "string", sensitive: true }));
  }

  private once<Made>(id: string, make: (id: string) => Made): Made {
    if (!this.made.has(id)) this.made.set(id, make(id));
    return this.made.get(id) as Made;
  }
}

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SimulatedClock } from "../../local/clock";
import { LocalCloud } from "../../local/cloud";
import { exampleLines, findExample } from "../../local/start/example";
import { firstTime } from "../../local/start/feed-lines";
import { terraformEnvironment } from "../../local/terraform";
import { expectChanges } from "./changes";
import type { ExampleTest } from "./examples";
import { pushLog } from "./logs";
import { Release } from "./release";
import type { Report } from "./report";
import { expectSchema } from "./schema";
import { Terraform } from "./terraform";
import type { Tools } from "./tools";

const REGION = "ap-guangzhou";
const NEW_CODE = "this is the next release";

/** The life of a stack: made, unchanged, used, changed in its code, its interval and its prefix, and taken away. */
export async function testLifecycle(name: string, test: ExampleTest, tools: Tools, report: Report): Promise<void> {
  const lines = exampleLines(findExample(name));
  const cloud = await LocalCloud.start({ clock: new SimulatedClock(firstTime(lines)) });
  try {
    await new Lifecycle(name, test, tools, report, cloud, lines).run();
  } finally {
    await cloud.close();
  }
}

class Lifecycle {
  private readonly project: string;
  private readonly release: Release;

  constructor(
    private readonly name: string,
    private readonly test: ExampleTest,
    private readonly tools: Tools,
    private readonly report: Report,
    private readonly cloud: LocalCloud,
    private readonly lines: string[],
  ) {
    this.project = join(tools.folder, name, "project");
    this.release = new Release(tools.root, join(tools.folder, name, "package"));
    mkdirSync(this.project, { recursive: true });
  }

  async run(): Promise<void> {
    const { binary, provider } = this.tools;
    const stackFolder = await this.step("synth", () => this.synth());
    const terraform = new Terraform(binary, stackFolder, provider.env, terraformEnvironment(this.cloud, REGION));
    await this.step("init", () => terraform.init());
    await this.step("provider's schema is ours", async () =>
      expectSchema(this.tools.root, await terraform.providerSchema()),
    );
    await this.step("validate", () => terraform.validate());
    await this.step("plan", () => terraform.plan());
    await this.step("apply", () => terraform.apply());
    await this.step("second plan is empty", () => terraform.expectNoChanges());
    await this.step("log goes through", () => pushLog(this.cloud, this.lines));
    await this.changeCode(terraform);
    await this.changeInterval(terraform);
    await this.changePrefix(terraform);
    await this.step("forceClean: plan, apply", () => this.allowDestroy(terraform));
    await this.step("destroy leaves nothing", () => this.destroy(terraform));
  }

  private async changeCode(terraform: Terraform): Promise<void> {
    await this.step("code change: plan", async () => {
      this.release.changeHandlers(NEW_CODE);
      await this.synth();
      const functions = this.cloud.inventory().filter((entry) => entry.startsWith("function "));
      expectChanges(
        await terraform.plan(),
        functions.map(() => "update tencentcloud_scf_function(zip_file)"),
      );
    });
    await this.step("code change: apply, new code runs", async () => {
      await terraform.apply();
      const log = await pushLog(this.cloud, this.lines);
      if (!log.includes(NEW_CODE)) throw new Error(`the new code must run, got the log\n${log.join("\n")}`);
    });
  }

  private async changeInterval(terraform: Terraform): Promise<void> {
    const { edits, seconds } = this.test.interval;
    await this.step("interval change: plan, in place", async () => {
      this.release.edit(this.name, edits);
      await this.synth();
      expectChanges(await terraform.plan(), ["update tencentcloud_cls_cos_shipper(interval)"]);
    });
    await this.step("interval change: apply", async () => {
      await terraform.apply();
      const [shipper] = this.cloud.cls.allShippers();
      if (shipper?.spec.intervalSeconds === seconds) return;
      throw new Error(`the shipper's interval must be ${seconds}, got ${shipper?.spec.intervalSeconds}`);
    });
  }

  private async changePrefix(terraform: Terraform): Promise<void> {
    const { edits, prefix, changes } = this.test.prefix;
    await this.step("prefix change: plan, trigger replaced", async () => {
      this.release.edit(this.name, edits);
      await this.synth();
      expectChanges(await terraform.plan(), changes);
    });
    await this.step("prefix change: apply", () => terraform.apply());
    await this.step("plan is empty again", () => terraform.expectNoChanges());
    await this.step("log goes through the new prefix", async () => {
      await pushLog(this.cloud, this.lines);
      const keys = this.cloud.cos.allBuckets().flatMap((bucket) => bucket.keys(prefix));
      if (keys.length === 0) throw new Error(`objects must lie below ${prefix}, got none`);
    });
  }

  /** COS keeps a bucket that holds objects; with `forceClean` the provider empties it first. */
  private async allowDestroy(terraform: Terraform): Promise<void> {
    this.release.edit(this.name, this.test.forceClean.edits);
    await this.synth();
    const changes = await terraform.plan();
    expectChanges(
      changes,
      this.cloud.cos.allBuckets().map(() => "update tencentcloud_cos_bucket(force_clean)"),
    );
    await terraform.apply();
  }

  private async destroy(terraform: Terraform): Promise<void> {
    await terraform.destroy();
    const left = this.cloud.inventory();
    if (left.length > 0) throw new Error(`nothing must be left in the cloud, got ${left.join(", ")}`);
  }

  private synth(): Promise<string> {
    return this.release.synth(this.name, this.project);
  }

  private step<T>(step: string, run: () => Promise<T>): Promise<T> {
    return this.report.step(this.name, step, run);
  }
}

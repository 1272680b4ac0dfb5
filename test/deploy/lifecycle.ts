import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SimulatedClock } from "../../local/clock";
import { LocalCloud } from "../../local/cloud";
import { exampleCalls, exampleIncident, exampleLines, findExample } from "../../cli/local/example";
import { firstTime } from "../../local/feed/record";
import { terraformEnvironment } from "../../local/terraform";
import { expectChanges } from "./changes";
import { pushLog } from "./logs";
import { Release } from "./release";
import type { Report } from "./report";
import type { Deployed, Revision, StackTest } from "./revision";
import { Terraform } from "./terraform";
import type { Tools } from "./tools";

const USE: NonNullable<StackTest["use"]> = { step: "log goes through", run: ({ push }) => push() };
const REGION = "ap-guangzhou";

/** The life of a stack: made, unchanged, used, changed in each of its revisions, and taken away. */
export async function testLifecycle(stack: StackTest, tools: Tools, report: Report): Promise<void> {
  const example = stack.app === undefined ? findExample(stack.name) : undefined;
  // Who tails a function asks for what is there by the machine's time, in which a monitor's functions live, too.
  const calls = example && (exampleCalls(example) ?? exampleIncident(example));
  const lines = example && !calls ? exampleLines(example) : [];
  const cloud = await LocalCloud.start({ clock: new SimulatedClock(calls ? Date.now() : firstTime(lines)) });
  try {
    await new Lifecycle(stack, tools, report, { cloud, push: () => pushLog(cloud, lines) }).run();
  } finally {
    await cloud.close();
  }
}

class Lifecycle {
  private readonly project: string;
  private readonly release: Release;

  constructor(
    private readonly stack: StackTest,
    private readonly tools: Tools,
    private readonly report: Report,
    private readonly deployed: Deployed,
  ) {
    this.project = join(tools.folder, stack.name, "project");
    this.release = new Release(tools.root, join(tools.folder, stack.name, "package"));
    if (stack.app !== undefined) this.release.addApp(stack.name, stack.app);
    mkdirSync(this.project, { recursive: true });
  }

  async run(): Promise<void> {
    const { binary, provider } = this.tools;
    const { cloud } = this.deployed;
    const stackFolder = await this.step("synth", () => this.synth());
    const variables = Object.entries(this.stack.variables?.(cloud) ?? {}).map(([name, value]) => [
      `TF_VAR_${name}`,
      value,
    ]);
    const cloudEnv = {
      ...terraformEnvironment(cloud, REGION),
      ...(Object.fromEntries(variables) as Record<string, string>),
    };
    const terraform = new Terraform(binary, stackFolder, provider.env, cloudEnv);
    await this.step("init", () => terraform.init());
    await this.step("validate", () => terraform.validate());
    await this.step("plan", () => terraform.plan());
    await this.step("apply", () => terraform.apply());
    await this.step("second plan is empty", () => terraform.expectNoChanges());
    const { step, run } = this.stack.use ?? USE;
    await this.step(step, () => run(this.deployed));
    for (const revision of this.stack.revisions) await this.revise(revision, terraform);
    await this.step("plan is empty again", () => terraform.expectNoChanges());
    await this.step("destroy leaves nothing", () => this.destroy(terraform));
  }

  private async revise({ name, make, plan, check }: Revision, terraform: Terraform): Promise<void> {
    await this.step(`${name}: plan`, async () => {
      make(this.release);
      await this.synth();
      expectChanges(await terraform.plan(), plan);
    });
    await this.step(`${name}: apply`, async () => {
      await terraform.apply();
      await check?.(this.deployed);
    });
  }

  private async destroy(terraform: Terraform): Promise<void> {
    await terraform.destroy();
    const left = this.deployed.cloud.inventory();
    if (left.length > 0) throw new Error(`nothing must be left in the cloud, got ${left.join(", ")}`);
  }

  private synth(): Promise<string> {
    return this.release.synth(this.stack.name, this.project);
  }

  private step<T>(step: string, run: () => Promise<T>): Promise<T> {
    return this.report.step(this.stack.name, step, run);
  }
}

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { deployTailed, leaveNote, tailWithPage } from "../cli/page/support/tailed";
import { removeDeployed } from "../functions/support/deployed";
import { open } from "./browser";
import { Session } from "./session";

const ROOT = join(__dirname, "../..");

/** A pipeline with code that fails until it is mended, which a file stands for: the local cloud runs it on this machine. */
function writeApp(folder: string, mended: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, "enrich.mjs"),
    `import { existsSync } from "node:fs";
export default {
  record: (record) => record,
  end() {
    if (!existsSync(${JSON.stringify(mended)})) throw new Error("the price list cannot be read");
  },
};
`,
  );
  const main = join(folder, "main.js");
  writeFileSync(
    main,
    `const load = require("node:module").createRequire(${JSON.stringify(join(ROOT, "package.json"))});
const { App, TerraformStack } = load("cdktf");
const { ClsStreamPipeline, CosOutput, LogBucket, LogProcessor, LogTopic } = load("cdktf-tencent-logs");
const { TencentcloudProvider } = load("cdktf-tencent-logs/tencentcloud");
const app = new App();
const stack = new TerraformStack(app, "logs");
new TencentcloudProvider(stack, "tencentcloud", { region: "ap-guangzhou" });
const topic = new LogTopic(stack, "Access", { topicName: "access", retentionDays: 7 });
const bucket = new LogBucket(stack, "Logs", { appId: "1250000000" });
const processor = LogProcessor.fromEntry(${JSON.stringify(join(folder, "enrich.mjs"))});
const outputs = { all: new CosOutput(bucket, { prefix: "all/" }) };
new ClsStreamPipeline(stack, "Orders", { topic, bucket, processor, outputs, defaultOutput: "all" });
app.synth();
`,
  );
  return main;
}

/** What lies in quarantine is shown with why, tried again by the button, and gone once that worked. */
export async function replayByButton(browser: Browser, folder: string): Promise<void> {
  const mended = join(folder, "mended");
  const session = Session.startApp(writeApp(folder, mended), folder, { access: ['{"order":17}'] });
  await replayIn(browser, session, "processor", () => writeFileSync(mended, ""));
}

/** The same of a function that is deployed, where a tail shows it; and an alert of a monitor. */
export async function replayInTail(browser: Browser, folder: string): Promise<void> {
  const cloud = await deployTailed();
  try {
    await leaveNote(cloud, "a");
    const { args, environment } = tailWithPage(cloud, ["*"]);
    const session = Session.run(["tail", ...args], folder, environment);
    await replayIn(browser, session, "AccessDenied", async (page) => {
      await page.getByRole("tab", { name: /^Alerts/ }).click();
      await cloud.topic("access").put([{ time: cloud.clock.now(), contents: { status: "503" } }]);
      await page.locator(".cards", { hasText: "oncall" }).waitFor({ timeout: 30_000 });
      await page.getByRole("tab", { name: /^Quarantine/ }).click();
    });
  } finally {
    await removeDeployed();
  }
}

/** @param reason of the note @param mend what has the next try succeed */
async function replayIn(
  browser: Browser,
  session: Session,
  reason: string,
  mend: (page: Page) => Promise<void> | void,
): Promise<void> {
  try {
    const { page } = await open(browser, await session.address());
    await page.getByRole("tab", { name: /^Quarantine/ }).click({ timeout: 60_000 });
    const button = page.getByRole("button", { name: "Replay" });
    await button.waitFor({ timeout: 60_000 });
    await page.locator(".cards .bad", { hasText: reason }).waitFor();
    await mend(page);
    await button.click();
    await page.getByText("was replayed").waitFor({ timeout: 30_000 });
    await page.getByText("No notes found in quarantine").waitFor({ timeout: 30_000 });
  } catch (error) {
    process.stderr.write(`\n${session.said.slice(-4_000)}\n`);
    throw error;
  } finally {
    await session.end();
  }
}

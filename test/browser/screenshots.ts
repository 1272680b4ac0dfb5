/** `npm run screenshots`: takes the pictures of docs/images anew, of what the examples are. Look at them before they are kept. */
import { execFileSync } from "node:child_process";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { runSuite } from "../deploy/suite";
import { synthesize } from "../examples/support/synthesize";
import { open, startBrowser } from "./browser";
import { accessLines, Session } from "./session";

const ROOT = join(__dirname, "../..");
const IMAGES = join(ROOT, "docs/images");

async function main(folder: string): Promise<number> {
  const browser = await startBrowser();
  mkdirSync(IMAGES, { recursive: true });
  try {
    await takeGraph(browser, join(folder, "plan"));
    await takePage(browser, join(folder, "dev"));
  } finally {
    await browser.close();
  }
  return 0;
}

async function takeGraph(browser: Browser, folder: string): Promise<void> {
  await synthesize("multi-region-monitor", folder);
  const [out, file] = [join(folder, "cdktf.out"), join(folder, "graph.html")];
  const args = [join(ROOT, "dist/cli/main.js"), "graph", "--out", out, "--html", file];
  execFileSync(process.execPath, args, { stdio: "ignore" });
  const { page } = await open(browser, `file://${file}`, { width: 1240, height: 520 });
  await page.locator(".node.function").first().click();
  await page.screenshot({ path: join(IMAGES, "graph.png") });
  keep("graph");
}

async function takePage(browser: Browser, folder: string): Promise<void> {
  const lines = accessLines(2_000);
  const session = Session.start("rules-migration", folder, { access: lines });
  try {
    const { page } = await open(browser, await session.address(), { width: 1280, height: 760, dark: true });
    await page
      .locator(".label.writes .rate", { hasText: /records/ })
      .first()
      .waitFor({ timeout: 120_000 });
    await page.getByRole("tab", { name: "Try a line" }).click();
    await page.getByLabel(/A log line/).fill(lines[9]);
    await page.getByRole("button", { name: "Try it" }).click();
    await page.getByRole("list", { name: "How the line is processed" }).waitFor();
    for (let time = 0; time < 6; time++) {
      await page.getByRole("button", { name: "Send into the topic" }).click();
      await page.waitForTimeout(700);
    }
    await page.locator("#panel-trial").evaluate((panel: { scrollTop: number }) => (panel.scrollTop = 250));
    await page.screenshot({ path: join(IMAGES, "page.png") });
    keep("page");
  } finally {
    await session.end();
  }
}

function keep(name: string): void {
  const { size } = statSync(join(IMAGES, `${name}.png`));
  process.stdout.write(`docs/images/${name}.png: ${Math.round(size / 1024)} KB\n`);
}

void runSuite("screenshots", main);

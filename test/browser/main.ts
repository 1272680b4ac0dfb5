/**
 * `npm run test:browser`: tests the live pages of `tencent-logs dev --open` and `tail --open`, and the file of `graph
 * --html`, in the machine's Chromium; and the output of `graph` for Mermaid, drawn by Mermaid in it. Exit status 1 if a
 * step fails, 3 if there is no Chromium or no registry to install Mermaid from.
 */
import { equal, match, ok } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { graphOf } from "../../cli/graph/draw";
import { readStacks } from "../../cli/graph/plan";
import { NotRunError } from "../deploy/not-run";
import { Report } from "../deploy/report";
import { runSuite } from "../deploy/suite";
import { synthesize } from "../examples/support/synthesize";
import { open, type Opened, startBrowser } from "./browser";
import { drawByMermaid } from "./mermaid";
import { replayByButton, replayInTail } from "./replay";
import { accessLines, Session } from "./session";
import { storm } from "./storm";

const ROOT = join(__dirname, "../..");

async function main(folder: string): Promise<number> {
  const browser = await startBrowser();
  const report = new Report();
  try {
    await testPage(browser, report, join(folder, "dev"));
    await report.step("the page", "has a note replayed by its button", () =>
      replayByButton(browser, join(folder, "replay")),
    );
    await report.step("tail --open", "shows an alert, and has a note replayed by its button", () =>
      replayInTail(browser, join(folder, "tail")),
    );
    await synthesize("rules-migration", join(folder, "plan"));
    const out = join(folder, "plan/cdktf.out");
    await testFile(browser, report, out);
    await drawByMermaid(browser, report, join(folder, "mermaid"));
    await report.step("the page", "keeps up with 1,000 lines a second", async () => {
      const graph = graphOf(readStacks(undefined, out));
      const name = graph.nodes.find(({ kind }) => kind === "function")?.name ?? "";
      const figures = await storm(browser, graph, name);
      process.stdout.write(`${JSON.stringify(figures)}\n`);
      equal(figures.missed, 0);
      equal(figures.shown, figures.sent);
      ok(figures.behindMs < 3_000, `the last line must be shown within 3 s, got ${figures.behindMs} ms`);
      ok(figures.elements < 1_500, `a page must have few elements, got ${figures.elements}`);
    });
  } catch (error) {
    if (error instanceof NotRunError) throw error;
    process.stderr.write(`\n${(error as Error).stack}\n`);
    return 1;
  } finally {
    await browser.close();
    process.stdout.write(`\n${report.table()}\n`);
  }
  return 0;
}

/** The page of a session: the actions of its user, one after the other. */
async function testPage(browser: Browser, report: Report, folder: string): Promise<void> {
  const step = <T>(title: string, run: () => Promise<T>): Promise<T> => report.step("dev --open", title, run);
  const session = Session.start("rules-migration", folder, { access: accessLines(200) });
  try {
    const address = await step("tells an address", () => session.address());
    const opened = await step("opens", () => open(browser, address));
    const { page } = opened;
    await step("draws the stack, with what passes its edges", async () => {
      await page.locator(".node.function").waitFor({ timeout: 60_000 });
      await page.locator(".label.delivers .rate", { hasText: /[\d,]+ logs/ }).waitFor({ timeout: 60_000 });
      await page
        .locator(".label.writes .rate", { hasText: /[\d,]+ records/ })
        .first()
        .waitFor({ timeout: 60_000 });
    });
    await step("shows logs and summaries", async () => {
      await page.locator(".log .row").first().waitFor({ timeout: 30_000 });
      await page
        .getByRole("cell", { name: /records \d+/ })
        .first()
        .waitFor();
    });
    await step("takes a line through the rules", () => tryLine(page));
    await step("sends a line into a topic", async () => {
      await page.getByRole("button", { name: "Send into the topic" }).click();
      await page.getByText("Sent to").waitFor({ timeout: 30_000 });
    });
    await step("is walked through by keyboard", () => useKeyboard(page));
    await step("is good for one use, keeps its secret, and asks for nothing elsewhere", () =>
      checkAccess(browser, address, opened),
    );
    await step("says when the command has ended", async () => {
      await session.end();
      await page.getByText("the command has ended").waitFor({ timeout: 10_000 });
    });
  } catch (error) {
    process.stderr.write(`\n${session.said.slice(-4_000)}\n`);
    throw error;
  } finally {
    await session.end();
  }
}

async function tryLine(page: Page): Promise<void> {
  await page.getByRole("tab", { name: "Try a line" }).click();
  const hostile = "/pay/<script>alert(1)</script>";
  const line = { status: "502", path: hostile, remote_addr: "10.1.2.3", request_time: "0.7" };
  await page.getByLabel(/A log line/).fill(JSON.stringify(line));
  await page.getByRole("button", { name: "Try it" }).click();
  const steps = page.getByRole("list", { name: "How the line is processed" });
  await steps.getByText('"10.1.2.0"').first().waitFor({ timeout: 30_000 });
  await steps.getByText(/^errors: Errors/).waitFor();
  await steps.getByText(JSON.stringify(hostile)).first().waitFor();
}

async function useKeyboard(page: Page): Promise<void> {
  await page.locator('.graph [tabindex="0"]').focus();
  for (const key of ["ArrowRight", "ArrowRight", "Enter"]) await page.keyboard.press(key);
  const details = page.getByRole("complementary", { name: "Details" });
  await details.getByText("Connections").or(details.getByText("Resources of the plan")).first().waitFor();
  equal((await page.locator(".graph .selected").count()) > 0, true);
  await page.keyboard.press("Escape");
  equal(await page.locator(".graph.chosen").count(), 0);
  await page.getByRole("listbox").focus();
  await page.keyboard.press("ArrowUp");
  await page.locator("#chosen-line").waitFor();
  await page.keyboard.press("End");
  await page.getByRole("tab", { selected: true }).focus();
  await page.keyboard.press("ArrowRight");
  await page.getByRole("tab", { name: "Invocations", selected: true }).waitFor();
  equal(await nameless(page), "");
}

/** Interactive elements without an accessible name. */
async function nameless(page: Page): Promise<string> {
  const found =
    (await page.evaluate(`[...document.querySelectorAll("button, input, select, textarea, [role=button], [role=tab]")]
    .filter((one) => !(one.getAttribute("aria-label") || one.textContent.trim() || one.labels?.length))
    .map((one) => one.outerHTML.slice(0, 80)).join()`)) as string;
  return found;
}

async function checkAccess(browser: Browser, address: string, { page, complaints, foreign }: Opened): Promise<void> {
  equal(page.url(), `${new URL(address).origin}/`);
  equal(await page.evaluate("document.cookie"), "");
  const context = await browser.newContext();
  const other = await context.newPage();
  equal((await other.goto(address))?.status(), 403);
  await context.close();
  equal(complaints.join(), "");
  equal(foreign.join(), "");
}

/** The file that `graph --html` writes. */
async function testFile(browser: Browser, report: Report, out: string): Promise<void> {
  await report.step("graph --html", "shows the stack, answers, and asks for nothing", async () => {
    const file = join(out, "graph.html");
    execFileSync(process.execPath, [join(ROOT, "dist/cli/main.js"), "graph", "--out", out, "--html", file], {
      stdio: "ignore",
    });
    const { page, complaints, foreign } = await open(browser, `file://${file}`, { dark: true });
    await page.locator(".node.function").click();
    await page.getByRole("heading", { name: /^Role / }).waitFor();
    match(await page.locator("#details").innerText(), /cls:pushLog/);
    equal(complaints.join(), "");
    equal(foreign.join(), "");
    await page.close();
  });
}

void runSuite("test:browser", main);

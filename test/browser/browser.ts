import { spawnSync } from "node:child_process";
import { type Browser, chromium, type Page } from "playwright-core";
import { NotRunError } from "../deploy/not-run";

/** Programs by which Chromium is known: Debian's first. */
const PROGRAMS = ["chromium", "chromium-browser", "google-chrome"];

/** Starts the Chromium of the machine: `CHROMIUM` names it where it is elsewhere. @throws NotRunError where there is none */
export async function startBrowser(): Promise<Browser> {
  const given = process.env.CHROMIUM;
  const found = (given ? [given] : PROGRAMS).find((name) => spawnSync(name, ["--version"]).status === 0);
  if (found === undefined) {
    const remedy = "install it, as with `apt-get install chromium`, or name its program in CHROMIUM";
    throw new NotRunError(`there is no ${given ?? PROGRAMS.join(", ")}: ${remedy}`);
  }
  const path = found.includes("/") ? found : spawnSync("which", [found], { encoding: "utf8" }).stdout.trim();
  // What runs as root has no sandbox of Chromium's, and what is shown here is our own page alone.
  const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  return chromium.launch({ executablePath: path, args });
}

export interface Opened {
  readonly page: Page;
  /** What the page complained of: errors of its script, and what its policy of contents refused. */
  readonly complaints: string[];
  /** Addresses that it asked for elsewhere. */
  readonly foreign: string[];
}

/** Opens an address in a window of its own, and listens for what goes wrong. */
export async function open(
  browser: Browser,
  address: string,
  { width = 1440, height = 900, dark = false } = {},
): Promise<Opened> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: dark ? "dark" : "light" });
  const page = await context.newPage();
  const [complaints, foreign]: string[][] = [[], []];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const { origin } = new URL(address);
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith("data:") && (origin === "null" ? url !== address : !url.startsWith(origin))) foreign.push(url);
  });
  await page.goto(address);
  return { page, complaints, foreign };
}

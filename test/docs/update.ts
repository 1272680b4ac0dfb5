/**
 * `npm run docs:update`: writes what the docs say of the code from the code, and into translated pages the code of those that
 * they follow. `npm run docs:update -- --translated PAGE...` says besides that these
 * translations are as their originals are now.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { API_REPORT, apiReport } from "../contract/api-report";
import { ROOT } from "./markdown";
import { Examples } from "./support/examples";
import { Generated, hasGenerated } from "./support/generated";
import { CODE_PAGES } from "./support/pages";
import { Surface } from "./support/surface";
import { hashOf, translations, withCodeOf } from "./support/translations";

async function update(): Promise<void> {
  const examples = new Examples();
  const surface = new Surface(examples.snippets.program);
  writeFileSync(join(ROOT, API_REPORT), apiReport(surface));
  const generated = new Generated(surface, (page) => examples.firstPlanOf(page));
  for (const page of CODE_PAGES.filter(hasGenerated)) writeFileSync(join(ROOT, page), await generated.page(page));
  align();
  translate(process.argv.slice(process.argv.indexOf("--translated") + 1 || process.argv.length));
}

/** Tables are aligned as all others are. */
function align(): void {
  const prettier = join(ROOT, "node_modules/prettier/bin/prettier.cjs");
  spawnSync(process.execPath, [prettier, "--write", "--log-level", "warn", "README.md", "docs"], { cwd: ROOT, stdio: "inherit" }); // prettier-ignore
}

function translate(done: readonly string[]): void {
  for (const one of translations()) {
    const hash = done.includes(one.page) ? hashOf(one.original) : one.hash;
    writeFileSync(join(ROOT, one.page), withCodeOf(one).replace(one.hash, hash));
  }
}

update().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

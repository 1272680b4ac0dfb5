/** `npm run docs:update`: writes what the docs say of the code from the code. Prettier aligns the tables afterwards. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { API_REPORT, apiReport } from "../contract/api-report";
import { ROOT } from "./markdown";
import { Examples } from "./support/examples";
import { Generated, hasGenerated } from "./support/generated";
import { CODE_PAGES } from "./support/pages";
import { Surface } from "./support/surface";

async function update(): Promise<void> {
  const examples = new Examples();
  const surface = new Surface(examples.snippets.program);
  writeFileSync(join(ROOT, API_REPORT), apiReport(surface));
  const generated = new Generated(surface, (page) => examples.firstPlanOf(page));
  for (const page of CODE_PAGES.filter(hasGenerated)) writeFileSync(join(ROOT, page), await generated.page(page));
}

update().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

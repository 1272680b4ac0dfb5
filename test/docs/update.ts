/** `npm run docs:update`: writes what the docs say of the code from the code. `npx prettier` aligns the tables. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { API_REPORT, apiReport } from "../contract/api-report";
import { ROOT } from "./markdown";
import { Generated, hasGenerated } from "./support/generated";
import { CODE_PAGES } from "./support/pages";
import { Surface } from "./support/surface";

async function update(): Promise<void> {
  const surface = new Surface();
  writeFileSync(join(ROOT, API_REPORT), apiReport(surface));
  const pages = CODE_PAGES.filter(hasGenerated);
  const generated = new Generated(surface, pages);
  for (const page of pages) writeFileSync(join(ROOT, page), await generated.page(page));
}

update().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

/**
 * `npm run test:package`: packs the package, and has empty projects, with `cdktf` and with its fork `cdktn` under the same
 * name, install the tarball and use it. Exit status 1 where something failed, 3 where npm's registry cannot be reached.
 */
import { dirname } from "node:path";
import { CDKTF, CDKTN } from "../cdktn/frameworks";
import { NotRunError } from "../deploy/not-run";
import { Report } from "../deploy/report";
import { runSuite } from "../deploy/suite";
import { packTarball, testConsumer } from "./consumer";

async function main(folder: string): Promise<number> {
  const root = dirname(dirname(__dirname));
  const report = new Report();
  try {
    const tarball = await report.step("consumers", "npm pack", () => packTarball(root, folder));
    for (const framework of [CDKTF, CDKTN]) await testConsumer(framework, { tarball, root, folder, report });
    return 0;
  } catch (error) {
    if (error instanceof NotRunError) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    process.stdout.write(`\n${report.table()}\n`);
  }
}

void runSuite("tests of the package", main);

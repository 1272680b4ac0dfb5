/**
 * `npm run contract:update`: writes down what the release whose version stands in package.json promises, in place of what
 * the one before promised, and tells what it breaks. At a release, and never between two.
 */
import { rmSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { breaches } from "./compare";
import { contractFile, contractsNow, lastRelease } from "./release";

async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as { version: string };
  const last = lastRelease();
  if (last.release === version) {
    throw new Error(`version in package.json must be that of a new release, got ${version}, whose contract is there`);
  }
  const stacks = await contractsNow();
  writeFileSync(contractFile(version), `${JSON.stringify({ release: version, stacks }, null, 2)}\n`);
  rmSync(contractFile(last.release));
  for (const [name, promised] of Object.entries(last.stacks)) {
    for (const breach of breaches(promised, stacks[name] ?? {})) process.stdout.write(`${name}: ${breach}\n`);
  }
  process.stdout.write(
    `${contractFile(version)} holds what ${version} promises; the lines above belong in CHANGELOG.md\n`,
  );
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});

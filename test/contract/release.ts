import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Testing } from "../../lib/framework";
import { synthesize } from "../examples/support/synthesize";
import { everything } from "./everything";
import { contractOf, type Contract } from "./names";

const ROOT = join(__dirname, "../..");

/** What a release promises: the contract of each stack, by its name. */
export interface Release {
  readonly release: string;
  readonly stacks: Readonly<Record<string, Contract>>;
}

/** The file of a release's contract. */
export const contractFile = (release: string): string => join(__dirname, `names-${release}.json`);

/** The contract of the last release: there is one file. */
export function lastRelease(): Release {
  const files = readdirSync(__dirname).filter((name) => /^names-.*\.json$/.test(name));
  if (files.length !== 1) throw new Error(`one names-RELEASE.json must be there, got ${files.join(", ") || "none"}`);
  return JSON.parse(readFileSync(join(__dirname, files[0] ?? ""), "utf8")) as Release;
}

/** What the tree promises as it is: every example, as it was built, and one of every construct. */
export async function contractsNow(): Promise<Release["stacks"]> {
  const stacks = { everything: contractOf(Testing.synth(everything(Testing.app() as App))), ...(await ofExamples()) };
  return Object.fromEntries(Object.entries(stacks).sort(([one], [other]) => (one < other ? -1 : 1)));
}

async function ofExamples(): Promise<Record<string, Contract>> {
  const folder = mkdtempSync(join(tmpdir(), "tencent-logs-contract-"));
  try {
    const contracts = examples().map(async (name) => {
      const { plan } = await synthesize(name, join(folder, name));
      return [name, contractOf(plan)] as const;
    });
    return Object.fromEntries(await Promise.all(contracts));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function examples(): string[] {
  const folders = readdirSync(join(ROOT, "examples"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => name)
    .filter((name) => readdirSync(join(ROOT, "examples", name)).includes("cdktf.json"));
}

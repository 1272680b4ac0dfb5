import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findStackFolder, readStack } from "../../local/plan/stack";
import { runInstall } from "../cdktn/tree";
import { cleanEnvironment, runToSuccess } from "../deploy/process";
import type { PackageTest } from "./project";

/** What the README's first example is about. */
const EXPECTED = ["tencentcloud_cls_topic", "tencentcloud_cls_cos_shipper", "tencentcloud_scf_trigger"];

/**
 * From an empty folder to the first plan, by nothing but what the README says: its commands, its `cdktf.json`, its first
 * example. Only the package's name is replaced by the tarball.
 */
export async function testReadme({ root, tarball, folder, report }: PackageTest): Promise<void> {
  const project = join(folder, "readme");
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const section = sectionOf(readme, "Install");
  const shell = (command: string) => ({
    program: "bash",
    args: ["-ec", command],
    cwd: project,
    env: cleanEnvironment(),
  });
  const [install, synth] = blocksOf(section, "sh");

  mkdirSync(project);
  for (const command of commandsOf(install)) {
    await report.step("the README", command, () => runInstall(shell(withTarball(command, tarball))));
  }
  const [configuration] = blocksOf(section, "json");
  writeFileSync(join(project, "cdktf.json"), configuration);
  const [example] = blocksOf(section, "ts");
  writeFileSync(join(project, "main.ts"), example);
  for (const command of commandsOf(synth)) {
    await report.step("the README", command, () => runToSuccess(shell(command)));
  }
  const types = readStack(findStackFolder(join(project, "cdktf.out"))).resources.map(({ type }) => type);
  const missing = EXPECTED.filter((type) => !types.includes(type));
  if (missing.length > 0) throw new Error(`the plan must hold ${missing.join(", ")}, got ${types.join(", ")}`);
}

/** The text below a heading of the second level, to the next. */
function sectionOf(page: string, heading: string): string {
  const section = page.split(/^## /m).find((text) => text.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`the README must have a section "${heading}", got none`);
  return section;
}

/** Blocks of code of a language; there must be one. */
function blocksOf(text: string, language: string): string[] {
  const blocks = [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\``, "gm"))].map(([, code]) => code);
  if (blocks.length === 0) throw new Error(`the README's section must have a block of ${language}, got none`);
  return blocks;
}

/** The lines of a block of commands, without their comments. */
function commandsOf(block: string): string[] {
  return block.split("\n").flatMap((line) => line.replace(/\s+#.*/, "") || []);
}

function withTarball(command: string, tarball: string): string {
  return command.replace(/(?<=\s)cdktf-tencent-logs(?=\s|$)/, tarball);
}

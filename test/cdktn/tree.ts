import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { NotRunError } from "../deploy/not-run";
import { run, runToSuccess, type Command } from "../deploy/process";
import type { Framework } from "./frameworks";

/** Copies what Git knows, or would take, into a folder. */
export async function copyTree(root: string, folder: string): Promise<void> {
  const args = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
  const listed = await runToSuccess({ program: "git", args, cwd: root, env: process.env });
  for (const file of listed.split("\0").filter((name) => name !== "" && existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
}

/** Installs a tree's dependencies with another framework; everything else as the lock file says. */
export async function installWith(framework: Framework, folder: string): Promise<void> {
  const file = join(folder, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as { devDependencies: object };
  const devDependencies = { ...manifest.devDependencies, ...framework.dependencies };
  writeFileSync(file, `${JSON.stringify({ ...manifest, devDependencies }, null, 2)}\n`);
  await npmInstall(folder);
  expectInstalled(framework, folder);
}

/** What package managers say where they cannot reach their registry. */
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|ETIMEDOUT)\b/;

/** Installs what a folder's `package.json` says. Throws {@link NotRunError} where the registry cannot be reached. */
export async function npmInstall(folder: string): Promise<void> {
  await runInstall({ program: "npm", args: ["install", "--no-audit", "--no-fund"], cwd: folder, env: process.env });
}

/** Runs a command that installs something. Throws {@link NotRunError} where the registry cannot be reached. */
export async function runInstall(command: Command): Promise<void> {
  const { status, output } = await run(command);
  if (status === 0) return;
  const line = [command.program, ...command.args].join(" ");
  const code = UNREACHABLE.exec(output)?.[1];
  if (code !== undefined) throw new NotRunError(`${line} cannot reach its registry (${code})`);
  throw new Error(`${line} must succeed, got exit status ${status}:\n${output}`);
}

/** Throws unless the framework stands under the name `cdktf`. */
export function expectInstalled(framework: Framework, folder: string): void {
  const installed = JSON.parse(readFileSync(join(folder, "node_modules/cdktf/package.json"), "utf8")) as {
    name: string;
  };
  if (installed.name !== framework.name) throw new Error(`cdktf must be ${framework.name}, got ${installed.name}`);
}

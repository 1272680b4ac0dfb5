import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findStackFolder, readStack } from "../../local/plan/stack";
import { runToSuccess } from "../deploy/process";
import type { Report } from "../deploy/report";
import type { Framework } from "../cdktn/frameworks";
import { expectInstalled, npmInstall } from "../cdktn/tree";

/** Packs the package as it would be published; returns the tarball. */
export async function packTarball(root: string, folder: string): Promise<string> {
  const args = ["pack", "--silent", "--pack-destination", folder];
  const written = await runToSuccess({ program: "npm", args, cwd: root, env: process.env });
  return join(folder, written.trim().split("\n").at(-1) ?? "");
}

/** What every consumer is tested with. */
export interface ConsumerTest {
  readonly tarball: string;
  /** The package's own folder. */
  readonly root: string;
  /** Where the project is made. */
  readonly folder: string;
  readonly report: Report;
}

/**
 * A user's project: installs framework and tarball, type-checks the README's first example and synthesizes it, loads every
 * entry point and starts the command line.
 */
export async function testConsumer(framework: Framework, test: ConsumerTest): Promise<void> {
  const { tarball, root, folder, report } = test;
  const project = join(folder, `consumer-${framework.name}`);
  const step = <T>(name: string, run: () => Promise<T> | T): Promise<T> =>
    report.step(`consumer with ${framework.name}`, name, run);
  const npx = (...args: string[]) => ({
    program: "npx",
    args: ["--no-install", ...args],
    cwd: project,
    env: process.env,
  });

  await step("npm install", async () => {
    writeProject(framework, tarball, root, project);
    await npmInstall(project);
    expectInstalled(framework, project);
  });
  await step("type-check", () => runToSuccess(npx("tsc", "--project", ".")));
  await step("synthesize", async () => {
    await runToSuccess({ program: process.execPath, args: ["main.js"], cwd: project, env: process.env });
    const types = readStack(findStackFolder(join(project, "cdktf.out"))).resources.map(({ type }) => type);
    for (const type of ["tencentcloud_cls_topic", "tencentcloud_cls_cos_shipper", "tencentcloud_scf_trigger"]) {
      if (!types.includes(type)) throw new Error(`the plan must hold a ${type}, got ${types.join(", ")}`);
    }
  });
  await step("load every entry point", async () => {
    const script = entryPoints(root).map((name) => `require(${JSON.stringify(name)});`);
    await runToSuccess({ program: process.execPath, args: ["-e", script.join("")], cwd: project, env: process.env });
  });
  await step("start the command line", async () => {
    const usage = await runToSuccess(npx("tencent-logs", "--help"));
    if (!usage.startsWith("Usage: tencent-logs ")) throw new Error(`tencent-logs must tell its usage, got ${usage}`);
  });
}

/** What the package lets others import, as they name it. */
function entryPoints(root: string): string[] {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { name: string; exports: object };
  return Object.keys(manifest.exports).map((path) => join(manifest.name, path));
}

function writeProject(framework: Framework, tarball: string, root: string, project: string): void {
  mkdirSync(project);
  const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const manifest = {
    private: true,
    dependencies: { ...framework.dependencies, "cdktf-tencent-logs": `file:${tarball}` },
    devDependencies: { typescript: devDependencies.typescript, "@types/node": devDependencies["@types/node"] },
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  const compilerOptions = {
    target: "ES2022",
    module: "Node16",
    moduleResolution: "Node16",
    strict: true,
    types: ["node"],
  };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["main.ts"] }));
  writeFileSync(join(project, "main.ts"), firstExample(root));
}

/** The first TypeScript block of the README. */
function firstExample(root: string): string {
  const block = /^```ts\n([^]*?)^```/m.exec(readFileSync(join(root, "README.md"), "utf8"))?.[1];
  if (block === undefined) throw new Error("the README must hold an example in TypeScript, got none");
  return block;
}

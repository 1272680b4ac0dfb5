import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findStackFolder, readStack } from "../../local/plan/stack";
import type { Framework } from "../cdktn/frameworks";
import type { Report } from "../deploy/report";
import type { Manager, Managers } from "./managers";

/** What every project is made with. */
export interface PackageTest {
  /** The package's own folder. */
  readonly root: string;
  /** What is tested: the package as it would be published. */
  readonly tarball: string;
  /** Where projects are made. */
  readonly folder: string;
  readonly report: Report;
}

/** What a plan of `consumer/` holds: of each construct something, and a resource of the bindings' own. */
const EXPECTED = ["tencentcloud_cls_logset", "tencentcloud_cls_cos_shipper", "tencentcloud_scf_trigger"];

/**
 * A user's project, from the tarball, with a package manager and a framework: loads every entry point from CommonJS and from
 * ES modules, synthesizes the same plan in both, type-checks, and starts the command.
 */
export async function testProject(
  manager: Manager,
  framework: Framework,
  managers: Managers,
  test: PackageTest,
): Promise<void> {
  const name = `${manager.name} with ${framework.name}`;
  const project = join(test.folder, name.replace(/\W+/g, "-"));
  const step = <T>(title: string, run: () => Promise<T>): Promise<T> => test.report.step(name, title, run);

  await step("install", async () => {
    writeProject(project, framework, test);
    await managers.installProject(manager, project);
    const installed = await managers.node(manager, project, "-p", "require('cdktf/package.json').name");
    if (installed.trim() !== framework.name) throw new Error(`cdktf must be ${framework.name}, got ${installed}`);
  });
  await step("require, import, synthesize", async () => {
    for (const script of ["require.js", "import.mjs"]) await managers.node(manager, project, script, `${script}.out`);
    expectPlans(join(project, "require.js.out"), join(project, "import.mjs.out"));
  });
  await step("type-check", () => managers.exec(manager, project, "tsc", "--project", "."));
  await step("tencent-logs", async () => {
    const { version } = manifestOf(test.root);
    const told = await managers.exec(manager, project, "tencent-logs", "--version");
    if (told.trim() !== version) throw new Error(`tencent-logs must be of version ${version}, got ${told}`);
  });
}

/** The `package.json` of the package's own folder. */
export function manifestOf(root: string): { version: string; devDependencies: Record<string, string> } {
  return JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as ReturnType<typeof manifestOf>;
}

/** Puts the files of `consumer/` into a folder. */
export function copyConsumer(project: string): void {
  for (const file of readdirSync(join(__dirname, "consumer"))) {
    cpSync(join(__dirname, "consumer", file), join(project, file));
  }
}

function writeProject(project: string, framework: Framework, { root, tarball }: PackageTest): void {
  mkdirSync(project);
  const { devDependencies } = manifestOf(root);
  const versionsOf = (...names: string[]) => Object.fromEntries(names.map((name) => [name, devDependencies[name]]));
  const manifest = {
    private: true,
    dependencies: { ...framework.dependencies, "cdktf-tencent-logs": `file:${tarball}` },
    devDependencies: versionsOf("esbuild", "typescript", "@types/node"),
  };
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  const compilerOptions = { strict: true, skipLibCheck: false, target: "ES2022", module: "NodeNext", noEmit: true };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["types.ts", "enrich.ts"] }));
  copyConsumer(project);
}

/** Throws unless two folders hold the same plan, and all in it that is expected. */
function expectPlans(first: string, second: string): void {
  const [one, other] = [first, second].map((folder) =>
    readFileSync(join(findStackFolder(folder), "cdk.tf.json"), "utf8"),
  );
  if (one !== other) throw new Error("plans must be the same from CommonJS and from an ES module, got two");
  const types = readStack(findStackFolder(first)).resources.map(({ type }) => type);
  const missing = EXPECTED.filter((type) => !types.includes(type));
  if (missing.length > 0) throw new Error(`the plan must hold ${missing.join(", ")}, got ${types.join(", ")}`);
}

/**
 * `npm run test:package [-- --all]`: packs the package, installs the tarball in empty projects and uses it: with npm,
 * with pnpm and the fork `cdktn`, with Yarn's Plug'n'Play, by the README's own commands, from `tencent-logs init` to
 * the first record, and with the oldest and the newest TypeScript. `--all` adds two regions and `dev` with changes, and
 * tries every package manager with both frameworks and every compiler. Exit status 1 if something failed, 3 if a
 * package manager is unavailable or npm's registry is unreachable.
 */
import { dirname, join } from "node:path";
import { CDKTF, CDKTN, type Framework } from "../cdktn/frameworks";
import { NotRunError } from "../deploy/not-run";
import { runToSuccess } from "../deploy/process";
import { Report } from "../deploy/report";
import { runSuite } from "../deploy/suite";
import { testJudges } from "./judges";
import { type Manager, Managers, NPM, PNPM, YARN_1, YARN_4_MODULES, YARN_4_PNP } from "./managers";
import { type PackageTest, testProject } from "./project";
import { testReadme } from "./readme";
import { testWalk } from "./walk";
import { testTypes } from "./types";

const QUICK: readonly (readonly [Manager, Framework])[] = [
  [NPM, CDKTF],
  [PNPM, CDKTN],
  [YARN_4_PNP, CDKTF],
];
const ALL = [NPM, PNPM, YARN_1, YARN_4_MODULES, YARN_4_PNP].flatMap((manager) =>
  [CDKTF, CDKTN].map((framework) => [manager, framework] as const),
);

async function main(folder: string): Promise<number> {
  const root = dirname(dirname(__dirname));
  const isQuick = !process.argv.includes("--all");
  const projects = isQuick ? QUICK : ALL;
  const report = new Report();
  try {
    const tarball = await report.step("the package", "npm pack", () => packTarball(root, folder));
    const test: PackageTest = { root, tarball, folder, report };
    await testJudges(test);
    const managers = await report.step("package managers", "npm install", () =>
      Managers.install([...new Set(projects.map(([manager]) => manager))], join(folder, "managers")),
    );
    for (const [manager, framework] of projects) await testProject(manager, framework, managers, test);
    await testReadme(test);
    await testWalk(test, isQuick);
    await testTypes(test, isQuick);
    return 0;
  } catch (error) {
    if (error instanceof NotRunError) throw error;
    process.stderr.write(`${(error as Error).message}\n`);
    return 1;
  } finally {
    process.stdout.write(`\n${report.table()}\n`);
  }
}

/** Packs the package as for publishing; resolves to the tarball. */
async function packTarball(root: string, folder: string): Promise<string> {
  const args = ["pack", "--silent", "--pack-destination", folder];
  const written = await runToSuccess({ program: "npm", args, cwd: root, env: process.env });
  return join(folder, written.trim().split("\n").at(-1) ?? "");
}

void runSuite("tests of the package", main);

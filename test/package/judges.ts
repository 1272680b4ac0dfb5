import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npmInstall } from "../cdktn/tree";
import { runToSuccess } from "../deploy/process";
import type { PackageTest } from "./project";

/** Programs that know what goes wrong with packages. They stand here, and not among ours, since they judge the tarball only. */
const JUDGES = { "@arethetypeswrong/cli": "0.18.5", publint: "0.3.25" };

/** Has the tarball judged: neither program may find anything. */
export async function testJudges({ folder, tarball, report }: PackageTest): Promise<void> {
  const project = join(folder, "judges");
  const step = <T>(title: string, run: () => Promise<T>): Promise<T> => report.step("judges", title, run);
  const judge = (...args: string[]): Promise<string> =>
    runToSuccess({ program: "npm", args: ["exec", "--offline", "--", ...args], cwd: project, env: process.env });

  await step("npm install", async () => {
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, dependencies: JUDGES }));
    await npmInstall(project);
  });
  await step("are the types wrong", () => judge("attw", "--no-definitely-typed", tarball));
  await step("publint", async () => {
    const told = await judge("publint", "--strict", "--level", "suggestion", tarball);
    if (!told.includes("All good!")) throw new Error(`publint must find nothing, got:\n${told}`);
  });
}

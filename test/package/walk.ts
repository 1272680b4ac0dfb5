import assert from "node:assert/strict";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { npmInstall } from "../cdktn/tree";
import { cleanEnvironment, runToSuccess } from "../deploy/process";
import type { PackageTest } from "./project";
import { testVitest } from "./vitest";
import { DevProcess } from "../cli/dev/support/dev-process";

/** As the tarball holds it. */
const COMMAND = "node_modules/cdktf-tencent-logs/dist/cli/main.js";

/**
 * What a new user does, from the tarball alone: `init`, then what the project's README says; then two pipelines in two regions
 * and two stacks, with three outputs, rules, code of their own and a bucket of another stack, a test of one, and `dev` with a
 * change in between.
 *
 * @param isQuick whether to end with the first record
 */
export async function testWalk(test: PackageTest, isQuick: boolean): Promise<void> {
  const { folder, report, tarball } = test;
  const project = join(folder, "my-logs");
  const step = <T>(title: string, work: () => Promise<T>): Promise<T> => report.step("the walk", title, work);
  const run = (program: string, ...args: string[]) =>
    runToSuccess({ program, args, cwd: project, env: { ...cleanEnvironment(), CI: "1" } });

  await step("tencent-logs init", () => {
    const args = ["exec", "--yes", `--package=${tarball}`, "--", "tencent-logs", "init", "my-logs"];
    const more = ["--package", `file:${tarball}`];
    return runToSuccess({ program: "npm", args: [...args, ...more], cwd: folder, env: cleanEnvironment() });
  });
  await step("npm install", () => npmInstall(project));
  await step("the first record", () => firstRecord(project));
  await step("npm test", () => run("npm", "test"));
  if (isQuick) return;
  await step("npm run check", () => run("npm", "run", "check"));
  await step("npm run synth", () => run("npm", "run", "synth"));
  await step("two regions, two stacks, three outputs", async () => {
    cpSync(join(__dirname, "walk"), project, { recursive: true });
    await run("npx", "tsc", "--noEmit");
    // On a machine that is busy, bundling alone takes longer than a test of the project may.
    await run("npx", "jest", "app.spec.ts", "--testTimeout=600000");
  });
  // Afterwards, since Vitest's own declarations would be checked with all else.
  await testVitest(test, project);
  await step("dev, with changes in between", () => devWithChanges(project));
}

/** From `dev` to what the function made of the sample, which the project brings along. */
async function firstRecord(project: string): Promise<void> {
  const dev = new DevProcess(project, COMMAND, "--once", "--feed", "access=samples/access.jsonl");
  try {
    assert.equal(await outputsOf(dev), '{"archive":5,"errors":2}');
  } finally {
    dev.kill();
  }
}

async function devWithChanges(project: string): Promise<void> {
  const dev = new DevProcess(project, COMMAND);
  try {
    const first = await dev.next("deployed");
    assert.deepEqual(
      first.stackFolders.map((path) => path.split("/").at(-1)),
      ["store", "logs"],
    );
    assert.deepEqual([...new Set(first.resources.map(({ region }) => region))].sort(), [
      "ap-guangzhou",
      "ap-singapore",
    ]);

    dev.say('feed access {"status":503,"path":"/a"}');
    assert.equal(await outputsOf(dev), '{"archive":1,"errors":1}');
    dev.say('feed orders {"order":"17","card":"4111111111111111"}');
    const { body } = await dev.next("webhook");
    const [ticket] = JSON.parse(body) as { order: string; card: string }[];
    assert.deepEqual([ticket.order, ticket.card], ["17", "************1111"]);

    // Rules that tell errors otherwise: the function alone is changed, and what lies in the topics stays.
    const rules = join(project, "rules/access.sls");
    writeFileSync(rules, readFileSync(rules, "utf8").replaceAll("500", "400"));
    const second = await dev.next("deployed");
    const kinds = second.changes.map(({ action, address }) => `${action} ${address.split(".")[0]}`);
    assert.deepEqual(kinds, ["changed tencentcloud_scf_function"]);
    dev.say('feed access {"status":404,"path":"/b"}');
    assert.equal(await outputsOf(dev), '{"archive":1,"errors":1}');

    // What is wrong is told, and what is deployed goes on.
    const main = join(project, "main.ts");
    const text = readFileSync(main, "utf8");
    writeFileSync(main, `${text}\nnew LogStack(`);
    await dev.next("synth-failed");
    dev.say('feed access {"status":200,"path":"/c"}');
    assert.equal(await outputsOf(dev), '{"archive":1,"errors":0}');
    writeFileSync(main, text);
    assert.deepEqual((await dev.next("deployed")).changes, []);

    assert.equal(await dev.end(), 0);
  } finally {
    dev.kill();
  }
}

/** Records by output, as the next invocation returns them. */
async function outputsOf(dev: DevProcess): Promise<string> {
  const { result } = await dev.next("finished");
  const { outputs } = result as { outputs: Record<string, { records: number }> };
  return JSON.stringify(Object.fromEntries(Object.entries(outputs).map(([name, { records }]) => [name, records])));
}

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SimulatedClock } from "../../local/clock";
import { LocalCloud } from "../../local/cloud";
import { exampleLines, findExample } from "../../cli/local/example";
import { firstTime } from "../../local/feed/record";
import { terraformEnvironment } from "../../local/terraform";
import { emptyBuckets, pushLog } from "./logs";
import { cleanEnvironment, runToSuccess } from "./process";
import { Release } from "./release";
import type { Report } from "./report";
import type { Tools } from "./tools";

/** The example that the commands deploy. */
export const COMMAND_LINE_EXAMPLE = "access-log-batch";
/** What the table calls it. */
const SUITE = `${COMMAND_LINE_EXAMPLE}, by cdktf`;
const REGION = "ap-guangzhou";

/** Runs the commands of the README's section "Deploy", word by word, against an empty local cloud. */
export async function testCommandLine(tools: Tools, report: Report): Promise<void> {
  const commands = readCommands(tools.root);
  const lines = exampleLines(findExample(COMMAND_LINE_EXAMPLE));
  const cloud = await LocalCloud.start({ clock: new SimulatedClock(firstTime(lines)) });
  try {
    const { project, env } = makeProject(tools, cloud);
    const run = (command: string): Promise<string> =>
      report.step(SUITE, command, () =>
        runToSuccess({ program: "npx", args: command.split(" ").slice(1), cwd: project, env }),
      );
    await run(commands.diff);
    await run(commands.deploy);
    await report.step(SUITE, "log goes through", () => pushLog(cloud, lines));
    await emptyBuckets(cloud);
    await run(commands.destroy);
    const left = cloud.inventory();
    if (left.length > 0) throw new Error(`nothing must be left in the cloud, got ${left.join(", ")}`);
  } finally {
    await cloud.close();
  }
}

type Commands = Readonly<Record<"diff" | "deploy" | "destroy", string>>;

/** The `npx cdktf` lines of the README's section "Deploy", without their comments. */
function readCommands(root: string): Commands {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const section = /^## Deploy\n([^]*?)(?=^## )/m.exec(readme)?.[1] ?? "";
  const lines = section.split("\n").map((line) => line.replace(/\s+#.*$/, ""));
  const command = (name: string): string => {
    const found = lines.filter((line) => line.startsWith(`npx cdktf ${name} `));
    if (found.length === 1) return found[0];
    throw new Error(`the README's section "Deploy" must hold npx cdktf ${name} once, got it ${found.length} times`);
  };
  const commands = { diff: command("diff"), deploy: command("deploy"), destroy: command("destroy") };
  expectSameCommands(root, "docs/deploying.md", [commands.diff, commands.deploy, commands.destroy]);
  expectSameCommands(root, "examples/ci/github-actions.yml", [commands.diff, commands.deploy]);
  return commands;
}

/** Throws unless another file that tells users what to run tells just these commands. */
function expectSameCommands(root: string, file: string, expected: readonly string[]): void {
  const told = readFileSync(join(root, file), "utf8").match(/npx cdktf [^\n`#]*/g) ?? [];
  if (told.map((command) => command.trim()).join("\n") === expected.join("\n")) return;
  throw new Error(`${file} must tell the README's commands ${expected.join("; ")}, got ${told.join("; ")}`);
}

/** A user's project around the example's app, and the variables that its commands run with. */
function makeProject(tools: Tools, cloud: LocalCloud): { project: string; env: Record<string, string | undefined> } {
  const folder = join(tools.folder, "command-line");
  const release = new Release(tools.root, join(folder, "package"));
  const project = join(folder, "package/project");
  mkdirSync(project);
  const app = `node ${JSON.stringify(release.appFile(COMMAND_LINE_EXAMPLE))}`;
  const settings = { language: "typescript", app, projectId: COMMAND_LINE_EXAMPLE, sendCrashReports: "false" };
  writeFileSync(
    join(project, "cdktf.json"),
    JSON.stringify({ ...settings, terraformProviders: [], terraformModules: [] }),
  );
  const terraform = writeWrapper(tools, cloud, folder);
  return {
    project,
    env: {
      ...cleanEnvironment(),
      CI: "1",
      TERRAFORM_BINARY_NAME: terraform,
      // Otherwise cdktf keeps a copy of the provider in the user's home.
      CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    },
  };
}

/** Terraform with the variables that lead to the local cloud: for its process only, so that nothing else uses the proxy. */
function writeWrapper({ binary, provider }: Tools, cloud: LocalCloud, folder: string): string {
  const variables = { ...provider.env, ...terraformEnvironment(cloud, REGION) };
  const exports = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  const file = join(folder, "terraform-on-the-local-cloud");
  writeFileSync(file, `#!/bin/sh\n${exports.join("")}exec ${binary.program} "$@"\n`);
  chmodSync(file, 0o755);
  return file;
}

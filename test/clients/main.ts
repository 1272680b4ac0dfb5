/**
 * `npm run test:clients`: tests Tencent's own clients against `tencent-logs local --serve`, configured as the command
 * says: the SDKs for Node and Python, and coscli. Each performs the usual first steps. Exit status 1 if one fails, 3 if
 * one is unavailable, after the others have run.
 */
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { NotRunError } from "../deploy/not-run";
import { runToSuccess } from "../deploy/process";
import { Report } from "../deploy/report";
import { runSuite } from "../deploy/suite";
import { synthesize } from "../examples/support/synthesize";
import { tryCoscli } from "./coscli";
import { coscliProgram, nodeProject, pythonProgram } from "./install";
import { Served } from "./served";
import type { Trial } from "./trial";

const PROGRAMS = join(__dirname, "programs");

async function main(folder: string): Promise<number> {
  const report = new Report();
  const missing: string[] = [];
  await synthesize("access-log-batch", folder);
  const served = await Served.start(join(folder, "cdktf.out/stacks/logs"));
  try {
    for (const [name, run] of Object.entries(CLIENTS)) {
      try {
        await run({ served, folder, step: (title, work) => report.step(name, title, work) });
      } catch (error) {
        if (!(error instanceof NotRunError)) throw error;
        missing.push(error.message);
      }
    }
  } catch (error) {
    process.stderr.write(`\n${(error as Error).stack}\n`);
    return 1;
  } finally {
    await served.stop();
    process.stdout.write(`\n${report.table()}\n`);
  }
  if (missing.length > 0) throw new NotRunError(missing.join("; "));
  return 0;
}

const CLIENTS: Readonly<Record<string, (trial: Trial) => Promise<void>>> = {
  Node: async ({ served, step }) => {
    const project = await nodeProject();
    for (const [file, title] of [
      ["api.mjs", "tencentcloud-sdk-nodejs: CLS, SCF, CAM, STS"],
      ["cos.mjs", "cos-nodejs-sdk-v5"],
    ] as const) {
      copyFileSync(join(PROGRAMS, file), join(project, file));
      const command = { program: process.execPath, args: [file], cwd: project, env: served.environment() };
      await step(title, () => runToSuccess(command));
    }
  },
  Python: async ({ served, folder, step }) => {
    const program = await pythonProgram();
    for (const [file, title] of [
      ["api.py", "tencentcloud-sdk-python: CLS, SCF, CAM"],
      ["cos.py", "cos-python-sdk-v5"],
    ] as const) {
      const command = { program, args: [join(PROGRAMS, file)], cwd: folder, env: served.environment() };
      await step(title, () => runToSuccess(command));
    }
  },
  coscli: (trial) => tryCoscli(coscliProgram(), trial),
};

void runSuite("tests of clients", main);

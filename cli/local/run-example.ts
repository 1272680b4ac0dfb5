import { join } from "node:path";
import type { Console } from "../../terminal/console";
import { UserError } from "../../terminal/user-error";
import { type Example, exampleCalls, exampleIncident, exampleLines, synthesize } from "./example";
import { runIncident } from "./incident";
import { runLive } from "./live";
import { nameOf } from "./log-file";
import { type Run, runLog } from "./run-log";

/** Runs an example: with a log, by calls of its functions, or through an incident. Returns the exit status. */
export async function runExample(example: Example, run: Run, console: Console): Promise<number> {
  const { file, folder, progress, signal } = run;
  const calls = exampleCalls(example);
  const steps = exampleIncident(example);
  if ((calls ?? steps) !== undefined && file !== undefined) {
    throw new UserError(`FILE must be left out with ${example.name}, which is fed no log, got ${nameOf(file)}`);
  }
  progress.stage(`synthesizing ${example.name}`);
  const stackFolder = await synthesize(example, join(folder, "cdktf.out"), signal);
  const started = { stackFolder, workFolder: join(folder, "cloud"), dist: join(example.folder, "../.."), signal };
  if (steps !== undefined) {
    progress.clear();
    return runIncident(started, steps, console);
  }
  if (calls !== undefined) {
    progress.clear();
    return runLive(started, calls, console);
  }
  const lines = file === undefined ? exampleLines(example) : [];
  return runLog({ ...run, stackFolder, lines, name: example.name }, console);
}

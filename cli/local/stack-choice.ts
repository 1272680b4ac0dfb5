import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { stackFolders } from "../../local";
import { suggestion } from "../../rules/check/similar";
import { UsageError } from "../../terminal/user-error";
import { readApp } from "../app/app";
import { AppRunner } from "../app/runner";
import type { StackChoice } from "./arguments";

/** What is needed to find a stack, if the app must be run. */
export interface ChoiceRun {
  /** Folder for the synthesized output. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Called with the current activity. */
  readonly tell: (text: string) => void;
}

/**
 * The folder of a stack: named directly, one of those in `--out`, or one that the app of the project in this folder
 * synthesizes. Throws `UserError`, and `PlanError` if there is none of that name.
 */
export async function stackFolderOf({ stack, app, out }: StackChoice, run: ChoiceRun): Promise<string> {
  if (existsSync(join(stack, "cdk.tf.json"))) return resolve(stack);
  if (out !== undefined) return folderNamed(stack, out);
  const outdir = join(run.folder, "cdktf.out");
  if (!existsSync(outdir)) {
    const project = readApp(process.cwd(), app);
    run.tell(`synthesizing: ${project.command}`);
    await new AppRunner(project, false).run(outdir, run.signal);
  }
  return folderNamed(stack, outdir);
}

function folderNamed(stack: string, outdir: string): string {
  const folders = stackFolders(outdir);
  const found = folders.find((folder) => basename(folder) === stack);
  if (found !== undefined) return found;
  const names = folders.map((folder) => basename(folder));
  const hint = suggestion(stack, names) || "; see --help";
  throw new UsageError(`STACK must be one of ${names.join(", ")}, got "${stack}"${hint}`);
}

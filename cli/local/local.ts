import { basename, resolve } from "node:path";
import { PlanError } from "../../local";
import type { Console } from "../../terminal/console";
import { interruptible } from "../../terminal/interrupt";
import { Progress } from "../../terminal/progress";
import { UserError } from "../../terminal/user-error";
import { releaseStdin } from "../release-stdin";
import { withTemporaryFolder } from "../temporary-folder";
import { parseArguments, USAGE } from "./arguments";
import { findExample } from "./example";
import { checkReadable, STANDARD_INPUT } from "./log-file";
import { runExample } from "./run-example";
import { runLog } from "./run-log";
import { serve } from "./serve";
import { stackFolderOf } from "./stack-choice";

/**
 * `tencent-logs local`, and with `--example` the command that `npm start` runs. Returns the exit status: 1 if an event
 * was given up or a file could not be shipped. Throws `UserError` for errors that the user can fix, and for an
 * interrupt; nothing is left behind.
 */
export async function local(args: readonly string[], console: Console): Promise<number> {
  const wanted = parseArguments(args);
  if (wanted.mode === "help") {
    console.stdout.write(USAGE);
    return 0;
  }
  if (wanted.mode === "serve") return orUserError(() => serve(wanted, console));
  const file = wanted.file && locate(wanted.file);
  if (file) checkReadable(file);
  const progress = new Progress(console.stderr);
  try {
    return await interruptible((signal) =>
      withTemporaryFolder((folder) =>
        orUserError(async () => {
          const run = { file, encoding: wanted.encoding, folder, progress, signal, json: wanted.json };
          if (wanted.mode === "example") return runExample(findExample(wanted.example), run, console);
          const stackFolder = await stackFolderOf(wanted, { folder, signal, tell: (text) => progress.stage(text) });
          return runLog({ ...run, stackFolder, topic: wanted.topic, lines: [], name: basename(stackFolder) }, console);
        }),
      ),
    );
  } finally {
    progress.clear();
    if (file === STANDARD_INPUT) releaseStdin();
  }
}

/** npm runs scripts in the package's folder, but the file is relative to the user's. */
function locate(file: string): string {
  return file === STANDARD_INPUT ? file : resolve(process.env.INIT_CWD ?? process.cwd(), file);
}

/** Errors of the local cloud about a plan are for the user to fix. */
async function orUserError(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PlanError ? new UserError(error.message) : error;
  }
}

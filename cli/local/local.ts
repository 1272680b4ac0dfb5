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
 * `tencent-logs local`, and with `--example` what `npm start` runs. Returns the exit status: 1 where an event was given up or a
 * file could not be shipped. Throws `UserError` for what the user can put right, and where the user interrupts; nothing is
 * left behind then.
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

/** npm runs scripts in the package's folder; the file is meant from where the user stands. */
function locate(file: string): string {
  return file === STANDARD_INPUT ? file : resolve(process.env.INIT_CWD ?? process.cwd(), file);
}

/** What the local cloud says of a plan is the user's to put right. */
async function orUserError(work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof PlanError ? new UserError(error.message) : error;
  }
}

import { PlanError } from "./plan/stack";
import { UserError } from "../terminal/user-error";
import { start } from "./start/start";

start(process.argv.slice(2), process).then(
  (status) => {
    process.exitCode = status;
  },
  (error: unknown) => {
    const known = error instanceof UserError || error instanceof PlanError;
    process.stderr.write(`${known ? error.message : ((error as Error).stack ?? String(error))}\n`);
    // What was still being fed when the user interrupted would keep the process alive.
    process.exit(error instanceof UserError ? error.status : 1);
  },
);

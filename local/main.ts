import { PlanError } from "./plan/stack";
import { UserError } from "../terminal/user-error";
import { start } from "./start/start";

// Who reads us may have seen enough, as `head` does. What was begun is ended and taken away all the same.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") throw error;
  });
}

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

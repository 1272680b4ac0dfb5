#!/usr/bin/env node
import { run } from "./run";

// The reader can close the pipe early, as `head` does.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

void run(process.argv.slice(2), process).then((status) => {
  process.exitCode = status;
});

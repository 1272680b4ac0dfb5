import { logFile } from "./generate.mjs";
import { events } from "./rules-events.mjs";

/** A gzip file of `mib` MiB of lines with twenty fields each, created at first use, like the others. */
export function twentyFieldsLog(mib) {
  return logFile("fields", lines(), mib);
}

function* lines() {
  const texts = events(1000).map((fields) => `${JSON.stringify(fields)}\n`);
  for (;;) yield* texts;
}

import type { Console } from "../../terminal/console";
import { UsageError } from "../../terminal/user-error";
import { consume } from "../consume/consume";
import { hasPlannedPipeline } from "../consume/plan";
import type { BackfillArguments } from "./arguments";

/** Whether a command line is for a stream pipeline, whose past is in its topic. */
export function isOfTopic({ pipeline, out }: BackfillArguments): boolean {
  return hasPlannedPipeline(pipeline, out);
}

/**
 * Reads a topic's past through a stream pipeline, as `tencent-logs consume` does. A separate group stores the
 * positions, so that the same command resumes where it was. Returns the exit status.
 */
export function backfillTopic(asked: BackfillArguments, console: Console): Promise<number> {
  const { aboutObjects, asked: hash, from, functionName, out, pipeline, region, to } = asked;
  const [flag] = aboutObjects;
  if (flag !== undefined) {
    throw new UsageError(
      `--${flag} must be left out for ${pipeline}, got it: a stream pipeline reads a topic, not objects; select records with --from and --to`,
    );
  }
  const group = `backfill-${hash.slice(0, 8)}`;
  console.stderr.write(
    `reading the past of the topic as group ${group}; if interrupted, run the same command again to resume\n`,
  );
  const start = from === undefined ? "begin" : new Date(from).toISOString();
  const args = [pipeline, "--from", start, "--to", new Date(to).toISOString(), "--group", group, "--workers", "auto"];
  return consume([...args, "--out", out, "--region", region, "--function", functionName], console);
}

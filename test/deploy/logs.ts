import type { LocalCloud } from "../../local/cloud";
import { feedLines, parseObject } from "../../local/start/feed-lines";
import { totalOf } from "../../local/start/summary";
import { findTarget } from "../../local/start/target";

/**
 * Pushes a log through what is deployed: most of it through CLS's upload API and the shipper, the rest as files below the
 * shipper's prefix. Throws unless the functions' summaries account for every line. Returns what the functions logged.
 */
export async function pushLog(cloud: LocalCloud, lines: string[]): Promise<string[]> {
  const before = cloud.invocations.length;
  const shipped = cloud.shipTasks.length;
  await feedLines(cloud, findTarget(cloud), lines, () => undefined);
  await cloud.settled();

  const failed = cloud.shipTasks.slice(shipped).find((task) => task.status === "failed");
  if (failed) throw new Error(`the shipper must write its file, got ${failed.message}`);
  if (cloud.shipTasks.length === shipped) throw new Error("the shipper must have written a file, got none");
  const invocations = cloud.invocations.slice(before);
  const broken = invocations.find((invocation) => invocation.error !== undefined);
  if (broken)
    throw new Error(`invocations must succeed, got ${JSON.stringify(broken.error)}\n${broken.log.join("\n")}`);

  const { lines: counted, records, invalid, quarantined } = totalOf(invocations);
  const got = JSON.stringify({ lines: counted, records, invalid, quarantined });
  const wanted = JSON.stringify(expectedSummary(lines));
  if (got !== wanted)
    throw new Error(`summaries must add up to ${wanted}, got ${got} in ${invocations.length} invocations`);
  return invocations.flatMap((invocation) => invocation.log);
}

/** CLS makes a record of every line; a line of a file must be one already. */
function expectedSummary(lines: readonly string[]): object {
  const files = lines.slice(Math.floor(lines.length * 0.8));
  const invalid = files.filter((line) => line !== "" && parseObject(line) === undefined).length;
  return { lines: lines.length, records: lines.length - invalid, invalid, quarantined: 0 };
}

import type { SourceState } from "../../functions/consume";

/** Milliseconds that a rebalance, or an unavailable source, can last before a process is no longer ready. */
const GRACE_MS = 30_000;

/** Milliseconds without an iteration of the loop after which a process is not alive. */
const DEAD_MS = 60_000;

/** Whether a process is alive, or ready. */
export interface Health {
  readonly isWell: boolean;
  /** Why not. */
  readonly reasons: readonly string[];
}

/** Whether all sources are being read: a rebalance of less than 30 s does not matter. */
export function readiness(sources: readonly SourceState[], startedAt: number, now = Date.now()): Health {
  if (sources.length === 0) return { isWell: false, reasons: ["nothing is read yet"] };
  const reasons = sources.flatMap(({ what, member, failure, failingSince = now }) => {
    if (failure !== undefined) return [`${what} has not been read for ${seconds(now - failingSince)} s: ${failure}`];
    const gone = member?.absent.map(
      ({ name, topicId, region }) => `topic ${topicId} of ${name} does not exist in ${region}`,
    );
    if (member?.isJoined) return gone ?? [];
    const since = Math.max(startedAt, member?.rebalancedAt ?? startedAt);
    return now - since < GRACE_MS && (member?.rebalances ?? 0) > 0 ? [] : [`${what} has not joined its group yet`];
  });
  return { isWell: reasons.length === 0, reasons };
}

/** Whether the loop is running. @param turnedAt its last iteration, in milliseconds since 1970 */
export function liveness(turnedAt: number, now = Date.now()): Health {
  const isWell = now - turnedAt < DEAD_MS;
  return { isWell, reasons: isWell ? [] : [`no progress for ${seconds(now - turnedAt)} s`] };
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}

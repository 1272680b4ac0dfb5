import type { ILogTopic } from "../cls/topic";
import type { Checks } from "../errors";
import type { TerraformProvider } from "../framework";
import type { LogMonitorProps } from "./props";

/** Topics that the own logs of a monitor's functions go to, by the provider that makes a function. */
export type LogTopics = ReadonlyMap<TerraformProvider | undefined, ILogTopic>;

/**
 * Collects them: SCF writes to a topic of the function's own region, so the monitor's is for functions of its own provider,
 * and the sources name those of others.
 */
export function logTopicsOf(checks: Checks, { alarm, logTopic, provider, sources }: LogMonitorProps): LogTopics {
  const topics = new Map<TerraformProvider | undefined, ILogTopic>();
  if (logTopic !== undefined) topics.set(provider, logTopic);
  sources.forEach(({ logTopic: own, provider: maker = provider }, index) => {
    if (own === undefined) return;
    const other = topics.get(maker);
    checks.that(
      other === undefined || other.topicId === own.topicId,
      "LOGS_MONITOR",
      () =>
        `sources[${index}].logTopic must be that of all sources of its provider, which one function serves, got another; ` +
        `name it once`,
    );
    topics.set(maker, own);
  });
  if (alarm === undefined) return topics;
  const isMissing = (maker: TerraformProvider | undefined): boolean => !topics.has(maker);
  const remedy = "got nothing; name a topic with FUNCTION_LOG_INDEX, or leave alarm out";
  const rule = "must be given, since alarm looks at it";
  checks.that(!isMissing(provider), "LOGS_MONITOR", () => `logTopic ${rule}, ${remedy}`);
  sources.forEach(({ form, provider: maker = provider }, index) => {
    const isDone = form === "pull" || maker === provider || sources.findIndex((one) => one.provider === maker) < index;
    checks.that(isDone || !isMissing(maker), "LOGS_MONITOR", () => `sources[${index}].logTopic ${rule}, ${remedy}`);
  });
  return topics;
}

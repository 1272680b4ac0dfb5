import type { LaneName } from "./events";
import type { FoundFunction } from "./functions";
import type { LaneTopic } from "./lane";

/** Key of a topic in maps. */
export function topicKey({ lane, region, topicId }: LaneTopic): string {
  return `${lane}/${region}/${topicId}`;
}

/** The topics of a function, the fast lane's first. */
export function topicsOf({ region, topicId, live }: FoundFunction): LaneTopic[] {
  const fast: LaneTopic[] = live ? [{ lane: "fast", region: live.region, topicId: live.topic }] : [];
  return topicId === undefined ? fast : [...fast, { lane: "slow", region, topicId }];
}

export function lanesOf(one: FoundFunction): LaneName[] {
  return topicsOf(one).map(({ lane }) => lane);
}

/** Whether two look-ups found the same function, with the same settings. */
export function isSame(a: FoundFunction, b: FoundFunction): boolean {
  return a.id === b.id && a.topicId === b.topicId && JSON.stringify(a.live) === JSON.stringify(b.live);
}

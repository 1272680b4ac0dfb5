/** Monitors over topics, for functions/, lib/ and cli/ alike: what they look for, what they remember, what they tell. */
export type { Alert, AlertKind, AlertOutcome, AlertSender } from "./alert/alert";
export * from "./definition/types";
export type { BatchMatches, GroupMatches, Sample, SourceRef } from "./match/matches";
export { AlertNotSentError, StateUnreachableError } from "./state/context";
export { MemoryStore } from "./state/memory-store";
export type { StateStore } from "./state/store";
export type { SweepReport } from "./state/sweeping";
export { Tracker, type TrackerOptions } from "./state/tracker";

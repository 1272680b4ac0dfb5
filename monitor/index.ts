/** Monitors over topics, for functions/, lib/ and cli/ alike: what they look for, what they remember, what they tell. */
export type { Alert, AlertKind, AlertOutcome, AlertSender } from "./alert/alert";
export { type DefinitionProblem, pathText, problemText } from "./definition/problem";
export { readDefinition, type ReadDefinition, type ReadOptions } from "./definition/read";
export { DEFINITION_SCHEMA } from "./definition/schema";
export { durationText, parseDuration } from "./definition/time";
export * from "./definition/types";
export { type BatchOutcome, BatchMatcher, type MatchedBatch } from "./match/batch";
export type { CompileRules, MonitorRules, RulesOutcome } from "./match/compile";
export { recordOfText, type RecordView, TIME_FIELD } from "./match/record";
export type { BatchMatches, GroupMatches, Sample, SourceRef } from "./match/matches";
export { AlertNotSentError, StateUnreachableError } from "./state/context";
export { MemoryStore } from "./state/memory-store";
export type { StateStore } from "./state/store";
export type { SweepReport } from "./state/sweeping";
export { Tracker, type TrackerOptions } from "./state/tracker";

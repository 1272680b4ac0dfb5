/** Monitors over topics, for functions/, lib/ and cli/ alike: what they look for, what they remember, what they tell. */
export type { Alert, AlertKind, AlertOutcome, AlertSender } from "./alert/alert";
export type { AlertJson, AlertMessage } from "./alert/json";
export { type Telling, textOf } from "./alert/lines";
export { redacted } from "./alert/redact";
export { messageOf } from "./alert/render";
export { toldOf } from "./alert/routes";
export * from "./definition/types";
export type { BatchMatches, GroupMatches, Sample, SourceRef } from "./match/matches";
export type { StateStore } from "./state/store";

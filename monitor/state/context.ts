import type { AlertSender } from "../alert/alert";
import type { Monitor, MonitorFile } from "../definition/types";
import type { StateStore } from "./store";

/** What taking and sweeping share. */
export interface Context {
  readonly file: MonitorFile;
  readonly monitors: ReadonlyMap<string, Monitor>;
  readonly store: StateStore;
  readonly sender: AlertSender;
  /** Unique among the instances that share the state. */
  readonly instance: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits for milliseconds. */
  pause(ms: number): Promise<void>;
}

/** The state is unavailable. The batch comes again, because the delivery fails or the position is not committed. */
export class StateUnreachableError extends Error {
  override readonly name = "StateUnreachableError";
}

/** The batch now belongs to another process, which counts it. */
export class NotOursError extends Error {
  override readonly name = "NotOursError";
}

/** A receiver neither accepted nor quarantined an alert: the batch must come again. */
export class AlertNotSentError extends Error {
  override readonly name = "AlertNotSentError";
}

/** Sends an alert. Resolves to the receivers that neither accepted nor quarantined it. */
export async function receiversThatFailed(
  { sender }: Context,
  alert: Parameters<AlertSender["send"]>[0],
): Promise<string[]> {
  const outcomes = await sender.send(alert);
  return outcomes.filter(({ outcome }) => outcome === "failed").map(({ receiver }) => receiver);
}

import type { AlertSender } from "../alert/alert";
import type { Monitor, MonitorFile } from "../definition/types";
import type { StateStore } from "./store";

/** What taking and sweeping share. */
export interface Context {
  readonly file: MonitorFile;
  readonly monitors: ReadonlyMap<string, Monitor>;
  readonly store: StateStore;
  readonly sender: AlertSender;
  /** Unlike that of any other that shares the state. */
  readonly instance: string;
  /** Milliseconds since 1970. */
  now(): number;
  /** Waits for milliseconds. */
  pause(ms: number): Promise<void>;
}

/** The state cannot be reached: what was to be remembered comes again, for the delivery fails, or the position is not committed. */
export class StateUnreachableError extends Error {
  override readonly name = "StateUnreachableError";
}

/** A batch is another process's by now: it is counted by that one. */
export class NotOursError extends Error {
  override readonly name = "NotOursError";
}

/** An alert was neither taken nor kept by a receiver: the batch has to come again. */
export class AlertNotSentError extends Error {
  override readonly name = "AlertNotSentError";
}

/** Sends an alert; resolves to the receivers that neither took nor kept it. */
export async function receiversThatFailed(
  { sender }: Context,
  alert: Parameters<AlertSender["send"]>[0],
): Promise<string[]> {
  const outcomes = await sender.send(alert);
  return outcomes.filter(({ outcome }) => outcome === "failed").map(({ receiver }) => receiver);
}

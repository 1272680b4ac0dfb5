import { isObject, objectIn } from "../../runtime/checked-json";

/**
 * What a pipeline's function can be told to do besides its trigger's work. `catch-up`, which its timer says, is all of it:
 *
 * - `continue`: objects that were too large for one invocation
 * - `redrive`: what waits in quarantine
 * - `sweep`: objects that nobody has read
 */
export const ACTIONS = ["catch-up", "continue", "redrive", "sweep"] as const;

export type Action = (typeof ACTIONS)[number];

/**
 * The action of an event: `{ "action": ... }`, or that of a timer whose message says so; undefined for any other event.
 * Fact: docs/design/facts/runtime.md#timer.
 */
export function actionOf(event: unknown): Action | undefined {
  if (!isObject(event)) return undefined;
  const { action } = event.Type === "Timer" ? (objectIn(String(event.Message)) ?? {}) : event;
  return ACTIONS.find((known) => known === action);
}

import { isObject, objectIn } from "../../runtime/checked-json";

/**
 * Actions of a pipeline's function besides handling its trigger's events. `catch-up`, which its timer asks for, is all of
 * them:
 *
 * - `continue`: objects that were too large for one invocation
 * - `redrive`: failed inputs and batches in quarantine
 * - `sweep`: objects that were never read
 */
export const ACTIONS = ["catch-up", "continue", "redrive", "sweep"] as const;

export type Action = (typeof ACTIONS)[number];

/**
 * The action of an event: `{ "action": ... }`, or a timer event with that as its message; undefined for any other event.
 * Fact: docs/design/facts/runtime.md#timer.
 */
export function actionOf(event: unknown): Action | undefined {
  if (!isObject(event)) return undefined;
  const { action } = event.Type === "Timer" ? (objectIn(String(event.Message)) ?? {}) : event;
  return ACTIONS.find((known) => known === action);
}

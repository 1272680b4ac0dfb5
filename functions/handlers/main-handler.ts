import type { ScfContext } from "../invocation/deadline";
import type { Summary } from "../invocation/summary";
import type { PipelineSettings } from "../settings";
import { SettingsError } from "../settings";
import { isRedelivery, redeliver } from "./redeliver/redeliver";
import { actionOf } from "./timer/action";
import { catchUp, type CatchUpSummary, type CatchUpWork } from "./timer/catch-up";

/** The function that SCF calls with an event and its context. */
export type MainHandler = (event: unknown, context: ScfContext) => Promise<Summary | CatchUpSummary>;

/**
 * Creates the entry point of a function. Settings are read at the first event, so that an error in them fails the
 * invocation, which SCF logs and retries, instead of the function's start.
 *
 * @param run handles an event of the trigger; redelivery events are handled the same way for all
 * @param work does the same for one input at a time, when the timer fires
 */
export function mainHandler<Settings extends PipelineSettings>(
  readSettings: () => Settings,
  run: (event: unknown, context: ScfContext, settings: Settings) => Promise<Summary>,
  work: (settings: Settings) => CatchUpWork,
): MainHandler {
  let settings: Settings | undefined;
  return async (event, context) => {
    // Everything is done when this returns; otherwise SCF would wait for idle sockets.
    if ("callbackWaitsForEmptyEventLoop" in context) context.callbackWaitsForEmptyEventLoop = false;
    settings ??= readSettings();
    const action = actionOf(event);
    if (action !== undefined) {
      const { catchUp: given } = settings;
      if (given) return catchUp(action, context, { ...settings, catchUp: given }, work(settings));
      throw new SettingsError(`catchUp must be set for the action ${action}, got nothing; set catchUp of the pipeline`);
    }
    return isRedelivery(event) ? redeliver(event, context, settings) : run(event, context, settings);
  };
}

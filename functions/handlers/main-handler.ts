import type { ScfContext } from "../invocation/deadline";
import type { Summary } from "../invocation/summary";
import type { PipelineSettings } from "../settings";
import { SettingsError } from "../settings";
import { isRedelivery, redeliver } from "./redeliver/redeliver";
import { actionOf } from "./timer/action";
import { catchUp, type CatchUpSummary, type CatchUpWork } from "./timer/catch-up";

/** What SCF calls with an event and its context. */
export type MainHandler = (event: unknown, context: ScfContext) => Promise<Summary | CatchUpSummary>;

/**
 * The entry point of a function. Settings are read at the first event, so that an error in them is an invocation's error,
 * which SCF logs and retries, and not a function that does not start.
 *
 * @param run what it does with the event of its trigger; one that asks for a redelivery is the same for all
 * @param work how it does the same for one input at a time, when its timer comes
 */
export function mainHandler<Settings extends PipelineSettings>(
  readSettings: () => Settings,
  run: (event: unknown, context: ScfContext, settings: Settings) => Promise<Summary>,
  work: (settings: Settings) => CatchUpWork,
): MainHandler {
  let settings: Settings | undefined;
  return async (event, context) => {
    // All that must happen has happened when this returns; SCF would otherwise wait for idle sockets.
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

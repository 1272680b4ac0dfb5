import type { ScfContext } from "../invocation/deadline";
import type { Summary } from "../invocation/summary";
import type { PipelineSettings } from "../settings";
import { isRedelivery, redeliver } from "./redeliver/redeliver";

/** What SCF calls with an event and its context. */
export type MainHandler = (event: unknown, context: ScfContext) => Promise<Summary>;

/**
 * The entry point of a function. Settings are read at the first event, so that an error in them is an invocation's error,
 * which SCF logs and retries, and not a function that does not start.
 *
 * @param run what it does with the event of its trigger; one that asks for a redelivery is the same for all
 */
export function mainHandler<Settings extends PipelineSettings>(
  readSettings: () => Settings,
  run: (event: unknown, context: ScfContext, settings: Settings) => Promise<Summary>,
): MainHandler {
  let settings: Settings | undefined;
  return async (event, context) => {
    // All that must happen has happened when this returns; SCF would otherwise wait for idle sockets.
    if ("callbackWaitsForEmptyEventLoop" in context) context.callbackWaitsForEmptyEventLoop = false;
    settings ??= readSettings();
    return isRedelivery(event) ? redeliver(event, context, settings) : run(event, context, settings);
  };
}

import { runCosBatch } from "./cos-batch";
import type { ScfContext } from "../../invocation/invocation";
import { isRedelivery, redeliver } from "../redeliver/redeliver";
import { type CosBatchSettings, readCosBatchSettings } from "../../settings";
import type { Summary } from "../../invocation/summary";

let settings: CosBatchSettings | undefined;

/**
 * Entry point of the function behind a COS trigger. Settings are read at the first event, so that an error in them is
 * an invocation's error, which SCF logs and retries, and not a function that does not start.
 */
export async function main_handler(event: unknown, context: ScfContext): Promise<Summary> {
  // All that must happen has happened when this returns; SCF would otherwise wait for idle sockets.
  if ("callbackWaitsForEmptyEventLoop" in context) context.callbackWaitsForEmptyEventLoop = false;
  settings ??= readCosBatchSettings();
  return isRedelivery(event) ? redeliver(event, context, settings) : runCosBatch(event, context, settings);
}

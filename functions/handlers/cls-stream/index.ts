import { runClsStream } from "./cls-stream";
import type { ScfContext } from "../../invocation/invocation";
import { isRedelivery, redeliver } from "../redeliver/redeliver";
import { type ClsStreamSettings, readClsStreamSettings } from "../../settings";
import type { Summary } from "../../invocation/summary";

let settings: ClsStreamSettings | undefined;

/**
 * Entry point of the function to which CLS delivers logs. Settings are read at the first event, so that an error in them
 * is an invocation's error, which SCF logs and retries, and not a function that does not start.
 */
export async function main_handler(event: unknown, context: ScfContext): Promise<Summary> {
  // All that must happen has happened when this returns; SCF would otherwise wait for idle sockets.
  if ("callbackWaitsForEmptyEventLoop" in context) context.callbackWaitsForEmptyEventLoop = false;
  settings ??= readClsStreamSettings();
  return isRedelivery(event) ? redeliver(event, context, settings) : runClsStream(event, context, settings);
}

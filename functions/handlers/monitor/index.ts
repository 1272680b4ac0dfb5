import type { ScfContext } from "../../invocation/deadline";
import { readMonitorSettings } from "../../settings";
import { type MonitorSummary, runMonitor } from "./monitor";
import { type MonitorTools, openTools } from "./tools";

let tools: MonitorTools | undefined;

/** Entry point of a monitor's functions: CLS delivers records to it, and a timer starts a sweep every minute. */
export async function main_handler(event: unknown, context: ScfContext): Promise<MonitorSummary> {
  // Everything is done when this returns; otherwise SCF would wait for idle sockets.
  if ("callbackWaitsForEmptyEventLoop" in context) context.callbackWaitsForEmptyEventLoop = false;
  // At the first event, so that an error in the settings fails an invocation, which SCF logs and retries.
  tools ??= openTools(readMonitorSettings());
  return runMonitor(event, context, tools);
}

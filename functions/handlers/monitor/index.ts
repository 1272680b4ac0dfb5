import type { ScfContext } from "../../invocation/deadline";
import { readMonitorSettings } from "../../settings";
import { type MonitorSummary, runMonitor } from "./monitor";
import { type MonitorTools, openTools } from "./tools";

let tools: MonitorTools | undefined;

/** Entry point of the functions of a monitor: CLS delivers records to it, and a timer has it sum each minute. */
export async function main_handler(event: unknown, context: ScfContext): Promise<MonitorSummary> {
  // All that must happen has happened when this returns; SCF would otherwise wait for idle sockets.
  if ("callbackWaitsForEmptyEventLoop" in context) context.callbackWaitsForEmptyEventLoop = false;
  // At the first event, so that an error in the settings is an invocation's error, which SCF logs and retries.
  tools ??= openTools(readMonitorSettings());
  return runMonitor(event, context, tools);
}

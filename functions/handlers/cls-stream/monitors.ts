import type { ClsEvent } from "../../events/cls-event";
import { type Failure, failureOf } from "../../invocation/failure";
import type { CarriedMonitors, CarriedOutcome } from "../../monitor/carried";
import { loadBeside } from "../../runtime/loader";
import type { ClsStreamSettings } from "../../settings";

/** What the monitors did with an event. */
export interface Monitored {
  readonly reports: CarriedOutcome["reports"];
  /** Names of the monitors that have handled all of it, now or earlier. */
  readonly told: readonly string[];
  /** Why the event must be delivered again, if it must. */
  readonly failure?: Failure;
}

/** One per instance: monitors remember what they have reported. */
const opened = new WeakMap<ClsStreamSettings, CarriedMonitors>();

/**
 * Runs the monitors of a stream on an event, independently of its outputs: alerts and outputs do not wait for each other.
 * Never rejects.
 */
export async function watch(
  event: unknown,
  { hash, logs }: ClsEvent,
  settings: ClsStreamSettings,
  { signal, now: arrivedAt }: { readonly signal: AbortSignal; readonly now: number },
): Promise<Monitored> {
  const { monitors = [] } = settings;
  if (monitors.length === 0) return { reports: {}, told: [] };
  const told = toldIn(event);
  let outcome: CarriedOutcome;
  try {
    outcome = await monitorsOf(settings, monitors).take({ hash, json: logs.json, arrivedAt, signal, told });
  } catch (error) {
    // The part is missing or broken.
    return { reports: {}, told, failure: failureOf(error) };
  }
  const [failed] = Object.entries(outcome.failures);
  return {
    reports: outcome.reports,
    told: [...told, ...Object.keys(outcome.reports)],
    ...(failed && { failure: { ...failed[1], message: `monitor ${failed[0]}: ${failed[1].message}` } }),
  };
}

function monitorsOf(settings: ClsStreamSettings, monitors: NonNullable<ClsStreamSettings["monitors"]>) {
  let carried = opened.get(settings);
  if (carried) return carried;
  const part = loadBeside("monitor.js") as { readonly CarriedMonitors: typeof CarriedMonitors };
  opened.set(settings, (carried = new part.CarriedMonitors(monitors)));
  return carried;
}

/** Monitors that have handled all of an event that comes from its note: their own memory of it can be gone by then. */
function toldIn(event: unknown): string[] {
  const { monitored } = event as { monitored?: unknown };
  return Array.isArray(monitored) ? monitored.filter((name): name is string => typeof name === "string") : [];
}

/** What a note contains of the monitors' state. */
export function toldOf({ told }: Monitored): { readonly monitored?: readonly string[] } {
  return told.length === 0 ? {} : { monitored: told };
}

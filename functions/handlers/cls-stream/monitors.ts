import type { ClsEvent } from "../../events/cls-event";
import { type Failure, failureOf } from "../../invocation/failure";
import type { CarriedMonitors, CarriedOutcome } from "../../monitor/carried";
import { loadBeside } from "../../runtime/loader";
import type { ClsStreamSettings } from "../../settings";

/** What monitors made of an event. */
export interface Monitored {
  readonly reports: CarriedOutcome["reports"];
  /** Names of those that have told all of it, by now or before. */
  readonly told: readonly string[];
  /** Why the event must come again, if it must. */
  readonly failure?: Failure;
}

/** That of an instance: monitors remember what they told. */
const opened = new WeakMap<ClsStreamSettings, CarriedMonitors>();

/**
 * Has the monitors of a stream look at an event, beside its outputs: an alert waits for no output, and no output for an
 * alert. Never rejects.
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
    // The part is absent or broken.
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

/** Monitors that have told all of an event which comes from its note: what they remember may be gone by then. */
function toldIn(event: unknown): string[] {
  const { monitored } = event as { monitored?: unknown };
  return Array.isArray(monitored) ? monitored.filter((name): name is string => typeof name === "string") : [];
}

/** What a note keeps of an event beside its data. */
export function toldOf({ told }: Monitored): { readonly monitored?: readonly string[] } {
  return told.length === 0 ? {} : { monitored: told };
}

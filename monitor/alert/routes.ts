import type { Monitor } from "../definition/types";
import type { Alert } from "./alert";

/** A receiver of an alert. */
export interface Told {
  readonly receiver: string;
  /** Receivers to notify if this one fails. */
  readonly fallbacks: readonly string[];
}

/** Receivers of an alert: those of all matching routes, each once, in the order of the routes. */
export function toldOf(monitor: Pick<Monitor, "routes">, alert: Pick<Alert, "labels">): Told[] {
  const told = new Map<string, Set<string>>();
  for (const { to, fallback, labels = {} } of monitor.routes) {
    const fits = Object.entries(labels).every(
      ([name, value]) => Object.hasOwn(alert.labels, name) && alert.labels[name] === value,
    );
    if (!fits) continue;
    for (const receiver of to) {
      const fallbacks = told.get(receiver) ?? new Set();
      told.set(receiver, fallbacks);
      if (fallback !== undefined && fallback !== receiver) fallbacks.add(fallback);
    }
  }
  return [...told].map(([receiver, fallbacks]) => ({ receiver, fallbacks: [...fallbacks] }));
}

import type { Monitor } from "../definition/types";
import type { Alert } from "./alert";

/** A receiver that is told of an alert. */
export interface Told {
  readonly receiver: string;
  /** Who is told where this one fails. */
  readonly fallbacks: readonly string[];
}

/** Who is told of an alert: the receivers of all routes that it fits, each once, in the order of the routes. */
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

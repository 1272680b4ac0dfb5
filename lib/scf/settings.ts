import { HANDLERS, type HandlerName, type HandlerSettings, type Problem, Reading } from "../../functions/settings";
import { mostSimilar } from "../../rules";
import type { Checks } from "../errors";
import { isToken } from "../framework";

/** Checks the settings of a handler and returns them with their defaults. Values that only the plan knows pass. */
export function checkSettings(checks: Checks, handler: HandlerName | undefined, settings: HandlerSettings): object {
  if (handler === undefined) {
    checks.that(
      false,
      "LOGS_SETTINGS",
      () =>
        "settings must be left out beside code that is none of the package's handlers, got some; " +
        "hand it what it needs in environment",
    );
    return settings;
  }
  const reading = new Reading("settings", [], isToken);
  const whole = HANDLERS[handler].read(settings, reading);
  for (const problem of reading.problems) checks.that(false, "LOGS_SETTINGS", () => tell(problem));
  return whole;
}

function tell({ path, rule, got, remedy = "correct it", known }: Problem): string {
  return `${path} ${rule}, got ${got}; ${known ? nameFor(path, known) : remedy}`;
}

function nameFor(path: string, known: readonly string[]): string {
  const similar = mostSimilar(path.slice(path.lastIndexOf(".") + 1), known);
  if (similar !== undefined) return `did you mean ${similar}?`;
  return known.length === 0 ? "leave it out" : `leave it out, or use one of ${known.join(", ")}`;
}

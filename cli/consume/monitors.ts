import { objectIn } from "../../functions/runtime/checked-json";
import { SETTINGS_VARIABLE } from "../../functions/settings";

/**
 * Removes the monitors that the pipeline's function runs from its variables, and returns their names. The position of a
 * batch differs between reading and delivery, so the monitors' counts would not detect repeats.
 */
export function withoutMonitors(variables: Record<string, string>): {
  readonly monitors: readonly string[];
  readonly variables: Record<string, string>;
} {
  const settings = objectIn(variables[SETTINGS_VARIABLE] ?? "");
  if (!settings || !Array.isArray(settings.monitors)) return { monitors: [], variables };
  const { monitors, ...others } = settings;
  const names = (monitors as { name?: unknown }[]).map(({ name }) => String(name));
  return { monitors: names, variables: { ...variables, [SETTINGS_VARIABLE]: JSON.stringify(others) } };
}

import { objectIn } from "../../functions/runtime/checked-json";
import { SETTINGS_VARIABLE } from "../../functions/settings";

/**
 * Variables without the monitors that the pipeline's function carries, and the names of those: a batch that is read has another
 * beginning than one that is delivered, so that their counts would not know a repeat.
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

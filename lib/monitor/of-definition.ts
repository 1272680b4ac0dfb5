import { shown, type Checks } from "../errors";
import { isToken } from "../framework";
import { isPlainObject, type OptionalProp } from "../props/prop";

/** A value of the definition, whose reader checks it. It must be completely known at synth. */
export function ofDefinition<Value>(): OptionalProp<Value> {
  return { read: (given, path, checks) => (isKnown(given, path, checks) ? (given as Value) : undefined) };
}

/** Whether a value consists of JSON values and patterns, without tokens. Reports where it does not. */
function isKnown(given: unknown, path: string, checks: Checks): boolean {
  if (isToken(given)) {
    const remedy = "write the value itself";
    checks.that(false, "LOGS_PROP_TOKEN", () => `${path} must be known at synth, got a token; ${remedy}`);
    return false;
  }
  if (Array.isArray(given)) return given.every((one, index) => isKnown(one, `${path}[${index}]`, checks));
  if (isPlainObject(given)) {
    return Object.entries(given).every(
      ([name, member]) => isKnown(member, `${path}.${name}`, checks) && isKnown(name, path, checks),
    );
  }
  if (typeof given !== "object" || given === null || given instanceof RegExp) return true;
  checks.that(
    false,
    "LOGS_PROP_TYPE",
    () => `${path} must be a value of JSON or a pattern, got ${shown(given)}; write the value itself`,
  );
  return false;
}

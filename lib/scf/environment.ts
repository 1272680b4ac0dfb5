import type { Checks } from "../errors";
import { SETTINGS_VARIABLE } from "../../functions/settings";
import { estimatedJsonLength, estimatedTextLength } from "../framework";

/** Bytes that all variables of a function may have together. */
const MAX_BYTES = 4096;

/** Prefixes that SCF keeps for itself, and ours. */
const RESERVED = /^(SCF_|QCLOUD_|TENCENTCLOUD_|LOGS_)/;

/**
 * Checks names and the size of a function's variables, its settings included; what only the plan will know counts as
 * 64 bytes.
 */
export function checkEnvironment(checks: Checks, environment: Record<string, string>, settings?: object): void {
  for (const name of Object.keys(environment)) {
    checks
      .pattern(
        `environment.${name}`,
        name,
        /^[A-Za-z][A-Za-z0-9_]*$/,
        "must be named with letters, digits and _, beginning with a letter",
        "rename it",
        "LOGS_ENVIRONMENT_NAME",
      )
      .that(
        !RESERVED.test(name),
        "LOGS_ENVIRONMENT_NAME",
        () => `environment.${name} must not begin with SCF_, QCLOUD_, TENCENTCLOUD_ or LOGS_; choose another name`,
      );
  }
  const settingsBytes = settings === undefined ? 0 : SETTINGS_VARIABLE.length + estimatedJsonLength(settings);
  const bytes = Object.entries(environment).reduce((sum, [name, value]) => sum + bytesOf(name, value), settingsBytes);
  checks.that(
    bytes <= MAX_BYTES,
    "LOGS_ENVIRONMENT_SIZE",
    () => `environment must have at most ${MAX_BYTES} bytes in all, got ${bytes}; move data into the function's code`,
  );
}

function bytesOf(name: string, value: string): number {
  return name.length + estimatedTextLength(value);
}

import { refuse, type Checks } from "../errors";
import { LIVE_VARIABLE } from "../../functions/live/settings";
import { SETTINGS_VARIABLE } from "../../functions/settings";
import { estimatedJsonLength, estimatedTextLength, Lazy, tfJson, tfText, type IConstruct } from "../framework";

/** Maximum bytes of all variables of a function. Fact: docs/design/facts/runtime.md#quotas. */
const MAX_BYTES = 4096;

/** Prefixes that SCF reserves, and ours. Fact: docs/design/facts/runtime.md#environment-variables. */
const RESERVED = /^(SCF_|QCLOUD_|TENCENTCLOUD_|LOGS_)/;

/** The variables of a function, by origin. */
export interface FunctionVariables {
  /** Variables of the user. */
  readonly environment: Readonly<Record<string, string>>;
  /** Secrets of outputs, by full variable name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Settings of the handler. */
  readonly settings?: object;
  /** Settings of the reporter of live logs. */
  readonly live?: object;
}

/**
 * Renders the variables for the plan; undefined if there are none. A handler of the package fails at its first event
 * without settings. They can be set later, so a missing one is reported for `handler` at synth.
 */
export function renderEnvironment(
  variables: FunctionVariables,
  handler: IConstruct | undefined,
): Record<string, string> | undefined {
  const { environment, live, secrets, settings } = variables;
  const rendered = Object.entries({ ...environment, ...secrets }).map(([name, value]) => [name, tfText(value)]);
  if (settings !== undefined) rendered.push([SETTINGS_VARIABLE, tfJson(settings)]);
  else if (handler !== undefined) rendered.push([SETTINGS_VARIABLE, missingSettings(handler)]);
  if (live !== undefined) rendered.push([LIVE_VARIABLE, tfJson(live)]);
  return rendered.length === 0 ? undefined : Object.fromEntries(rendered);
}

function missingSettings(scope: IConstruct): string {
  const message = "settings must be given to a handler of the package, got nothing; set them, or call configure";
  return Lazy.stringValue({ produce: () => refuse(scope, "LOGS_SETTINGS", message) });
}

/**
 * Checks names and the total size of a function's variables, including its settings. A value that only the plan knows
 * counts as 64 bytes.
 */
export function checkEnvironment(checks: Checks, { environment, live, secrets, settings }: FunctionVariables): void {
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
  const ours = bytesOfJson(SETTINGS_VARIABLE, settings) + bytesOfJson(LIVE_VARIABLE, live);
  const bytes = Object.entries({ ...environment, ...secrets }).reduce(
    (sum, [name, value]) => sum + bytesOf(name, value),
    ours,
  );
  checks.that(
    bytes <= MAX_BYTES,
    "LOGS_ENVIRONMENT_SIZE",
    () => `environment must have at most ${MAX_BYTES} bytes in all, got ${bytes}; move data into the function's code`,
  );
}

function bytesOf(name: string, value: string): number {
  return name.length + estimatedTextLength(value);
}

function bytesOfJson(name: string, value: object | undefined): number {
  return value === undefined ? 0 : name.length + estimatedJsonLength(value);
}

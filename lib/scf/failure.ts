import { scfFunctionEventInvokeConfig, scfReservedConcurrencyConfig } from "@cdktf/provider-tencentcloud";
import type { Checks } from "../errors";
import { Annotations, isToken, replaceWhenChanges } from "../framework";
import { integer, nested, number } from "../props/kinds";
import type { PropTable } from "../props/prop";
import { ALARM_PROPS, checkAlarm, type FailureAlarmProps } from "./failure-alarm";
import type { ILogFunction } from "./event-source";

/** What happens when a function fails, and how much concurrency it has. */
export interface FailureProps {
  /**
   * Number of times that SCF retries an event on which the function failed, a minute apart: 0 to 2.
   * @default 2
   */
  readonly retryAttempts?: number;
  /**
   * Maximum seconds that an event waits while SCF has no capacity for the function; after that it is lost. The
   * account's quota sets the allowed range; a value outside 60 to 21600 causes a warning.
   * @default 21600 (six hours)
   */
  readonly maxEventAgeSeconds?: number;
  /**
   * Memory in MB that is reserved for the function's instances, which is also their maximum: a multiple of 128, at
   * least the memory of one instance, up to 128000.
   * @default the region's concurrency, shared by all functions
   */
  readonly reservedConcurrencyMb?: number;
  /**
   * Who is notified when the function fails, and when a pipeline's function leaves something in quarantine. Requires
   * `logTopic`.
   * @default nobody
   */
  readonly alarm?: FailureAlarmProps;
}

const DEFAULT_RETRIES = 2;
const MIN_AGE_SECONDS = 60;
const MAX_AGE_SECONDS = 21_600;

export const FAILURE_PROPS: PropTable<FailureProps> = {
  retryAttempts: integer({ min: 0, max: 2 }, "LOGS_RETRY_ATTEMPTS"),
  maxEventAgeSeconds: number,
  reservedConcurrencyMb: number,
  alarm: nested(ALARM_PROPS),
};

/** Checks {@link FailureProps} together, and with the function's memory. */
export function checkFailure(checks: Checks, props: FailureProps, memorySizeMb: number): void {
  const { alarm, maxEventAgeSeconds, reservedConcurrencyMb } = props;
  const memory = { min: isToken(memorySizeMb) ? 128 : memorySizeMb, max: 128_000, step: 128, unit: "MB" };
  checks
    .that(
      isKnownAge(maxEventAgeSeconds) ? Number.isSafeInteger(maxEventAgeSeconds) && maxEventAgeSeconds > 0 : true,
      "LOGS_EVENT_AGE",
      () => `maxEventAgeSeconds must be a positive whole number, got ${maxEventAgeSeconds}; six hours are 21600`,
    )
    .integer("reservedConcurrencyMb", reservedConcurrencyMb, memory, "LOGS_CONCURRENCY");
  if (alarm !== undefined) checkAlarm(checks, alarm);
}

function isKnownAge(seconds: number | undefined): seconds is number {
  return seconds !== undefined && !isToken(seconds);
}

/**
 * The allowed values are a quota of the account (`MinMsgTTL`, `MaxMsgTTL` of SCF's GetAccount), so this is not an
 * error. Fact: docs/design/facts/runtime.md#retries.
 */
function warnOfAge(target: ILogFunction, seconds: number | undefined): void {
  if (!isKnownAge(seconds) || (seconds >= MIN_AGE_SECONDS && seconds <= MAX_AGE_SECONDS)) return;
  Annotations.of(target).addWarning(
    `maxEventAgeSeconds is usually from ${MIN_AGE_SECONDS} to ${MAX_AGE_SECONDS}, got ${seconds}; ` +
      `SCF refuses what the account's quota does not allow`,
  );
}

/** Creates the resources that the props require. Without a prop, SCF's default stays in place. */
export function configureFailure(target: ILogFunction, props: FailureProps): void {
  const { maxEventAgeSeconds, reservedConcurrencyMb, retryAttempts } = props;
  const { functionName, namespace, provider } = target;
  warnOfAge(target, maxEventAgeSeconds);
  if (retryAttempts !== undefined || maxEventAgeSeconds !== undefined) {
    const { ScfFunctionEventInvokeConfig } = scfFunctionEventInvokeConfig;
    const config = new ScfFunctionEventInvokeConfig(target, "EventInvokeConfig", {
      functionName,
      namespace,
      asyncTriggerConfig: {
        retryConfig: [{ retryNum: retryAttempts ?? DEFAULT_RETRIES }],
        msgTtl: maxEventAgeSeconds ?? MAX_AGE_SECONDS,
      },
      provider,
    });
    // A function that is replaced loses this configuration.
    replaceWhenChanges(config, { function: target.identity });
  }
  if (reservedConcurrencyMb !== undefined) {
    const { ScfReservedConcurrencyConfig } = scfReservedConcurrencyConfig;
    const config = new ScfReservedConcurrencyConfig(target, "ReservedConcurrency", {
      functionName,
      namespace,
      reservedConcurrencyMem: reservedConcurrencyMb,
      provider,
    });
    replaceWhenChanges(config, { function: target.identity });
  }
}

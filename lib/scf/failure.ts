import { scfFunctionEventInvokeConfig, scfReservedConcurrencyConfig } from "@cdktf/provider-tencentcloud";
import type { Checks } from "../errors";
import { Annotations, isToken, replaceWhenChanges } from "../framework";
import { integer, nested, number } from "../props/kinds";
import type { PropTable } from "../props/prop";
import { ALARM_PROPS, checkAlarm, type FailureAlarmProps } from "./failure-alarm";
import type { ILogFunction } from "./event-source";

/** What happens when a function fails, and how much of it may run. */
export interface FailureProps {
  /**
   * How often SCF delivers an event again when the function failed on it, a minute apart: 0 to 2.
   * @default 2
   */
  readonly retryAttempts?: number;
  /**
   * Seconds that an event waits at most for a function that SCF has no room for; then it is lost. An account's quota says
   * how few and how many they may be; a value outside 60 to 21600 is warned of.
   * @default 21600 (six hours)
   */
  readonly maxEventAgeSeconds?: number;
  /**
   * MB of memory that the function's instances have for themselves, and at most: a multiple of 128, from one instance up.
   * @default the region's concurrency, shared by all functions
   */
  readonly reservedConcurrencyMb?: number;
  /**
   * Who is told when the function fails, and when a pipeline's leaves something to quarantine; needs `logTopic`.
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

/** Checks what {@link FailureProps} say together with the function's memory. */
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
 * What an account may set is a quota of its own (`MinMsgTTL`, `MaxMsgTTL` of SCF's GetAccount), so it is no error.
 * Fact: docs/design/facts/runtime.md#retries.
 */
function warnOfAge(target: ILogFunction, seconds: number | undefined): void {
  if (!isKnownAge(seconds) || (seconds >= MIN_AGE_SECONDS && seconds <= MAX_AGE_SECONDS)) return;
  Annotations.of(target).addWarning(
    `maxEventAgeSeconds is usually from ${MIN_AGE_SECONDS} to ${MAX_AGE_SECONDS}, got ${seconds}; ` +
      `SCF refuses what the account's quota does not allow`,
  );
}

/** Makes what the props ask for; what they leave out stays as SCF has it. */
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
    // A function that is made anew has none of this.
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

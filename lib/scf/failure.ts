import { scfFunctionEventInvokeConfig, scfReservedConcurrencyConfig } from "@cdktf/provider-tencentcloud";
import type { Checks } from "../errors";
import { isToken, replaceWhenChanges } from "../framework";
import type { FailureAlarmProps } from "./failure-alarm";
import type { LogFunction } from "./function";

/** What happens when a function fails, and how much of it may run. */
export interface FailureProps {
  /**
   * How often SCF delivers an event again when the function failed on it, a minute apart: 0 to 2.
   * @default 2
   */
  readonly retryAttempts?: number;
  /**
   * Seconds that an event waits at most for a function that SCF has no room for, 60 to 21600; then it is lost.
   * @default 21600 (six hours)
   */
  readonly maxEventAgeSeconds?: number;
  /**
   * MB of memory that the function's instances have for themselves, and at most: a multiple of 128, from one instance up.
   * @default the region's concurrency, shared by all functions
   */
  readonly reservedConcurrencyMb?: number;
  /**
   * Who is told when the function fails; needs `logTopic`.
   * @default nobody
   */
  readonly alarm?: FailureAlarmProps;
}

const DEFAULT_RETRIES = 2;
const MAX_AGE_SECONDS = 21_600;

/** Checks {@link FailureProps} but for the alarm. */
export function checkFailure(checks: Checks, props: FailureProps, memorySizeMb: number): void {
  const { maxEventAgeSeconds, reservedConcurrencyMb, retryAttempts } = props;
  const age = { min: 60, max: MAX_AGE_SECONDS, unit: "seconds" };
  const memory = { min: isToken(memorySizeMb) ? 128 : memorySizeMb, max: 128_000, step: 128, unit: "MB" };
  checks
    .integer("retryAttempts", retryAttempts, { min: 0, max: 2 }, "LOGS_RETRY_ATTEMPTS")
    .integer("maxEventAgeSeconds", maxEventAgeSeconds, age, "LOGS_EVENT_AGE")
    .integer("reservedConcurrencyMb", reservedConcurrencyMb, memory, "LOGS_CONCURRENCY");
}

/** Makes what the props ask for; what they leave out stays as SCF has it. */
export function configureFailure(target: LogFunction, props: FailureProps): void {
  const { maxEventAgeSeconds, reservedConcurrencyMb, retryAttempts } = props;
  const { functionName, namespace, provider } = target;
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

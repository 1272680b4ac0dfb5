import { Refusal } from "../refusal";
import { action, type Action } from "./action";
import { integer, list, object, optional, text } from "./fields";
import { functionOf } from "./scf-function";

const TARGET = { FunctionName: text({ min: 1 }), Namespace: optional(text({ min: 1 })) };

const ASYNC_TRIGGER_CONFIG = object({
  RetryConfig: list(object({ RetryNum: integer() }), 10),
  MsgTTL: integer(),
});

/**
 * How often a function's events are delivered again, and how much of it may run.
 * Fact: docs/design/facts/provider.md#event-invocation-settings.
 */
export const LIMIT_ACTIONS: Readonly<Record<string, Action>> = {
  UpdateFunctionEventInvokeConfig: action({ ...TARGET, AsyncTriggerConfig: ASYNC_TRIGGER_CONFIG }, (given, call) => {
    const { RetryConfig, MsgTTL } = given.AsyncTriggerConfig;
    if (RetryConfig.length !== 1) {
      const message = `RetryConfig must hold one, got ${RetryConfig.length}.`;
      throw new Refusal("InvalidParameterValue.AsyncTriggerConfig", message);
    }
    const config = { retries: RetryConfig[0].RetryNum, maxAgeSeconds: MsgTTL };
    call.services.scf.invokeConfigs.set(functionOf(given, call), config);
    return {};
  }),
  GetFunctionEventInvokeConfig: action({ ...TARGET, Qualifier: optional(text({ min: 1 })) }, (given, call) => {
    const { maxAgeSeconds, retries } = call.services.scf.invokeConfigs.of(functionOf(given, call));
    return { AsyncTriggerConfig: { RetryConfig: [{ RetryNum: retries }], MsgTTL: maxAgeSeconds } };
  }),
  PutReservedConcurrencyConfig: action({ ...TARGET, ReservedConcurrencyMem: integer({ min: 0 }) }, (given, call) => {
    call.services.scf.reservations.set(functionOf(given, call), given.ReservedConcurrencyMem);
    return {};
  }),
  GetReservedConcurrencyConfig: action(TARGET, (given, call) => ({
    ReservedMem: call.services.scf.reservations.of(functionOf(given, call)) ?? null,
  })),
  DeleteReservedConcurrencyConfig: action(TARGET, (given, call) => {
    call.services.scf.reservations.delete(functionOf(given, call));
    return {};
  }),
};

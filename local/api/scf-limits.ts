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
 * Retries of a function's events, and limits of its concurrency. Fact:
 * docs/design/facts/provider.md#event-invocation-settings.
 */
export const LIMIT_ACTIONS: Readonly<Record<string, Action>> = {
  UpdateFunctionEventInvokeConfig: action({ ...TARGET, AsyncTriggerConfig: ASYNC_TRIGGER_CONFIG }, (given, request) => {
    const { RetryConfig, MsgTTL } = given.AsyncTriggerConfig;
    if (RetryConfig.length !== 1) {
      const message = `RetryConfig must hold one, got ${RetryConfig.length}.`;
      throw new Refusal("InvalidParameterValue.AsyncTriggerConfig", message);
    }
    const config = { retries: RetryConfig[0].RetryNum, maxAgeSeconds: MsgTTL };
    request.services.scf.invokeConfigs.set(functionOf(given, request), config);
    return {};
  }),
  GetFunctionEventInvokeConfig: action({ ...TARGET, Qualifier: optional(text({ min: 1 })) }, (given, request) => {
    const { maxAgeSeconds, retries } = request.services.scf.invokeConfigs.of(functionOf(given, request));
    return { AsyncTriggerConfig: { RetryConfig: [{ RetryNum: retries }], MsgTTL: maxAgeSeconds } };
  }),
  PutReservedConcurrencyConfig: action({ ...TARGET, ReservedConcurrencyMem: integer({ min: 0 }) }, (given, request) => {
    request.services.scf.reservations.set(functionOf(given, request), given.ReservedConcurrencyMem);
    return {};
  }),
  GetReservedConcurrencyConfig: action(TARGET, (given, request) => ({
    ReservedMem: request.services.scf.reservations.of(functionOf(given, request)) ?? null,
  })),
  DeleteReservedConcurrencyConfig: action(TARGET, (given, request) => {
    request.services.scf.reservations.delete(functionOf(given, request));
    return {};
  }),
};

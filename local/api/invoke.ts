import type { Invocation } from "../scf/invocation";
import { Refusal } from "../refusal";
import { action, type Action } from "./action";
import { optional, text, word } from "./fields";
import { functionOf, functionResource } from "./scf-function";

/**
 * Maximum size of the event of an asynchronous invocation, in bytes
 * (https://cloud.tencent.com/document/product/583/11637).
 */
const MAX_ASYNC_EVENT_BYTES = 128 * 1024;

/**
 * Invokes a function: `RequestResponse` waits for the result, `Event` queues the event
 * (https://cloud.tencent.com/document/product/583/17243).
 */
export const INVOKE: Action = action(
  {
    FunctionName: text({ min: 1, max: 60 }),
    InvocationType: optional(word("RequestResponse", "Event")),
    Qualifier: optional(text()),
    ClientContext: optional(text()),
    LogType: optional(word("None", "Tail")),
    Namespace: optional(text({ min: 1 })),
  },
  async (given, request) => {
    const { scf } = request.services;
    const { ClientContext = "{}" } = given;
    const wait = given.InvocationType !== "Event";
    if (!wait && Buffer.byteLength(ClientContext) > MAX_ASYNC_EVENT_BYTES) {
      throw new Refusal("InvalidParameterValue.ClientContext", `ClientContext must have at most 128 KB.`);
    }
    const target = functionOf(given, request);
    const { requestId, ended } = await scf.invoke(target, { event: readEvent(ClientContext), wait });
    return { Result: ended ? describe(ended) : queued(requestId) };
  },
  { resource: functionResource },
);

function readEvent(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("InvalidParameterValue.ClientContext", "ClientContext must be JSON.");
  }
}

function queued(requestId: string): object {
  return { ...NOTHING, FunctionRequestId: requestId };
}

const NOTHING = { Log: "", RetMsg: "", ErrMsg: "", MemUsage: 0, Duration: 0, BillDuration: 0, InvokeResult: 0 };

function describe({ requestId, error, result, ms, memoryMb, log }: Invocation): object {
  return {
    Log: log.join("\n"),
    RetMsg: JSON.stringify(error ? { ...error, requestId } : (result ?? null)),
    ErrMsg: error?.errorMessage ?? "",
    MemUsage: Math.round(memoryMb * 1024 * 1024),
    Duration: ms,
    BillDuration: ms,
    FunctionRequestId: requestId,
    InvokeResult: error?.errorCode ?? 0,
  };
}

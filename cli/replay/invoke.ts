import type { Summary } from "../../functions/invocation/summary";
import { ApiClient } from "../../functions/tencent/api-client";
import { DEFAULT_RETRY, withRetries } from "../../functions/tencent/retry";
import { ServiceError } from "../../functions/tencent/service-error";
import { readUserCredentials } from "../credentials";
import type { Note } from "../quarantine/note";
import { replayEvent } from "./event";

/** The function that retries. */
export interface Target {
  readonly region: string;
  readonly functionName: string;
  readonly namespace: string;
  /** Whether to wait for the function's end. */
  readonly wait: boolean;
}

/** Result of one replay. */
export interface Replayed {
  /** SCF's id of the invocation, to find its log. */
  readonly requestId: string;
  /** The function's return value, if it was waited for. */
  readonly summary?: Partial<Summary>;
  /** Why it failed. */
  readonly failure?: string;
}

/** A function can run for 900 s; waiting for it takes slightly longer. */
const LONGEST_RUN_MS = 910_000;

/** Invokes a function (https://cloud.tencent.com/document/product/583/17243). Close it after use. */
export class Invoker {
  readonly #target: Target;
  readonly #client: ApiClient;

  /** Throws `UsageError` if there are no keys. */
  constructor(target: Target) {
    const credentials = readUserCredentials();
    this.#target = target;
    this.#client = new ApiClient({
      product: { name: "scf", version: "2018-04-16" },
      region: target.region,
      credentials: () => credentials,
      timeoutMs: target.wait ? LONGEST_RUN_MS : undefined,
    });
  }

  /** Lets the function retry. A repeated request repeats the work, which is safe: delivery is at-least-once. */
  async replay(note: Note): Promise<Replayed> {
    const { functionName, namespace, wait } = this.#target;
    const parameters = {
      FunctionName: functionName,
      Namespace: namespace,
      Qualifier: "$DEFAULT",
      InvocationType: wait ? "RequestResponse" : "Event",
      ClientContext: JSON.stringify(replayEvent(note)),
    };
    try {
      const answer = await withRetries(() => this.#client.call("Invoke", parameters), DEFAULT_RETRY);
      return readResult(answer.Result, note, wait);
    } catch (error) {
      if (!(error instanceof ServiceError)) throw error;
      return { requestId: error.requestId ?? "", failure: error.message };
    }
  }

  close(): void {
    this.#client.close();
  }
}

function readResult(value: unknown, { type }: Note, wait: boolean): Replayed {
  const result = (value ?? {}) as {
    FunctionRequestId?: string;
    InvokeResult?: number;
    RetMsg?: string;
    ErrMsg?: string;
  };
  const requestId = result.FunctionRequestId ?? "";
  if (!wait) return { requestId };
  const returned = parse(result.RetMsg) as
    (Partial<Summary> & { errorMessage?: string; stackTrace?: string }) | undefined;
  if (result.InvokeResult !== 0 || returned === undefined) {
    const message = returned?.stackTrace?.split("\n")[0] ?? returned?.errorMessage ?? result.ErrMsg;
    return { requestId, failure: `the function failed: ${message || "no message"}` };
  }
  const refused = Object.values(returned.outputs ?? {}).some(({ quarantined = 0 }) => quarantined > 0);
  // The function fails if it cannot deliver a batch; a missing batch was delivered by an earlier attempt.
  const wasRead = returned.objects === 1 || type === "batch";
  const left = returned.quarantined !== 0 || !wasRead || refused;
  return { requestId, summary: returned, ...(left && { failure: "it was not finished; its note remains" }) };
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "") ?? undefined;
  } catch {
    return undefined;
  }
}

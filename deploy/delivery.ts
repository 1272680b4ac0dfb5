import { ApiClient } from "../functions/tencent/api-client";
import type { Credentials } from "../functions/tencent/credentials";
import { withRetries, type RetryPolicy } from "../functions/tencent/retry";
import { ServiceError } from "../functions/tencent/service-error";
import type { Delivery } from "./delivery-settings";
import { callWhenReady } from "./not-ready";

/** Retries for about a minute: the API limits the request rate, and a function can be newly created. */
const RETRY: RetryPolicy = { retries: 10, baseDelayMs: 250, maxDelayMs: 15_000 };

/** Maximum triggers in one answer. */
const PAGE = 100;

/** The used fields of a trigger in the answer of `scf:ListTriggers`. */
interface Trigger {
  readonly name: string;
  readonly description: string;
  readonly qualifier: string;
}

/**
 * The API calls that manage a delivery. Fact: docs/design/facts/provider.md#cls-trigger,
 * docs/design/facts/runtime.md#cls-delivery.
 */
export class DeliveryApi {
  private readonly cls: ApiClient;
  private readonly scf: ApiClient;

  constructor(
    private readonly delivery: Delivery,
    credentials: () => Credentials,
    readonly retry: RetryPolicy = RETRY,
  ) {
    const { region } = delivery;
    this.cls = new ApiClient({ product: { name: "cls", version: "2020-10-16" }, region, credentials });
    this.scf = new ApiClient({ product: { name: "scf", version: "2018-04-16" }, region, credentials });
  }

  async create(): Promise<void> {
    const { topicId, functionName, namespace, qualifier, wait, max } = this.delivery;
    await this.cls.call("CreateDeliverCloudFunction", {
      TopicId: topicId,
      FunctionName: functionName,
      Namespace: namespace,
      Qualifier: qualifier,
      Timeout: wait,
      MaxMsgNum: max,
    });
  }

  async delete({ name, description, qualifier }: Trigger): Promise<void> {
    await this.scf.call("DeleteTrigger", {
      FunctionName: this.delivery.functionName,
      Namespace: this.delivery.namespace,
      TriggerName: name,
      Type: "cls",
      TriggerDesc: description,
      Qualifier: qualifier,
    });
  }

  /** The topic's delivery to the function, if any. Throws `ResourceNotFound...` if the function does not exist. */
  async find(): Promise<Trigger | undefined> {
    const { topicId } = this.delivery;
    const found = (await this.triggers()).find(
      ({ Type, TriggerName, TriggerDesc }) =>
        Type === "cls" && (TriggerName === topicId || String(TriggerDesc).includes(`"${topicId}"`)),
    );
    if (found === undefined) return undefined;
    return {
      name: String(found.TriggerName),
      description: String(found.TriggerDesc),
      qualifier: String(found.Qualifier ?? this.delivery.qualifier),
    };
  }

  /** All triggers of the function, from every page: a trigger that is not listed would be treated as missing. */
  private async triggers(): Promise<Record<string, unknown>[]> {
    const { functionName, namespace } = this.delivery;
    const triggers: Record<string, unknown>[] = [];
    for (;;) {
      const page = { FunctionName: functionName, Namespace: namespace, Offset: triggers.length, Limit: PAGE };
      const { Triggers, TotalCount } = await this.scf.call("ListTriggers", page);
      if (!Array.isArray(Triggers)) {
        throw new ServiceError("BadAnswer", "scf:ListTriggers must answer with a list of triggers, got none");
      }
      triggers.push(...(Triggers as Record<string, unknown>[]));
      if (Triggers.length < PAGE || triggers.length >= Number(TotalCount ?? 0)) return triggers;
    }
  }

  close(): void {
    this.cls.close();
    this.scf.close();
  }
}

/** Creates the delivery. An existing one with the same settings stays; one with other settings is replaced. */
export function createDelivery(api: DeliveryApi, delivery: Delivery): Promise<string> {
  // A retry repeats all steps, because a request whose answer was lost can have succeeded.
  return untilReady(api, async () => {
    const existing = await api.find();
    if (existing !== undefined) {
      if (isSame(existing, delivery)) return "is delivered already";
      await api.delete(existing);
    }
    await api.create();
    return "is delivered";
  });
}

/** Removes the delivery. It is no error if the delivery, or the whole function, is already gone. */
export function deleteDelivery(api: DeliveryApi): Promise<string> {
  return untilReady(api, async () => {
    try {
      const existing = await api.find();
      if (existing === undefined) return "is not delivered";
      await api.delete(existing);
      return "is delivered no more";
    } catch (error) {
      if (error instanceof ServiceError && error.code.startsWith("ResourceNotFound")) return "is not delivered";
      throw error;
    }
  });
}

function untilReady(api: DeliveryApi, change: () => Promise<string>): Promise<string> {
  return withRetries(() => callWhenReady(change), api.retry);
}

/** SCF shows a delivery's settings in its description, under CLS's older names; without them it is created again. */
function isSame({ description, qualifier }: Trigger, delivery: Delivery): boolean {
  try {
    const { max_wait, max_size } = JSON.parse(description) as Record<string, unknown>;
    return max_wait === delivery.wait && max_size === delivery.max && qualifier === delivery.qualifier;
  } catch {
    return false;
  }
}

import { ApiClient } from "../functions/tencent/api-client";
import type { Credentials } from "../functions/tencent/credentials";
import { withRetries, type RetryPolicy } from "../functions/tencent/retry";
import { ServiceError } from "../functions/tencent/service-error";
import type { Delivery } from "./delivery-settings";
import { callWhenReady } from "./not-ready";

/** A minute of trying: the API limits how often it is called, and a function may have just been made. */
const RETRY: RetryPolicy = { retries: 10, baseDelayMs: 250, maxDelayMs: 15_000 };

/** Most triggers of one answer. */
const PAGE = 100;

/** A trigger as `scf:ListTriggers` shows it, as far as it is used. */
interface Trigger {
  readonly name: string;
  readonly description: string;
  readonly qualifier: string;
}

/**
 * The calls that a delivery needs. Fact: docs/design/facts/provider.md#cls-trigger,
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

  /** The topic's delivery to the function, if there is one. Throws `ResourceNotFound...` where the function is gone. */
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

  /** All of the function's triggers: one that is not listed would be one that is not there. */
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

/** Makes the delivery; one that is there already with the same settings stays, another is replaced. */
export function createDelivery(api: DeliveryApi, delivery: Delivery): Promise<string> {
  // The whole of it again: a request whose answer was lost may have done its work.
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

/** Removes the delivery; one that is gone already, alone or with its function, is no error. */
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

/** SCF shows a delivery's settings in the description, in CLS's older names; where it does not, it is made again. */
function isSame({ description, qualifier }: Trigger, delivery: Delivery): boolean {
  try {
    const { max_wait, max_size } = JSON.parse(description) as Record<string, unknown>;
    return max_wait === delivery.wait && max_size === delivery.max && qualifier === delivery.qualifier;
  } catch {
    return false;
  }
}

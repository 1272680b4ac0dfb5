import { ApiClient, type ApiProduct } from "../../functions/tencent/api-client";
import type { Credentials } from "../../functions/tencent/credentials";
import { DEFAULT_RETRY, withRetries } from "../../functions/tencent/retry";
import { ServiceError } from "../../functions/tencent/service-error";
import { UserError } from "../../terminal/user-error";
import { deployedVariables } from "../deployed-variables";

const SCF: ApiProduct = { name: "scf", version: "2018-04-16" };
const CLS: ApiProduct = { name: "cls", version: "2020-10-16" };

/** A topic in CLS. */
export interface FoundTopic {
  readonly topicId: string;
  readonly name: string;
  readonly logsetId: string;
  /** Number of open partitions. */
  readonly partitions: number;
}

/** Gets data that only the cloud has. Close it after use. */
export class Deployed {
  readonly #scf: ApiClient;
  readonly #cls: ApiClient;

  constructor(
    readonly region: string,
    credentials: () => Credentials,
  ) {
    this.#scf = new ApiClient({ product: SCF, region, credentials });
    this.#cls = new ApiClient({ product: CLS, region, credentials });
  }

  /** The environment variables of a function; undefined if it is not deployed. */
  async variables(name: string, namespace: string): Promise<Record<string, string> | undefined> {
    try {
      const asked = { FunctionName: name, Namespace: namespace };
      return deployedVariables(await withRetries(() => this.#scf.call("GetFunction", asked), DEFAULT_RETRY));
    } catch (error) {
      if (error instanceof ServiceError && /^ResourceNotFound\.Function/.test(error.code)) return undefined;
      throw error;
    }
  }

  /** The topic with an id or a name. Throws {@link UserError} if there is none, or several. */
  async topic(by: { readonly id?: string; readonly name?: string }): Promise<FoundTopic> {
    const [key, value] = by.id === undefined ? ["topicName", by.name ?? ""] : ["topicId", by.id];
    const asked = { Filters: [{ Key: key, Values: [value] }], PreciseSearch: 1, Limit: 100 };
    const { Topics: list } = await withRetries(() => this.#cls.call("DescribeTopics", asked), DEFAULT_RETRY);
    const topics = (Array.isArray(list) ? list : []) as Record<string, unknown>[];
    const found = topics.filter(({ TopicId, TopicName }) => (by.id === undefined ? TopicName : TopicId) === value);
    if (found.length === 1) {
      const [{ TopicId, TopicName, LogsetId, PartitionCount }] = found;
      const count = typeof PartitionCount === "number" ? PartitionCount : 1;
      return { topicId: String(TopicId), name: String(TopicName), logsetId: String(LogsetId), partitions: count };
    }
    const what = `a topic of ${this.region} with ${key} ${value}`;
    if (found.length === 0) throw new UserError(`there must be ${what}, got none; deploy it, or give --topic`);
    throw new UserError(`there must be one ${what}, got ${found.length}; give --topic with the id of one`);
  }

  close(): void {
    this.#scf.close();
    this.#cls.close();
  }
}

import { ApiClient, type ApiProduct } from "../../functions/tencent/api-client";
import type { Credentials } from "../../functions/tencent/credentials";
import { DEFAULT_RETRY, withRetries } from "../../functions/tencent/retry";

const PRODUCTS = {
  cam: { name: "cam", version: "2019-01-16" },
  cls: { name: "cls", version: "2020-10-16" },
  scf: { name: "scf", version: "2018-04-16" },
  sts: { name: "sts", version: "2018-08-13" },
} as const satisfies Record<string, ApiProduct>;

/** An action of API 3.0: `cls:DescribeTopics`. */
export type ApiAction = `${keyof typeof PRODUCTS}:${string}`;

export type Answer = Readonly<Record<string, unknown>>;

/** API 3.0 of an account, in one region unless a call specifies another. Close it after use. */
export class Cloud {
  readonly #clients = new Map<string, ApiClient>();
  #aheadMs: number | undefined;

  /** @param signal aborts requests, which then throw its reason */
  constructor(
    readonly region: string,
    readonly credentials: () => Credentials,
    private readonly signal?: AbortSignal,
  ) {}

  /** Milliseconds by which the cloud's clock was ahead of this machine's at its first answer, including refusals. */
  get aheadMs(): number | undefined {
    return this.#aheadMs;
  }

  /** Sends a request, with retries if they can help. Throws `ServiceError`. */
  async ask(action: ApiAction, parameters: object = {}, region = this.region): Promise<Answer> {
    return withRetries(() => this.once(action, parameters, region), DEFAULT_RETRY, this.signal);
  }

  /** Sends a request once, for actions that must not be repeated. Throws `ServiceError`. */
  async once(action: ApiAction, parameters: object, region = this.region, signal = this.signal): Promise<Answer> {
    const [product, name] = action.split(":") as [keyof typeof PRODUCTS, string];
    const client = this.#client(product, region);
    const before = client.serverTime;
    try {
      return await client.call(name, parameters, signal);
    } finally {
      const { serverTime } = client;
      if (serverTime !== undefined && serverTime !== before) this.#aheadMs ??= serverTime - Date.now();
    }
  }

  /** All items of a list, page by page. @param name of the list in the answer */
  async all(
    action: ApiAction,
    name: string,
    { parameters = {}, region = this.region }: { readonly parameters?: object; readonly region?: string } = {},
  ): Promise<Answer[]> {
    const found: Answer[] = [];
    for (;;) {
      const page = listIn(await this.ask(action, { ...parameters, Offset: found.length, Limit: PAGE }, region), name);
      found.push(...page);
      if (page.length < PAGE) return found;
    }
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }

  #client(product: keyof typeof PRODUCTS, region: string): ApiClient {
    const key = `${product} ${region}`;
    const client =
      this.#clients.get(key) ?? new ApiClient({ product: PRODUCTS[product], region, credentials: this.credentials });
    this.#clients.set(key, client);
    return client;
  }
}

const PAGE = 100;

/** The objects of a list in an answer; empty if it is null. */
export function listIn(answer: Answer, name: string): Answer[] {
  const list = answer[name];
  return Array.isArray(list)
    ? list.filter((entry): entry is Answer => typeof entry === "object" && entry !== null)
    : [];
}

/** The object in an answer; empty if there is none. */
export function objectAt(answer: Answer, name: string): Answer {
  const value = answer[name];
  return typeof value === "object" && value !== null ? (value as Answer) : {};
}

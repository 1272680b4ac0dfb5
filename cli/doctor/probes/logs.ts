import { promisify } from "node:util";
import { deflateRaw } from "node:zlib";
import { encodeLogGroupList, LogEncoder } from "../../../functions/outputs/log-group";
import { ClsClient } from "../../../functions/tencent/cls-client";
import { DEFAULT_RETRY, withRetries } from "../../../functions/tencent/retry";
import { TopicClient } from "../../../functions/tencent/topic-reader/client";
import { logsOf } from "../../../functions/tencent/topic-reader/log-group";
import type { ReadLog } from "../../../functions/tencent/topic-reader/read";
import type { ProbedAccount } from "./account";

/** Uploads logs in one request. Throws `ServiceError`. */
export async function upload(
  account: ProbedAccount,
  topicId: string,
  logs: readonly Readonly<Record<string, string>>[],
  tags?: readonly (readonly [string, string])[],
): Promise<void> {
  const client = new ClsClient(undefined, account.credentials);
  const encoder = new LogEncoder();
  const encoded = logs.map((contents) => {
    encoder.begin(account.now());
    for (const [key, value] of Object.entries(contents)) encoder.text(key, value);
    return encoder.finish();
  });
  try {
    const body = encodeLogGroupList([{ logs: encoded, source: "doctor", ...(tags && { tags }) }]);
    await client.push({ topicId, region: account.region }, await promisify(deflateRaw)(body), account.signal);
  } finally {
    client.close();
  }
}

/** Pulls everything in a topic from its start. Close it after use. */
export class Pulling {
  readonly client: TopicClient;
  /** Next offset of each partition. */
  readonly #offsets = new Map<number, number>();

  constructor(
    private readonly account: ProbedAccount,
    topicId: string,
  ) {
    this.client = new TopicClient({ topicId, region: account.region, credentials: account.credentials });
  }

  /** Logs that arrived since the last call. */
  async next(): Promise<ReadLog[]> {
    if (this.#offsets.size === 0) await this.#begin();
    const found: ReadLog[] = [];
    for (const [partition, offset] of this.#offsets) {
      const asked = offset < 0 ? { partition, startTime: 0 } : { partition, offset, startTime: 0 };
      const { signal } = this.account;
      const pull = () => this.client.pull(asked, signal);
      const { messages, nextOffset } = await withRetries(pull, DEFAULT_RETRY, signal);
      found.push(...logsOf(messages));
      if (nextOffset !== undefined) this.#offsets.set(partition, nextOffset);
    }
    return found;
  }

  /** Collects logs until there are enough, or a timeout. */
  async gather(isEnough: (logs: readonly ReadLog[]) => boolean, { every, most }: { every: number; most: number }) {
    const logs: ReadLog[] = [];
    await this.account.until(
      async () => {
        logs.push(...(await this.next()));
        return isEnough(logs) || undefined;
      },
      { every, most },
    );
    return logs;
  }

  close(): void {
    this.client.close();
  }

  /** -1 means the start. */
  async #begin(): Promise<void> {
    for (const { id } of await this.client.partitions(this.account.signal)) this.#offsets.set(id, -1);
  }
}

/** Durations in words: median and maximum. */
export function spread(times: readonly number[]): string {
  if (times.length === 0) return "none";
  const sorted = [...times].sort((one, other) => one - other);
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
  return `${seconds(sorted[Math.floor((sorted.length - 1) / 2)])} in the middle, ${seconds(sorted[sorted.length - 1])} at most`;
}

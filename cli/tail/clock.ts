import { ApiClient } from "../../functions/tencent/api-client";
import type { Credentials } from "../../functions/tencent/credentials";
import { ServiceError } from "../../functions/tencent/service-error";

const CLS = { name: "cls", version: "2020-10-16" };

/**
 * Milliseconds by which CLS's clock is ahead of this machine's; undefined where nobody answers. Any answer tells it, a
 * refusal as well.
 */
export async function clsAheadMs(
  { region, topicId }: { readonly region: string; readonly topicId: string },
  credentials: () => Credentials,
  signal: AbortSignal,
): Promise<number | undefined> {
  const client = new ApiClient({ product: CLS, region, credentials });
  try {
    await client.call("DescribePartitions", { TopicId: topicId }, signal);
  } catch (error) {
    // Whoever reads the topic finds out as well, and tells.
    if (!(error instanceof ServiceError)) throw error;
  } finally {
    client.close();
  }
  return client.serverTime === undefined ? undefined : client.serverTime - Date.now();
}

import { ApiClient } from "../../functions/tencent/api-client";
import type { Credentials } from "../../functions/tencent/credentials";
import { ServiceError } from "../../functions/tencent/service-error";

const CLS = { name: "cls", version: "2020-10-16" };

/** A jump of this machine's clock, in milliseconds, that means the machine slept or its clock was set. */
const SLEPT_MS = 1_000;

/** This machine's time when `performance` was at zero. */
let origin = Date.now() - performance.now();

/**
 * This machine's time in milliseconds since the epoch, which never goes back: otherwise, code that waits for a time
 * would wait for as long as the clock was set back. In that case the cloud's time, which is updated continuously, is
 * used as for any wrong clock.
 */
export function machineNow(): number {
  const now = Date.now();
  if (now - (origin + performance.now()) > SLEPT_MS) origin = now - performance.now();
  return Math.round(origin + performance.now());
}

/**
 * Milliseconds by which CLS's clock is ahead of this machine's; undefined without an answer. Any answer contains the
 * time, even a refusal.
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
    // Reading the topic gets the same error, and reports it.
    if (!(error instanceof ServiceError)) throw error;
  } finally {
    client.close();
  }
  return client.serverTime === undefined ? undefined : client.serverTime - machineNow();
}

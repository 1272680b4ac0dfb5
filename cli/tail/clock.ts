import { ApiClient } from "../../functions/tencent/api-client";
import type { Credentials } from "../../functions/tencent/credentials";
import { ServiceError } from "../../functions/tencent/service-error";

const CLS = { name: "cls", version: "2020-10-16" };

/** Milliseconds by which this machine's clock goes ahead at once where the machine slept, or its clock was set. */
const SLEPT_MS = 1_000;

/** This machine's time when `performance` was at zero. */
let origin = Date.now() - performance.now();

/**
 * This machine's time, in milliseconds since the epoch, which never goes back: whoever waits for a time would wait for as
 * long as the clock was set back. Where it was, the cloud's time, which is asked for again and again, is taken as for any
 * clock that is wrong.
 */
export function machineNow(): number {
  const now = Date.now();
  if (now - (origin + performance.now()) > SLEPT_MS) origin = now - performance.now();
  return Math.round(origin + performance.now());
}

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
  return client.serverTime === undefined ? undefined : client.serverTime - machineNow();
}

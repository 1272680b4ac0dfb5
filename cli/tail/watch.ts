import { setTimeout as wait } from "node:timers/promises";
import type { LiveSettings } from "../../functions/live/settings";
import { RENEW_MS, WATCH_MS, watchFlagKey, watchFlagText } from "../../functions/live/watch-flag";
import { CosClient } from "../../functions/tencent/cos-client";
import type { Credentials } from "../../functions/tencent/credentials";
import { ServiceError } from "../../functions/tencent/service-error";
import type { OfFunction } from "./events";
import { type TailError, tailErrorOf } from "./tail-error";

/** Milliseconds after which writing a flag is retried: an existing flag stays valid meanwhile. */
const RETRY_MS = 3_000;

/** Milliseconds of clock difference from which the flag is written again with COS's time. */
const CLOCKS_APART_MS = 2_000;

/**
 * Writes the flag that a function is watched, and renews it until the signal aborts. After that, or after a kill, the
 * watch expires.
 */
export async function keepWatching(
  { namespace, function: name }: OfFunction,
  { bucket, region }: Pick<LiveSettings, "bucket" | "region">,
  { credentials, aheadMs = 0, signal, failed }: WatchOptions,
): Promise<void> {
  const cos = new CosClient({ credentials });
  const object = { bucket, region, key: watchFlagKey({ namespace, function: name }) };
  let hasFailed = false;
  try {
    for (;;) {
      const startedAt = performance.now();
      try {
        const ahead = cos.aheadMs ?? aheadMs;
        await put(cos, object, ahead, signal);
        // COS's time, from its answer.
        const now = cos.aheadMs ?? ahead;
        if (Math.abs(now - ahead) > CLOCKS_APART_MS) await put(cos, object, now, signal);
        hasFailed = false;
        await wait(RENEW_MS - (performance.now() - startedAt), undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ServiceError)) throw error;
        const what = `cos://${bucket}/${object.key}`;
        if (!hasFailed) failed(tailErrorOf(error, { action: "name/cos:PutObject", what, aheadMs: cos.aheadMs }));
        hasFailed = true;
        await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  } finally {
    cos.close();
  }
}

export interface WatchOptions {
  readonly credentials: () => Credentials;
  /** Milliseconds by which the cloud's clock is ahead of this machine's, if known. */
  readonly aheadMs?: number;
  readonly signal: AbortSignal;
  /** Called once when the flag cannot be written, while it is retried. */
  readonly failed: (error: TailError) => void;
}

function put(
  cos: CosClient,
  object: { readonly bucket: string; readonly region: string; readonly key: string },
  aheadMs: number,
  signal: AbortSignal,
): Promise<void> {
  const text = watchFlagText(Date.now() + aheadMs + WATCH_MS);
  return cos.put(object, Buffer.from(text), "application/json", signal);
}

import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** A request, passed to a test to decide on a fault. */
export interface FaultRequest {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly range: string | undefined;
  /** Number of requests for this method and key so far, including this one. */
  readonly attempt: number;
}

/** A fault of a request. */
export interface Fault {
  /** Delay before anything else, in milliseconds. */
  readonly delayMs?: number;
  /** Status of the answer, with an XML error. */
  readonly status?: number;
  /** Error code of `status`; default `InternalError`, or `SlowDown` for 503. */
  readonly code?: string;
  /** Resets the connection after that many bytes of the body; 0 resets it before any answer. */
  readonly reset?: number;
  /** Closes the connection normally after that many bytes of the body, although `Content-Length` is larger. */
  readonly shortBody?: number;
  /** Corrupts the byte of the body at this offset, in an otherwise valid answer. */
  readonly flip?: number;
}

/** Decides for each request whether it fails. */
export type Faults = (request: FaultRequest) => Fault | undefined | void;

/** Counts requests and calls the test. */
export class FaultInjector {
  /** Set by tests. */
  decide: Faults = () => undefined;
  private readonly attempts = new Map<string, number>();

  next(request: Omit<FaultRequest, "attempt">): Fault {
    const name = `${request.method} ${request.bucket} ${request.key}`;
    const attempt = (this.attempts.get(name) ?? 0) + 1;
    this.attempts.set(name, attempt);
    return this.decide({ ...request, attempt }) ?? {};
  }
}

/** A body with a corrupted byte at that offset. */
export async function* flipped(body: AsyncIterable<Uint8Array>, offset: number): AsyncGenerator<Uint8Array> {
  let from = 0;
  for await (const chunk of body) {
    const bytes = Uint8Array.from(chunk);
    if (offset >= from && offset < from + bytes.length) bytes[offset - from] ^= 1;
    from += bytes.length;
    yield bytes;
  }
}

/**
 * Closes the connection. Bytes written so far get a moment to reach the client, because a reset would overtake them.
 */
export async function cutConnection(response: ServerResponse, how: "reset" | "end"): Promise<void> {
  await sleep(20);
  if (how === "reset") response.socket?.resetAndDestroy();
  else response.socket?.destroySoon();
}

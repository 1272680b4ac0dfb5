import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

/** What a test sees of a request before it decides to spoil it. */
export interface FaultRequest {
  readonly method: string;
  readonly bucket: string;
  readonly key: string;
  readonly range: string | undefined;
  /** How many requests for this method and key came before, this one included: 1 is the first. */
  readonly attempt: number;
}

/** How a request goes wrong. */
export interface Fault {
  /** Waits before anything else, in milliseconds. */
  readonly delayMs?: number;
  /** Answers with this status and an XML error. */
  readonly status?: number;
  /** Error code of `status`; default `InternalError`, or `SlowDown` for 503. */
  readonly code?: string;
  /** Resets the connection after so many bytes of the body; 0 resets it before any answer. */
  readonly reset?: number;
  /** Ends the connection in good order after so many bytes of the body, although `Content-Length` promised more. */
  readonly shortBody?: number;
  /** Sends the byte of the body at this offset wrong, in an answer that is in good order. */
  readonly flip?: number;
}

/** Decides for each request whether it goes wrong. */
export type Faults = (request: FaultRequest) => Fault | undefined | void;

/** Counts the requests and asks the test. */
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

/** The bytes of a body, the one at that offset wrong. */
export async function* flipped(body: AsyncIterable<Uint8Array>, offset: number): AsyncGenerator<Uint8Array> {
  let from = 0;
  for await (const chunk of body) {
    const bytes = Uint8Array.from(chunk);
    if (offset >= from && offset < from + bytes.length) bytes[offset - from] ^= 1;
    from += bytes.length;
    yield bytes;
  }
}

/** Cuts the connection; the bytes written so far get a moment to reach the client, which a reset would overtake. */
export async function cutConnection(response: ServerResponse, how: "reset" | "end"): Promise<void> {
  await sleep(20);
  if (how === "reset") response.socket?.resetAndDestroy();
  else response.socket?.destroySoon();
}

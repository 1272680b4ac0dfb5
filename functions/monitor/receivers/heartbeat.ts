import { type ReceiverFormat, plainMessage } from "../../../monitor";
import type { ReceiverClient } from "./client";
import type { Clock } from "./clock";

/** What rings, and how often. */
export interface HeartbeatOptions {
  readonly client: ReceiverClient;
  readonly format: ReceiverFormat;
  readonly everyMs: number;
  readonly clock: Clock;
  readonly tell: (text: string) => void;
  readonly ending: AbortSignal;
}

/**
 * Rings a dead man's switch, which alerts somebody when the ringing stops. It rings only while all sources are read, never
 * late and never twice: a failed ring is reported but not kept, because the next one says the same.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  #rangAt = -Infinity;
  #isSilent = false;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** @param allRead whether every source was read since the last call */
  async beat(allRead: boolean): Promise<void> {
    const { client, clock, ending, everyMs, format, tell } = this.#options;
    if (!allRead && !this.#isSilent) tell(`the heartbeat to ${client.name} does not ring: not all sources are read`);
    this.#isSilent = !allRead;
    const now = clock.now();
    if (!allRead || now - this.#rangAt < everyMs - SLACK_MS) return;
    client.limiter?.reserve();
    try {
      await client.post(
        plainMessage(format, "heartbeat: all sources are read", { heartbeat: { at: new Date(now).toISOString() } }),
        ending,
      );
      this.#rangAt = now;
    } catch (error) {
      tell(`the heartbeat to ${client.name} failed: ${(error as Error).message}`);
    }
  }
}

/** Tolerance for callers that beat each minute and are sometimes a little early. */
const SLACK_MS = 5_000;

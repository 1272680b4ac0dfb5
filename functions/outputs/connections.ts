import { ClsClient } from "../tencent/cls-client";
import { HttpClient } from "../tencent/http";
import { untilAborted } from "../runtime/until-aborted";
import { Breaker } from "./breaker";
import type { KafkaProducer } from "./kafka-part";

/** Milliseconds that a webhook may take to answer. */
const WEBHOOK_TIMEOUT_MS = 10_000;

/** Milliseconds that a search cluster or a collector may take to answer: it has a batch of thousands to store. */
const SERVER_TIMEOUT_MS = 30_000;

/**
 * The connections of one invocation's outputs, each opened at its first use, and what is known of their destinations. Close
 * them.
 */
export class Connections {
  #cls: ClsClient | undefined;
  #http: HttpClient | undefined;
  #servers: HttpClient | undefined;
  readonly #producers = new Map<string, Promise<KafkaProducer>>();
  readonly #breakers = new Map<string, Breaker>();

  get cls(): ClsClient {
    return (this.#cls ??= new ClsClient());
  }

  get http(): HttpClient {
    return (this.#http ??= new HttpClient(WEBHOOK_TIMEOUT_MS));
  }

  /** For batches to servers of the user's own. */
  get servers(): HttpClient {
    return (this.#servers ??= new HttpClient(SERVER_TIMEOUT_MS));
  }

  /** Whether the output of that name is down, for all inputs of the invocation. */
  breaker(output: string): Breaker {
    const breaker = this.#breakers.get(output) ?? new Breaker();
    this.#breakers.set(output, breaker);
    return breaker;
  }

  /** The producer of that output; one that could not connect is made anew at the next call. */
  async producer(output: string, connect: () => Promise<KafkaProducer>): Promise<KafkaProducer> {
    const open = this.#producers.get(output) ?? connect();
    this.#producers.set(output, open);
    try {
      return await open;
    } catch (error) {
      this.#producers.delete(output);
      throw error;
    }
  }

  /**
   * Ends every socket. Never rejects: what was written is stored, or was reported, before.
   *
   * @param signal ends the wait for producers that are still connecting
   */
  async close(signal: AbortSignal): Promise<void> {
    this.#cls?.close();
    this.#http?.close();
    this.#servers?.close();
    const ends = [...this.#producers.values()].map(async (made) => (await made).disconnect());
    await untilAborted(Promise.allSettled(ends), signal).catch(() => undefined);
  }
}

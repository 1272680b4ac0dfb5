import { ClsClient } from "../tencent/cls-client";
import { HttpClient } from "../tencent/http";
import { untilAborted } from "../runtime/until-aborted";
import { Breaker } from "./breaker";
import type { KafkaProducer } from "./kafka-part";

/** Timeout of a webhook's answer in milliseconds. */
const WEBHOOK_TIMEOUT_MS = 10_000;

/** Timeout of the answer of a search cluster or a collector, which has to store thousands of records. */
const SERVER_TIMEOUT_MS = 30_000;

/**
 * The connections of one invocation's outputs, each opened at its first use, and the state of their destinations. Close
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

  /** For batches to the user's servers. */
  get servers(): HttpClient {
    return (this.#servers ??= new HttpClient(SERVER_TIMEOUT_MS));
  }

  /** The breaker of an output, for all inputs of the invocation. */
  breaker(output: string): Breaker {
    const breaker = this.#breakers.get(output) ?? new Breaker();
    this.#breakers.set(output, breaker);
    return breaker;
  }

  /** The producer of an output; after a failed connection, the next call creates a new one. */
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
   * Closes every socket. Never rejects: everything written was stored, or its failure reported, before.
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

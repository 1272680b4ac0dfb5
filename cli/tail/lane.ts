import type { Network } from "../../functions/settings";
import type { Credentials } from "../../functions/tencent/credentials";
import { type ReadBatch, type ReadFrom, type ReadHow, type ReadNotice, TopicReader } from "../../functions/tencent/topic-reader"; // prettier-ignore
import type { LaneName } from "./events";

/** A topic that is read, as one lane. */
export interface LaneTopic {
  readonly lane: LaneName;
  readonly region: string;
  readonly topicId: string;
  readonly network?: Network;
}

/** How it is read. */
export interface LaneOptions {
  readonly from: ReadFrom;
  readonly until?: Date;
  readonly follow: boolean;
  readonly how: ReadHow;
  readonly credentials: () => Credentials;
}

/** Receives what is read. */
export interface LaneListener {
  /** Resolves when the next batch can be passed. */
  batch(batch: ReadBatch): Promise<void>;
  notice(notice: ReadNotice): void;
}

/**
 * Requests per second. In the fast lane people are waiting: with 200 ms of batching in the function, eight requests
 * bring a line in less than 400 ms. CLS accepts 200 from all readers together. Fact:
 * docs/design/facts/cls-reading.md#limits-of-reading.
 */
const PER_SECOND: Readonly<Record<LaneName, number>> = { fast: 8, slow: 1 };

/** Searches per second: each reads the last minutes again. */
const SEARCHES_PER_SECOND = 1;

/** Milliseconds without an answer after which a tail with an end gives up. */
const PATIENCE_MS = 60_000;

/** Milliseconds: if CLS received what was read longer ago than this, more is waiting. */
const BEHIND_MS = 2_000;

/** Reads one topic, and passes the results to its listener. */
export class Lane {
  readonly #ending = new AbortController();
  /** Partitions with unread records. */
  readonly #behind = new Set<number | undefined>();
  #isDisconnected = false;
  #hasAnswered = false;
  /**
   * When the last answer arrived, in milliseconds of `performance`, because this machine's clock can be set meanwhile.
   */
  heardAt = performance.now();
  /** Whether its listener is still processing the last batch. */
  isListening = false;
  /** Whether no function uses the topic any more. */
  isUnused = false;

  constructor(readonly topic: LaneTopic) {}

  /** What is read, in words. */
  get what(): string {
    const { lane, topicId, region } = this.topic;
    return `${lane === "fast" ? "live topic" : "topic"} ${topicId} (${region})`;
  }

  /** Whether earlier records than those that were read may still be unread. */
  get isBehind(): boolean {
    return !this.#isDisconnected && (!this.#hasAnswered || this.#behind.size > 0);
  }

  /** Resolves at the end of the requested time. Throws an error that ends reading before. */
  async run({ from, until, follow, how, credentials }: LaneOptions, listener: LaneListener): Promise<void> {
    const { topicId, region, network } = this.topic;
    const reader = new TopicReader({ topicId, region, network, credentials });
    const { signal } = this.#ending;
    const perSecond = how === "search" ? SEARCHES_PER_SECOND : PER_SECOND[this.topic.lane];
    const patienceMs = follow ? Infinity : PATIENCE_MS;
    try {
      for await (const event of reader.read({ from, until, follow, perSecond, how, signal, patienceMs })) {
        this.heardAt = performance.now();
        if (event.kind === "logs") {
          this.#hasAnswered = true;
          if (event.end || (event.behindMs ?? Infinity) < BEHIND_MS) this.#behind.delete(event.partition);
          else this.#behind.add(event.partition);
          this.isListening = true;
          await listener.batch(event);
          this.isListening = false;
          this.heardAt = performance.now();
        } else {
          if (event.notice === "disconnected") this.#isDisconnected = true;
          if (event.notice === "reconnected") this.#isDisconnected = false;
          if (event.notice === "partitions") for (const ended of event.ended) this.#behind.delete(ended);
          listener.notice(event);
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#behind.clear();
      this.#hasAnswered = true;
      reader.close();
    }
  }

  /** Ends the reading. */
  end(): void {
    this.#ending.abort(new Error("the lane ends"));
  }
}

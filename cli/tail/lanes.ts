import { type ReadBatch, ReadError, type ReadNotice } from "../../functions/tencent/topic-reader";
import type { TailEvent } from "./events";
import { topicKey } from "./function-topics";
import { Lane, type LaneOptions, type LaneTopic } from "./lane";
import { errorEvent, eventOfNotice } from "./notices";

/** Milliseconds without an answer after which a tail reports it. */
export const SILENCE_MS = 15_000;

interface Running {
  readonly lane: Lane;
  isSilent: boolean;
}

/** Receives what lanes read. */
export interface LanesListener {
  /** Resolves when the next batch can be passed. */
  batch(topic: LaneTopic, batch: ReadBatch): Promise<void>;
  tell(event: TailEvent): void;
  /** The cloud's time in milliseconds. */
  now(): number;
}

/** The topics that a tail reads, each once, however many functions use it. */
export class Lanes {
  readonly #listener: LanesListener;
  readonly #running = new Map<string, Running>();
  readonly #failed = new Map<string, ReadError>();
  /** Topics that are or were read. */
  readonly #begun = new Set<string>();

  constructor(listener: LanesListener) {
    this.#listener = listener;
  }

  get size(): number {
    return this.#running.size;
  }

  /** Whether a topic has unread records. */
  get isBehind(): boolean {
    return [...this.#running.values()].some(({ lane }) => lane.isBehind);
  }

  get isFastBehind(): boolean {
    return [...this.#running.values()].some(({ lane }) => lane.topic.lane === "fast" && lane.isBehind);
  }

  /** Whether reading a topic has permanently failed. */
  hasFailed(topic: LaneTopic): boolean {
    return this.#failed.has(topicKey(topic));
  }

  /**
   * Reads a topic; undefined if it is already being read, or must not be. Resolves at the end of the requested time.
   *
   * @param options called with whether the topic was read before
   * @throws ReadError that ends reading before
   */
  read(topic: LaneTopic, options: (isAgain: boolean) => LaneOptions): Promise<void> | undefined {
    const key = topicKey(topic);
    if (this.#running.has(key) || this.#failed.get(key)?.failure === "denied") return undefined;
    this.#failed.delete(key);
    const isAgain = this.#begun.has(key);
    this.#begun.add(key);
    const running: Running = { lane: new Lane(topic), isSilent: false };
    this.#running.set(key, running);
    const listener = {
      batch: (batch: ReadBatch) => this.#listener.batch(topic, batch),
      notice: (notice: ReadNotice) => this.#notice(running, notice),
    };
    return running.lane
      .run(options(isAgain), listener)
      .catch((error: unknown) => {
        if (error instanceof ReadError) this.#failed.set(key, error);
        throw error;
      })
      .finally(() => this.#running.delete(key));
  }

  /** Ends lanes that no function uses any more; what is already on its way still arrives, until the next call. */
  endUnused(used: readonly LaneTopic[]): void {
    const keys = new Set(used.map(topicKey));
    for (const [key, { lane }] of this.#running) {
      if (keys.has(key)) lane.isUnused = false;
      else if (lane.isUnused) lane.end();
      else lane.isUnused = true;
    }
  }

  /** Reports a lane that neither answers nor fails. */
  noticeSilence(): void {
    for (const running of this.#running.values()) {
      const silentMs = performance.now() - running.lane.heardAt;
      if (silentMs < SILENCE_MS || running.isSilent || running.lane.isListening) continue;
      running.isSilent = true;
      const seconds = Math.round(silentMs / 1000);
      this.#tellError("NO_ANSWER", `no answer for the ${running.lane.what} for ${seconds} s; still waiting`);
    }
  }

  end(): void {
    for (const { lane } of this.#running.values()) lane.end();
  }

  #notice(running: Running, notice: ReadNotice): void {
    if (notice.notice === "disconnected" || notice.notice === "reconnected") {
      running.isSilent = notice.notice === "disconnected";
    }
    const event = eventOfNotice(notice, running.lane.what, this.#listener.now() * 1000);
    if (event) this.#listener.tell(event);
  }

  #tellError(code: string, message: string): void {
    this.#listener.tell(errorEvent(code, message, this.#listener.now() * 1000));
  }
}

import { setTimeout as wait } from "node:timers/promises";
import { Channel } from "../tencent/topic-reader/channel";
import {
  type ConsumedBatch,
  type ConsumedTopic,
  type GroupMember,
  LostPartitionError,
  type MemberEvent,
  type MemberState,
  type PartitionLag,
  StalledError,
  TopicsChangedError,
} from "./member";
import type { Handed } from "./outstanding";

/** Milliseconds without progress, while there is more to read, after which a member fails. */
const STALL_MS = 60_000;

/** Milliseconds between two checks for missing topics, and between two reports of them. */
const LOOK_FOR_ABSENT_MS = 60_000;

/** The common part of members of both kinds of groups: it hands over batches, fails once, and leaves once. */
export abstract class GroupMembership implements GroupMember {
  abstract readonly what: string;
  readonly topics: readonly ConsumedTopic[];
  protected readonly channel = new Channel<Handed>();
  /** Ends everything in progress. */
  protected readonly ending = new AbortController();
  protected isJoined = false;
  /** Missing topics, with the reason that is reported. */
  protected readonly absent = new Map<ConsumedTopic, string>();
  readonly #tell: (event: MemberEvent) => Promise<void> | void;
  readonly #stallMs: number;
  readonly #absentMs: number;
  #leaving: Promise<void> | undefined;
  #rebalancedAt = Date.now();
  #rebalances = 0;

  constructor(of: {
    readonly topics: readonly ConsumedTopic[];
    readonly tell: (event: MemberEvent) => Promise<void> | void;
    readonly stallMs?: number;
    readonly absentMs?: number;
  }) {
    this.topics = of.topics;
    this.#tell = of.tell;
    this.#stallMs = of.stallMs ?? STALL_MS;
    this.#absentMs = of.absentMs ?? LOOK_FOR_ABSENT_MS;
  }

  async *batches(): AsyncGenerator<ConsumedBatch> {
    this.run().catch((error: unknown) => this.fail(error));
    try {
      for await (const { batch, take } of this.channel.values()) if (take()) yield batch;
    } finally {
      await this.leave(0);
    }
  }

  leave(graceMs: number): Promise<void> {
    return (this.#leaving ??= this.leaveWithin(graceMs));
  }

  state(): MemberState {
    return {
      isJoined: this.isJoined && this.isReachable,
      rebalancedAt: this.#rebalancedAt,
      rebalances: this.#rebalances,
      partitions: this.lags(),
      absent: [...this.absent.keys()],
    };
  }

  /** Takes part in the group until the member leaves. Throws the error that ends the member. */
  protected abstract run(): Promise<void>;
  protected abstract leaveWithin(graceMs: number): Promise<void>;
  protected abstract lags(): PartitionLag[];
  /** All held partitions are lost: their batches must not be handled any further. */
  protected abstract loseAll(reason: LostPartitionError): void;
  /** Whether a topic exists; called at intervals for missing topics. */
  protected abstract isThere(topic: ConsumedTopic, signal: AbortSignal): Promise<boolean>;

  /** Whether the service currently answers. */
  protected get isReachable(): boolean {
    return true;
  }

  protected get isLeaving(): boolean {
    return this.#leaving !== undefined;
  }

  protected fail(error: unknown): void {
    if (this.ending.signal.aborted || this.isLeaving) return;
    this.loseAll(new LostPartitionError("the source has failed"));
    this.channel.fail(error);
  }

  protected rebalanced(): void {
    this.#rebalancedAt = Date.now();
    this.#rebalances++;
  }

  protected async tell(event: MemberEvent): Promise<void> {
    await this.#tell(event);
  }

  protected async tellAbsent(): Promise<void> {
    for (const [topic, reason] of this.absent) await this.tell({ kind: "absent", topic, reason });
  }

  /** Checks whether missing topics are back, and reports those that are not. @throws TopicsChangedError */
  protected async lookForAbsent(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await wait(this.#absentMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || !this.isReachable || this.absent.size === 0) continue;
      for (const topic of this.absent.keys()) {
        if (!(await this.isThere(topic, signal))) continue;
        await this.tell({ kind: "present", topic });
        throw new TopicsChangedError(`topic ${topic.topicId} is there again`);
      }
      await this.tellAbsent();
    }
  }

  /** Whether something has been pending for longer than the limit. @param since time of the monotonic clock */
  protected isOverdue(since: number): boolean {
    return performance.now() - since > this.#stallMs;
  }

  /** @param what what does not progress @param got what is missing */
  protected stalled(what: string, got: string): StalledError {
    return new StalledError(`${what} must go on, got no ${got} for ${Math.round(this.#stallMs / 1000)} s`);
  }
}

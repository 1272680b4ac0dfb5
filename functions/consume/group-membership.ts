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

/** Milliseconds between two looks for topics that are not there, and of telling that they are not. */
const LOOK_FOR_ABSENT_MS = 60_000;

/** What members of groups have in common, whoever keeps the group: they hand over batches, fail once, and leave once. */
export abstract class GroupMembership implements GroupMember {
  abstract readonly what: string;
  readonly topics: readonly ConsumedTopic[];
  protected readonly channel = new Channel<Handed>();
  /** Ends all that is under way. */
  protected readonly ending = new AbortController();
  protected isJoined = false;
  /** Topics that are not there, and what is said of each. */
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

  /** Lives in the group until it is left. Throws what ends the member. */
  protected abstract run(): Promise<void>;
  protected abstract leaveWithin(graceMs: number): Promise<void>;
  protected abstract lags(): PartitionLag[];
  /** Nobody works for this member on what it holds any more. */
  protected abstract loseAll(reason: LostPartitionError): void;
  /** Whether a topic is there; asked now and then of those that were not. */
  protected abstract isThere(topic: ConsumedTopic, signal: AbortSignal): Promise<boolean>;

  /** Whether the service answers at the moment. */
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

  /** Looks whether topics that are not there came back, and tells each time that they did not. @throws TopicsChangedError */
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

  /** Whether something has not come about for longer than a member waits. @param since of the monotonic clock */
  protected isOverdue(since: number): boolean {
    return performance.now() - since > this.#stallMs;
  }

  /** @param what that does not go on @param got nothing of this */
  protected stalled(what: string, got: string): StalledError {
    return new StalledError(`${what} must go on, got no ${got} for ${Math.round(this.#stallMs / 1000)} s`);
  }
}

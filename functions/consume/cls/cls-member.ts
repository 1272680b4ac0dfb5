import { setTimeout as wait } from "node:timers/promises";
import { LinkedAbort } from "../../runtime/linked-abort";
import type { ReadNotice } from "../../tencent/topic-reader";
import { Attempts } from "../../tencent/topic-reader/attempts";
import { TopicClient } from "../../tencent/topic-reader/client";
import { GroupMembership } from "../group-membership";
import { type ConsumedTopic, LostPartitionError, type PartitionLag, TopicsChangedError } from "../member";
import type { ClsMemberOptions } from "./cls-options";
import { Committer } from "./committer";
import { GroupClient, partitionKey, type TopicPartition } from "./group-client";
import type { HeldPartition, HeldWork } from "./held-partition";
import { Holding } from "./holding";
import { listedIfKnown, Positions } from "./positions";
import { isMissing, TopicsThere } from "./topics-there";

const LOOK_MS = 5_000;

/** The same, while the member waits for the end of its topics. */
const LOOK_UNTIL_MS = 1_000;

const LATE_MS = 5_000;

/** Milliseconds that work in progress gets once everything up to `until` is read. */
const THROUGH_MS = 5_000;

const SESSION_SECONDS = 6;

/** A member of one of CLS's own consumer groups. */
export class ClsMember extends GroupMembership {
  readonly what: string;
  readonly #options: ClsMemberOptions;
  readonly #group: GroupClient;
  readonly #clients: ReadonlyMap<string, TopicClient>;
  readonly #attempts: Attempts;
  readonly #positions: Positions;
  readonly #committer: Committer;
  readonly #known: Map<string, number>;
  readonly #sessionMs: number;
  readonly #holding: Holding;
  readonly #there: TopicsThere;
  /** One run of the member in the group. A new one begins when topics disappear or come back. */
  #life: LinkedAbort | undefined;
  /** When the last heartbeat that CLS answered was sent, in milliseconds of the monotonic clock. */
  #beatAt = performance.now();
  #nudge: () => void = () => undefined;
  #isAway = false;

  constructor(options: ClsMemberOptions) {
    super(options);
    const { topics, region, logsetId, credentials, network, timeoutMs, group } = options;
    this.#options = options;
    this.what = `group ${group} of logset ${logsetId} (${region}), topics ${topics.map(({ name }) => name).join(", ")}`;
    this.#group = new GroupClient(options, credentials, timeoutMs);
    this.#clients = new Map(
      topics.map(({ topicId }) => [topicId, new TopicClient({ topicId, region, network, credentials, timeoutMs })]),
    );
    this.#sessionMs = 1000 * (options.sessionSeconds ?? SESSION_SECONDS);
    this.#known = options.known ?? new Map<string, number>();
    this.#positions = new Positions(this.#group, options.start ?? "end", this.#known);
    this.#committer = new Committer(this.#group);
    const { signal } = this.ending;
    this.#attempts = new Attempts({
      signal,
      patienceMs: Infinity,
      keyId: () => credentials().secretId,
      tell: (notice) => this.#notice(notice),
    });
    this.#there = new TopicsThere(this.#clients, this.#attempts, topics, this.absent);
    this.#holding = new Holding({
      topics,
      workOf: (topic) => this.#workOf(topic),
      positionsOf: (partitions) => this.#attempts.run(() => this.#positions.of(partitions, signal)),
      rebalanced: () => this.rebalanced(),
      released: () => this.#nudge(),
      failed: (error) => this.#unread(error),
      tell: (event) => this.tell(event),
    });
  }

  protected override get isReachable(): boolean {
    return !this.#isAway;
  }

  protected async isThere({ topicId }: ConsumedTopic, signal: AbortSignal): Promise<boolean> {
    return (await this.#there.partitions(topicId, signal)) !== undefined;
  }

  protected lags(): PartitionLag[] {
    return [...this.#holding.all.values()].map(({ lag }) => lag);
  }

  protected loseAll(reason: LostPartitionError): void {
    this.#holding.loseAll(reason);
  }

  protected async run(): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      const life = (this.#life = new LinkedAbort(signal));
      try {
        await this.#live(life.signal);
      } catch (thrown) {
        if (signal.aborted) return;
        // The other task of this run ended it, and its reason is the cause.
        const error: unknown = life.signal.aborted ? life.signal.reason : thrown;
        life.abort(new Error("the group is joined anew"));
        const isOfTopics = isMissing(error) || error instanceof TopicsChangedError;
        if (!isOfTopics || !(await this.#setAside())) throw error;
      } finally {
        life.release();
      }
    }
  }

  async #live(signal: AbortSignal): Promise<void> {
    await this.#join(signal);
    this.#beatAt = performance.now();
    await Promise.all([this.#beat(signal), this.#look(signal), this.lookForAbsent(signal)]);
  }

  /** Handles a partition that cannot be read. If its topic is missing, the other topics go on. */
  #unread(error: unknown): void {
    if (isMissing(error)) this.#life?.abort(error as Error);
    else this.fail(error);
  }

  /** Continues without missing topics. Resolves to whether missing topics were the cause and at least one topic is left. */
  async #setAside(): Promise<boolean> {
    const { gone, hasBack } = await this.#there.look(this.ending.signal);
    for (const { topicId, name } of gone) {
      this.#holding.loseAll(new LostPartitionError(`topic ${name} is not there any more`), topicId);
    }
    // If none is left, the source reports it as its failure.
    if ((gone.length === 0 && !hasBack) || this.#there.ids.length === 0) return false;
    await this.tellAbsent();
    return true;
  }

  async #join(signal: AbortSignal): Promise<void> {
    const { group } = this.#options;
    const { ids } = this.#there;
    const seconds = this.#sessionMs / 1000;
    const made = await this.#attempts.run(() => this.#group.create(ids, seconds, signal));
    await this.#attempts.run(() => this.#positions.fix(ids, made === "created", signal));
    await this.tell({ kind: "joined", group, isNew: made === "created" });
    if (made !== "changed") return;
    const message = `group ${group} now has the topics ${ids.join(", ")} and a session of ${seconds} s; it had others`;
    await this.tell({ kind: "changed", message });
  }

  /** Sends heartbeats, and takes and releases partitions according to the answers. */
  async #beat(signal: AbortSignal): Promise<void> {
    let sentAt = 0;
    const beat = (): Promise<TopicPartition[]> => {
      this.#expelIfSilent();
      sentAt = performance.now();
      return this.#group.heartbeat(this.#holding.told, signal);
    };
    while (!signal.aborted) {
      const mine = await this.#attempts.run(beat);
      this.#beatAt = sentAt;
      if (!this.isLeaving) {
        await this.#holding.follow(mine);
        this.isJoined = true;
      }
      await Promise.race([
        wait(this.#sessionMs / 3, undefined, { signal }).catch(() => undefined),
        new Promise<void>((resolve) => (this.#nudge = resolve)),
      ]);
    }
    signal.throwIfAborted();
  }

  #workOf(topic: ConsumedTopic): HeldWork {
    const { perSecond = 1, onLost = "begin", until, lateMs = LATE_MS } = this.#options;
    const { topicId } = topic;
    return {
      topic,
      client: this.#clients.get(topicId) as TopicClient,
      attempts: this.#attempts,
      perSecond,
      onLost,
      until,
      lateMs,
      listed: async (partition, from) => {
        const { signal } = this.ending;
        const offsets = await this.#attempts.run(() => listedIfKnown(this.#group, from, signal));
        return offsets?.get(partitionKey({ topicId, partition }));
      },
      hand: (handed) => this.channel.push(handed),
      checkSession: () => this.#expelIfSilent(),
      commit: (partition, offset, signal) => this.#commit({ topicId, partition }, offset, signal),
      tell: (event) => this.tell(event),
    };
  }

  async #commit(of: TopicPartition, offset: number, signal: AbortSignal): Promise<void> {
    this.#expelIfSilent();
    signal.throwIfAborted();
    try {
      await this.#committer.commit(of, offset, signal);
    } catch (error) {
      if (error instanceof LostPartitionError) this.#holding.lose(partitionKey(of), error);
      throw error;
    }
    this.#known.set(partitionKey(of), offset);
  }

  /** A member that was silent for a session has lost its partitions, even if it has not heard so. */
  #expelIfSilent(): void {
    const silentMs = performance.now() - this.#beatAt;
    if (silentMs <= this.#sessionMs || this.#holding.all.size === 0) return;
    const seconds = (silentMs / 1000).toFixed(1);
    const reason = `no heartbeat of ours was answered for ${seconds} s, the session is ${this.#sessionMs / 1000} s: the partitions went to others`;
    this.loseAll(new LostPartitionError(reason));
    this.rebalanced();
    void this.tell({ kind: "expelled", reason });
  }

  /** Checks for splits and merges, for lag, for partitions that stall, and whether everything is read. */
  async #look(signal: AbortSignal): Promise<void> {
    const { until, lateMs = LATE_MS, lookMs = until ? LOOK_UNTIL_MS : LOOK_MS } = this.#options;
    while (!signal.aborted) {
      await wait(lookMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || this.#isAway) continue;
      for (const topicId of this.#there.ids) {
        const listed = await this.#attempts.run(() => this.#clientOf(topicId).partitions(signal));
        for (const { id, isOpen } of listed) {
          const held = this.#holding.all.get(partitionKey({ topicId, partition: id }));
          if (held) held.isOpen &&= isOpen;
        }
      }
      const ends = await this.#attempts.run(() => listedIfKnown(this.#group, "end", signal));
      for (const [key, held] of this.#holding.all) {
        held.endOffset = ends?.get(key);
        // If there is nothing to read, or the lag is unknown, the position need not move.
        if (!held.lag.offsets) held.movedAt = performance.now();
        this.#refuseStall(held);
      }
      const isAllThrough = (): Promise<boolean> => this.#positions.isAllThrough(until as Date, signal);
      if (until && this.#group.now >= until.getTime() + lateMs && (await this.#attempts.run(isAllThrough)))
        return void this.leave(THROUGH_MS);
    }
  }

  #clientOf(topicId: string): TopicClient {
    return this.#clients.get(topicId) as TopicClient;
  }

  #refuseStall(held: HeldPartition): void {
    if (held.isBusy || held.isThrough || this.#isAway) return;
    const isMute = this.isOverdue(held.answeredAt);
    const isStill = this.isOverdue(held.movedAt) && (held.lag.offsets ?? 0) > 0;
    if (!isMute && !isStill) return;
    const got = isMute ? "an answer" : `progress from offset ${held.committed} with ${held.lag.offsets} behind it`;
    throw this.stalled(`partition ${held.partition} of ${held.lag.topic.name}`, got);
  }

  protected async leaveWithin(graceMs: number): Promise<void> {
    const overdue = new LostPartitionError("there is no more time: the process ends");
    const timer = setTimeout(() => this.loseAll(overdue), graceMs);
    await this.#holding.release();
    clearTimeout(timer);
    // Tells CLS that the partitions are released. No request follows.
    if (this.isJoined && !this.#isAway && !this.ending.signal.aborted) {
      const limit = AbortSignal.timeout(Math.max(500, Math.min(2_000, graceMs)));
      await this.#group.heartbeat([], limit).catch(() => undefined);
    }
    this.#end();
  }

  #end(): void {
    this.ending.abort(new Error("the group is left"));
    this.#nudge();
    this.channel.end();
    this.#group.close();
    for (const client of this.#clients.values()) client.close();
  }

  async #notice(notice: ReadNotice): Promise<void> {
    if (notice.notice === "disconnected") {
      this.#isAway = true;
      await this.tell({ kind: "disconnected", code: notice.code, message: notice.message });
    } else if (notice.notice === "reconnected") {
      this.#isAway = false;
      await this.tell({ kind: "reconnected", afterMs: notice.afterMs });
    } else if (notice.notice === "throttled") {
      await this.tell({ kind: "throttled", code: notice.code, waitMs: notice.waitMs });
    }
  }
}

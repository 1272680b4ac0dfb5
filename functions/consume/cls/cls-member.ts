import { setTimeout as wait } from "node:timers/promises";
import type { Credentials } from "../../tencent/credentials";
import { Attempts } from "../../tencent/topic-reader/attempts";
import { Channel } from "../../tencent/topic-reader/channel";
import { TopicClient } from "../../tencent/topic-reader/client";
import type { ReadNotice } from "../../tencent/topic-reader";
import type { Network } from "../../settings";
import {
  type ConsumedBatch,
  type ConsumedTopic,
  type GroupMember,
  type LostChoice,
  LostPartitionError,
  type MemberEvent,
  type MemberState,
  StalledError,
  type Start,
} from "../member";
import { Committer } from "./committer";
import { GroupClient, partitionKey, type TopicPartition } from "./group-client";
import { type Handed, HeldPartition, type HeldWork } from "./held-partition";
import { listedIfKnown, partitionOf, Positions } from "./positions";

/** How a member of CLS's own consumer groups is set up. All topics are of one logset. */
export interface ClsMemberOptions {
  readonly topics: readonly ConsumedTopic[];
  readonly region: string;
  readonly logsetId: string;
  /** Letters, digits, `-` and `_`, the first no digit. */
  readonly group: string;
  /** Unlike that of any other process in the group. */
  readonly consumer: string;
  /** Called for each request, so that keys may be renewed; temporary ones have a token. */
  readonly credentials: () => Credentials;
  /** @default "public" */
  readonly network?: Network;
  /** Seconds of silence after which CLS gives our partitions to others. @default 6 */
  readonly sessionSeconds?: number;
  /** For a group without a position. @default "end" */
  readonly start?: Start;
  /** @default "begin" */
  readonly onLost?: LostChoice;
  /** Reads only what CLS got before this time, and ends when all of that is committed, by whichever member. */
  readonly until?: Date;
  /** Requests a second and partition while nothing waits, 0.01 to 100. @default 1 */
  readonly perSecond?: number;
  /** Milliseconds without progress, while there is more to read, after which the member fails. @default 60000 */
  readonly stallMs?: number;
  /** Milliseconds between two looks at partitions and at how far each is behind. @default 5000, with `until` 1000 */
  readonly lookMs?: number;
  /** Milliseconds by which CLS may be late with the last logs before `until`. @default 5000 */
  readonly lateMs?: number;
  /** Milliseconds that an answer may take. @default 10000 */
  readonly timeoutMs?: number;
  /** Resolves when it may go on: a hole is told before the position moves. */
  readonly tell: (event: MemberEvent) => Promise<void> | void;
  /** What this process has committed in earlier lives of the member, by partition. */
  readonly known?: Map<string, number>;
}

const LOOK_MS = 5_000;

/** While the end is waited for. */
const LOOK_UNTIL_MS = 1_000;

const LATE_MS = 5_000;

/** Milliseconds that what is under way has when all is through. */
const THROUGH_MS = 5_000;

const SESSION_SECONDS = 6;
const STALL_MS = 60_000;

/** A member of one of CLS's own consumer groups. */
export class ClsMember implements GroupMember {
  readonly what: string;
  readonly topics: readonly ConsumedTopic[];
  readonly #options: ClsMemberOptions;
  readonly #group: GroupClient;
  readonly #clients: ReadonlyMap<string, TopicClient>;
  readonly #attempts: Attempts;
  readonly #positions: Positions;
  readonly #committer: Committer;
  readonly #known: Map<string, number>;
  readonly #sessionMs: number;
  readonly #held = new Map<string, HeldPartition>();
  /** Partitions that we finish with: CLS is told that we hold them until then. */
  readonly #releasing = new Map<string, Promise<void>>();
  readonly #channel = new Channel<Handed>();
  /** Ends all that is under way. */
  readonly #ending = new AbortController();
  #leaving: Promise<void> | undefined;
  /** When the last heartbeat was sent that CLS has answered, in milliseconds of the monotonic clock. */
  #beatAt = performance.now();
  #nudge: () => void = () => undefined;
  #isAway = false;
  #isJoined = false;
  #rebalancedAt = Date.now();
  #rebalances = 0;

  constructor(options: ClsMemberOptions) {
    const { topics, region, logsetId, credentials, network, timeoutMs, group } = options;
    this.#options = options;
    this.topics = topics;
    this.what = `group ${group} of logset ${logsetId} (${region}), topics ${topics.map(({ name }) => name).join(", ")}`;
    this.#group = new GroupClient(options, credentials, timeoutMs);
    this.#clients = new Map(
      topics.map(({ topicId }) => [topicId, new TopicClient({ topicId, region, network, credentials, timeoutMs })]),
    );
    this.#sessionMs = 1000 * (options.sessionSeconds ?? SESSION_SECONDS);
    this.#known = options.known ?? new Map<string, number>();
    this.#positions = new Positions(this.#group, options.start ?? "end", this.#known);
    this.#committer = new Committer(this.#group);
    this.#attempts = new Attempts({
      signal: this.#ending.signal,
      patienceMs: Infinity,
      keyId: () => credentials().secretId,
      tell: (notice) => this.#notice(notice),
    });
  }

  async *batches(): AsyncGenerator<ConsumedBatch> {
    this.#run().then(
      () => this.#channel.end(),
      (error: unknown) => this.#channel.fail(error),
    );
    try {
      for await (const handed of this.#channel.values()) if (handed.take()) yield handed.batch;
    } finally {
      await this.leave(0);
    }
  }

  leave(graceMs: number): Promise<void> {
    return (this.#leaving ??= this.#leave(graceMs));
  }

  state(): MemberState {
    return {
      isJoined: this.#isJoined && !this.#isAway,
      rebalancedAt: this.#rebalancedAt,
      rebalances: this.#rebalances,
      partitions: [...this.#held.values()].map(({ lag }) => lag),
    };
  }

  /** Lives in the group until it is left, or all is through. */
  async #run(): Promise<void> {
    const { signal } = this.#ending;
    try {
      await this.#join();
      this.#beatAt = performance.now();
      await Promise.all([this.#beat(), this.#look()]);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  async #join(): Promise<void> {
    const { group, topics } = this.#options;
    const { signal } = this.#ending;
    const ids = topics.map(({ topicId }) => topicId);
    const seconds = this.#sessionMs / 1000;
    const made = await this.#attempts.run(() => this.#group.create(ids, seconds, signal));
    await this.#attempts.run(() => this.#positions.fix(ids, made === "created", signal));
    await this.#tell({ kind: "joined", group, isNew: made === "created" });
    if (made !== "changed") return;
    const message = `group ${group} now has the topics ${ids.join(", ")} and a session of ${seconds} s; it had others`;
    await this.#tell({ kind: "changed", message });
  }

  /** Sends heartbeats, and takes and releases what their answers say. */
  async #beat(): Promise<void> {
    const { signal } = this.#ending;
    let sentAt = 0;
    const beat = (): Promise<TopicPartition[]> => {
      this.#expelIfSilent();
      sentAt = performance.now();
      return this.#group.heartbeat(this.#holding(), signal);
    };
    while (!signal.aborted) {
      const mine = await this.#attempts.run(beat);
      this.#beatAt = sentAt;
      if (!this.#leaving) await this.#follow(mine);
      await Promise.race([
        wait(this.#sessionMs / 3, undefined, { signal }).catch(() => undefined),
        new Promise<void>((resolve) => (this.#nudge = resolve)),
      ]);
    }
  }

  #holding(): TopicPartition[] {
    return [...new Set([...this.#held.keys(), ...this.#releasing.keys()])].map(partitionOf);
  }

  /** Goes over to the partitions that we are to read. */
  async #follow(mine: readonly TopicPartition[]): Promise<void> {
    const topicIds = new Set(this.topics.map(({ topicId }) => topicId));
    const wanted = new Set(mine.filter(({ topicId }) => topicIds.has(topicId)).map(partitionKey));
    const added = [...wanted].filter((key) => !this.#held.has(key) && !this.#releasing.has(key));
    for (const key of [...this.#held.keys()])
      if (!wanted.has(key) && !this.#releasing.has(key)) await this.#release(key);
    if (added.length > 0) await this.#take(added);
    this.#isJoined = true;
  }

  async #take(keys: readonly string[]): Promise<void> {
    const { signal } = this.#ending;
    const positions = await this.#attempts.run(() => this.#positions.of(keys.map(partitionOf), signal));
    this.#rebalanced();
    for (const key of keys) {
      const { topicId, partition } = partitionOf(key);
      const work = this.#workOf(topicId);
      const held = new HeldPartition(work, partition, positions.get(key) ?? { offset: 0 });
      this.#held.set(key, held);
      await this.#tell({ kind: "assigned", topic: work.topic, partition });
      held.run().then(
        () => (held.isThrough ? this.#tell({ kind: "ended", topic: work.topic, partition }) : undefined),
        (error: unknown) => this.#fail(error),
      );
    }
  }

  #workOf(topicId: string): HeldWork {
    const { perSecond = 1, onLost = "begin", until, lateMs = LATE_MS } = this.#options;
    const topic = this.topics.find((one) => one.topicId === topicId) as ConsumedTopic;
    const key = (partition: number): string => partitionKey({ topicId, partition });
    return {
      topic,
      client: this.#clients.get(topicId) as TopicClient,
      attempts: this.#attempts,
      perSecond,
      onLost,
      until,
      lateMs,
      listed: async (partition, from) => {
        const { signal } = this.#ending;
        const offsets = await this.#attempts.run(() => listedIfKnown(this.#group, from, signal));
        return offsets?.get(key(partition));
      },
      hand: (handed) => this.#channel.push(handed),
      commit: (partition, offset, signal) => this.#commit({ topicId, partition }, offset, signal),
      tell: (event) => this.#tell(event),
    };
  }

  async #commit(of: TopicPartition, offset: number, signal: AbortSignal): Promise<void> {
    this.#expelIfSilent();
    signal.throwIfAborted();
    try {
      await this.#committer.commit(of, offset, signal);
    } catch (error) {
      if (error instanceof LostPartitionError) this.#lose(partitionKey(of), error);
      throw error;
    }
    this.#known.set(partitionKey(of), offset);
  }

  /** Finishes with a partition; until then CLS is told that we hold it. */
  async #release(key: string): Promise<void> {
    const held = this.#held.get(key);
    if (!held) return;
    const { topic } = held.lag;
    this.#rebalanced();
    const released = held.release().then(() => {
      this.#held.delete(key);
      this.#releasing.delete(key);
      this.#nudge();
    });
    this.#releasing.set(key, released);
    await this.#tell({ kind: "released", topic, partition: held.partition });
  }

  /** Who was silent for a session has no partitions any more, whatever it believes. */
  #expelIfSilent(): void {
    const silentMs = performance.now() - this.#beatAt;
    if (silentMs <= this.#sessionMs || this.#held.size === 0) return;
    const seconds = (silentMs / 1000).toFixed(1);
    const reason = `no heartbeat of ours was answered for ${seconds} s, the session is ${this.#sessionMs / 1000} s: the partitions went to others`;
    for (const key of [...this.#held.keys()]) this.#lose(key, new LostPartitionError(reason));
    this.#rebalanced();
    void this.#tell({ kind: "expelled", reason });
  }

  #lose(key: string, reason: LostPartitionError): void {
    this.#held.get(key)?.lose(reason);
    this.#held.delete(key);
    this.#releasing.delete(key);
  }

  /** Looks for splits and merges, for how far we are behind, for what does not go on, and whether all is through. */
  async #look(): Promise<void> {
    const { until, lookMs = until ? LOOK_UNTIL_MS : LOOK_MS } = this.#options;
    const { signal } = this.#ending;
    while (!signal.aborted) {
      await wait(lookMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted || this.#isAway) continue;
      for (const [topicId, client] of this.#clients) {
        const listed = await this.#attempts.run(() => client.partitions(signal));
        for (const { id, isOpen } of listed) {
          const held = this.#held.get(partitionKey({ topicId, partition: id }));
          if (held) held.isOpen &&= isOpen;
        }
      }
      const ends = await this.#attempts.run(() => listedIfKnown(this.#group, "end", signal));
      for (const [key, held] of this.#held) {
        held.endOffset = ends?.get(key);
        // Where there is nothing to read, or nobody knows of anything, it need not move.
        if (!held.lag.offsets) held.movedAt = performance.now();
        this.#refuseStall(held);
      }
      if (await this.#isAllThrough()) return void this.leave(THROUGH_MS);
    }
  }

  #refuseStall(held: HeldPartition): void {
    const { stallMs = STALL_MS } = this.#options;
    if (held.isBusy || held.isThrough || this.#isAway) return;
    const now = performance.now();
    const isMute = now - held.answeredAt > stallMs;
    const isStill = now - held.movedAt > stallMs && (held.lag.offsets ?? 0) > 0;
    if (!isMute && !isStill) return;
    const what = isMute ? "an answer" : `progress from offset ${held.committed} with ${held.lag.offsets} behind it`;
    const { name } = held.lag.topic;
    throw new StalledError(
      `partition ${held.partition} of ${name} must go on, got no ${what} for ${Math.round(stallMs / 1000)} s`,
    );
  }

  /** Whether all that there was before `until` is committed, in every partition and by whichever member. */
  async #isAllThrough(): Promise<boolean> {
    const { until, lateMs = LATE_MS } = this.#options;
    const { signal } = this.#ending;
    if (!until || this.#group.now < until.getTime() + lateMs) return false;
    const at = String(Math.ceil(until.getTime() / 1000));
    const [ends, positions] = await this.#attempts.run(() =>
      Promise.all([this.#group.listed(at, signal), this.#group.positions("begin", signal)]),
    );
    return [...ends].every(([key, end]) => (positions.get(key) ?? -1) >= end);
  }

  async #leave(graceMs: number): Promise<void> {
    const overdue = new LostPartitionError("there is no more time: the process ends");
    const timer = setTimeout(() => {
      for (const key of [...this.#held.keys()]) this.#lose(key, overdue);
    }, graceMs);
    await Promise.all([...this.#held.values()].map((held) => held.release()));
    clearTimeout(timer);
    this.#held.clear();
    // Released: CLS hears that we hold nothing, and after that nothing of us.
    if (this.#isJoined && !this.#isAway && !this.#ending.signal.aborted) {
      const limit = AbortSignal.timeout(Math.max(500, Math.min(2_000, graceMs)));
      await this.#group.heartbeat([], limit).catch(() => undefined);
    }
    this.#end();
  }

  #end(): void {
    this.#ending.abort(new Error("the group is left"));
    this.#nudge();
    this.#channel.end();
    this.#group.close();
    for (const client of this.#clients.values()) client.close();
  }

  #fail(error: unknown): void {
    if (this.#ending.signal.aborted) return;
    this.#channel.fail(error);
    for (const key of [...this.#held.keys()]) this.#lose(key, new LostPartitionError("the source has failed"));
  }

  #rebalanced(): void {
    this.#rebalancedAt = Date.now();
    this.#rebalances++;
  }

  async #notice(notice: ReadNotice): Promise<void> {
    if (notice.notice === "disconnected") {
      this.#isAway = true;
      await this.#tell({ kind: "disconnected", code: notice.code, message: notice.message });
    } else if (notice.notice === "reconnected") {
      this.#isAway = false;
      await this.#tell({ kind: "reconnected", afterMs: notice.afterMs });
    } else if (notice.notice === "throttled") {
      await this.#tell({ kind: "throttled", code: notice.code, waitMs: notice.waitMs });
    }
  }

  async #tell(event: MemberEvent): Promise<void> {
    await this.#options.tell(event);
  }
}

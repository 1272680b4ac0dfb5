import type { ConsumedRecord } from "./record";

/** A topic that is consumed. */
export interface ConsumedTopic {
  /** What people call it. */
  readonly name: string;
  readonly topicId: string;
  readonly region: string;
  /** Filter that CLS applies before it answers, in its processing language; its own groups alone have one. @default all */
  readonly query?: string;
}

/** Where a group begins that has no position: at the oldest record that is kept, behind the newest, or at a time. */
export type Start = "begin" | "end" | Date;

/** What a group does whose position is kept no more: it goes on at the oldest record, behind the newest, or fails. */
export type LostChoice = "begin" | "end" | "fail";

/** Records of one partition, in their order. Of a partition there is no second batch until this one is done with. */
export interface ConsumedBatch {
  readonly topic: ConsumedTopic;
  readonly partition: number;
  /** Offset at which it begins; what is handled again after a crash begins at the same. */
  readonly startOffset: number;
  /** Where the group is once this batch is committed. */
  readonly nextOffset: number;
  readonly records: readonly ConsumedRecord[];
  /**
   * Milliseconds since 1970 at which it was asked for: of two processes that read the same, that of the one which has the
   * partition now is the later one, however long the other one keeps what it read.
   */
  readonly readAt: number;
  /** Milliseconds since 1970 at which the service got the newest of the records; undefined where it does not tell. */
  readonly receivedAt?: number;
  /** Aborts when the partition is no longer ours, or there is no more time: what is not done then, another does. */
  readonly signal: AbortSignal;
  /** Whether the partition is ours still, as far as this process can know: who was silent for a session has lost it. */
  isOurs(): boolean;
  /**
   * Keeps the position. Throws {@link LostPartitionError} where the partition went to another member: the batch comes to
   * that one.
   */
  commit(): Promise<void>;
}

/** A partition that was ours went to another member, before what was read of it was committed. */
export class LostPartitionError extends Error {
  override readonly name = "LostPartitionError";
  readonly code = "LOST_PARTITION";
}

/** A source does not go on although there is more to read. */
export class StalledError extends Error {
  override readonly name = "StalledError";
  readonly code = "STALLED";
}

/** A topic is there again that was not: the group is to be joined anew. */
export class TopicsChangedError extends Error {
  override readonly name = "TopicsChangedError";
  readonly code = "TOPICS_CHANGED";
}

/** The position is kept no more, and the choice is to fail. */
export class LostPositionError extends Error {
  override readonly name = "LostPositionError";
  readonly code = "LOST_POSITION";
}

/** What a member does and meets, for logs, alerts and measures. */
export type MemberEvent =
  /** A topic is not there, such as one that was deleted: the others of its logset go on. Told again as long as it is so. */
  | { readonly kind: "absent"; readonly topic: ConsumedTopic; readonly reason: string }
  /** It is there again. */
  | { readonly kind: "present"; readonly topic: ConsumedTopic }
  | { readonly kind: "joined"; readonly group: string; readonly isNew: boolean }
  | { readonly kind: "assigned" | "released" | "ended"; readonly topic: ConsumedTopic; readonly partition: number }
  /** Partitions went to others while they were ours: this process was silent for longer than the session. */
  | { readonly kind: "expelled"; readonly reason: string }
  | {
      /** What stood at the position is kept no more. */
      readonly kind: "lost";
      readonly topic: ConsumedTopic;
      readonly partition: number;
      readonly offset: number;
      /** Where it goes on. */
      readonly resumedAt: number;
      /** Offsets that nobody reads: packages of CLS, or messages of Kafka. */
      readonly hole: number;
    }
  | { readonly kind: "disconnected"; readonly code: string; readonly message: string }
  | { readonly kind: "reconnected"; readonly afterMs: number }
  | { readonly kind: "throttled"; readonly code: string; readonly waitMs: number }
  | { readonly kind: "changed"; readonly message: string };

/** How far a partition is behind. */
export interface PartitionLag {
  readonly topic: ConsumedTopic;
  readonly partition: number;
  /** Offsets up to the newest: packages of CLS, messages of Kafka; undefined until it is known. */
  readonly offsets?: number;
  /** Seconds that the newest record read had waited for when it was read; 0 at the end. */
  readonly seconds?: number;
}

/** How a member stands. */
export interface MemberState {
  readonly isJoined: boolean;
  /** When partitions came or went last, in milliseconds since 1970. */
  readonly rebalancedAt: number;
  readonly rebalances: number;
  readonly partitions: readonly PartitionLag[];
  /** Topics that are not there. */
  readonly absent: readonly ConsumedTopic[];
}

/** One of the consumers that share the partitions of topics. */
export interface GroupMember {
  /** What it reads, in words: for logs and errors. */
  readonly what: string;
  readonly topics: readonly ConsumedTopic[];
  /**
   * What it is to handle; ends after {@link leave}, or where all is through that was asked for. Throws what no retry cures.
   */
  batches(): AsyncGenerator<ConsumedBatch>;
  /**
   * Leaves in this order: reads no more, waits until handed out batches are committed, releases its partitions, and only
   * then is silent.
   *
   * @param graceMs how long that may take; the signals of batches that are not done by then abort
   */
  leave(graceMs: number): Promise<void>;
  state(): MemberState;
}

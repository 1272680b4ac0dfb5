import type { ConsumedRecord } from "./record";

/** A topic that is consumed. */
export interface ConsumedTopic {
  /** Display name. */
  readonly name: string;
  readonly topicId: string;
  readonly region: string;
  /** Filter in CLS's processing language that CLS applies before it answers; only its own groups support it. @default all */
  readonly query?: string;
}

/** Where a group without a position begins: at the oldest retained record, after the newest, or at a time. */
export type Start = "begin" | "end" | Date;

/** What a group does if its position is no longer retained: continue at the oldest record or after the newest, or fail. */
export type LostChoice = "begin" | "end" | "fail";

/** Records of one partition, in order. The next batch of the partition comes only when this one is done. */
export interface ConsumedBatch {
  readonly topic: ConsumedTopic;
  readonly partition: number;
  /** Offset at which it begins; a batch that is handled again after a crash begins at the same offset. */
  readonly startOffset: number;
  /** The group's position once this batch is committed. */
  readonly nextOffset: number;
  readonly records: readonly ConsumedRecord[];
  /**
   * Milliseconds since 1970 at which the batch was requested. Of two processes that read the same records, the one that
   * owns the partition now has the later time, however long the other one holds what it read.
   */
  readonly readAt: number;
  /** Milliseconds since 1970 at which the service received the newest record; undefined if it does not tell. */
  readonly receivedAt?: number;
  /** Aborts when the partition is no longer ours, or time is up. Another member then does what is not done. */
  readonly signal: AbortSignal;
  /** Whether the partition is still ours, as far as this process knows: a member silent for a session has lost it. */
  isOurs(): boolean;
  /**
   * Stores the position. Throws {@link LostPartitionError} if the partition belongs to another member, which then gets the
   * batch.
   */
  commit(): Promise<void>;
}

/** A partition was assigned to another member before what we had read of it was committed. */
export class LostPartitionError extends Error {
  override readonly name = "LostPartitionError";
  readonly code = "LOST_PARTITION";
}

/** A source makes no progress although there is more to read. */
export class StalledError extends Error {
  override readonly name = "StalledError";
  readonly code = "STALLED";
}

/** A missing topic exists again, so the group must be joined again. */
export class TopicsChangedError extends Error {
  override readonly name = "TopicsChangedError";
  readonly code = "TOPICS_CHANGED";
}

/** The records at the position are no longer retained, and the choice is to fail. */
export class LostPositionError extends Error {
  override readonly name = "LostPositionError";
  readonly code = "LOST_POSITION";
}

/** Events of a member, for logs, alerts and metrics. */
export type MemberEvent =
  /** A topic does not exist, for example after it was deleted; the others of its logset continue. Repeated while so. */
  | { readonly kind: "absent"; readonly topic: ConsumedTopic; readonly reason: string }
  /** The topic exists again. */
  | { readonly kind: "present"; readonly topic: ConsumedTopic }
  | { readonly kind: "joined"; readonly group: string; readonly isNew: boolean }
  | { readonly kind: "assigned" | "released" | "ended"; readonly topic: ConsumedTopic; readonly partition: number }
  /** Partitions were assigned to other members because this process was silent for longer than the session. */
  | { readonly kind: "expelled"; readonly reason: string }
  | {
      /** The records at the position are no longer retained. */
      readonly kind: "lost";
      readonly topic: ConsumedTopic;
      readonly partition: number;
      readonly offset: number;
      /** Offset at which reading continues. */
      readonly resumedAt: number;
      /** Number of offsets that nobody reads: packages of CLS, or messages of Kafka. */
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
  /** Offsets up to the newest: packages of CLS, or messages of Kafka; undefined until known. */
  readonly offsets?: number;
  /** Age in seconds of the newest record when it was read; 0 at the end. */
  readonly seconds?: number;
}

/** State of a member. */
export interface MemberState {
  readonly isJoined: boolean;
  /** When partitions were last assigned or taken away, in milliseconds since 1970. */
  readonly rebalancedAt: number;
  readonly rebalances: number;
  readonly partitions: readonly PartitionLag[];
  /** Missing topics. */
  readonly absent: readonly ConsumedTopic[];
}

/** One of the consumers that share the partitions of topics. */
export interface GroupMember {
  /** Description of what it reads, for logs and errors. */
  readonly what: string;
  readonly topics: readonly ConsumedTopic[];
  /**
   * The batches to handle. Ends after {@link leave}, or when everything requested is read. Throws errors that no retry can
   * fix.
   */
  batches(): AsyncGenerator<ConsumedBatch>;
  /**
   * Leaves in this order: stops reading, waits until handed-out batches are committed, releases its partitions, then falls
   * silent.
   *
   * @param graceMs maximum duration; after it, the signals of unfinished batches abort
   */
  leave(graceMs: number): Promise<void>;
  state(): MemberState;
}

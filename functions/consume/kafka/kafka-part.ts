/** How a consumer connects. */
export interface KafkaConsumerOptions {
  readonly clientId: string;
  /** Each is `host:port`. */
  readonly brokers: readonly string[];
  /** For SASL/PLAIN. */
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly group: string;
  readonly topics: readonly string[];
  readonly sessionMs: number;
  /** Number of partitions that are handled at the same time. */
  readonly concurrency: number;
  /** Throws if connections to an address are not allowed: the traffic is not encrypted. */
  readonly allowAddress: (address: string) => void;
  /** A topic does not exist; the others are read. */
  readonly absent: (topic: string) => void;
  /** Called with the partitions by topic after each join. @param memberId changes after the group had expelled us */
  readonly joined: (assignment: Readonly<Record<string, readonly number[]>>, memberId: string) => void;
  /** The group rebalances. */
  readonly rebalancing: () => void;
  /** A broker has answered. @param isHeartbeat whether the answer confirms our membership */
  readonly answered: (isHeartbeat: boolean) => void;
  /** The consumer has failed and stopped. */
  readonly failed: (fault: KafkaFault) => void;
}

/** A message as the client provides it. Its values are left unconverted: there are very many, and most are not needed. */
export interface KafkaMessage {
  /** The offset as digits. */
  readonly offset: string;
  /** Milliseconds since 1970, as digits. */
  readonly timestamp: string;
  /** Null if the message has no value. */
  readonly value: Uint8Array | null;
}

export interface KafkaBatch {
  readonly topic: string;
  readonly partition: number;
  /** Offset that the next message gets. */
  readonly endOffset: number;
  readonly records: readonly KafkaMessage[];
  /** Rejects with a {@link KafkaFault} if the group rebalances or has expelled us. */
  heartbeat(): Promise<void>;
}

/** The error that a part rejects with. */
export interface KafkaFault extends Error {
  /** The error's name in Kafka, Node or the client; never text that could contain a secret. */
  readonly code: string;
}

/** Kafka's error name for a topic that does not exist. */
export const NO_TOPIC = "UNKNOWN_TOPIC_OR_PARTITION";

/** One offset per partition of a topic. */
export type KafkaOffsets = ReadonlyMap<number, number>;

/** A member of a group. */
export interface KafkaConsumer {
  /**
   * Joins the group and hands over batches, one per partition at a time. The promise resolves to whether the batch is done:
   * if so, the next one follows; otherwise the same one comes again.
   */
  run(handle: (batch: KafkaBatch) => Promise<boolean>): Promise<void>;
  commit(topic: string, partition: number, offset: number): Promise<void>;
  /** The group's positions; -1 for a partition without one. */
  positions(topic: string): Promise<KafkaOffsets>;
  /** Stores positions; the group must have no members. */
  setPositions(topic: string, offsets: KafkaOffsets): Promise<void>;
  /** The oldest retained offsets, and the end offsets; rejects with {@link NO_TOPIC} if the topic does not exist. */
  bounds(topic: string): Promise<{ readonly oldest: KafkaOffsets; readonly end: KafkaOffsets }>;
  /** The first offsets of that time or later; the end offset if there is none. @param time milliseconds since 1970 */
  offsetsAt(topic: string, time: number): Promise<KafkaOffsets>;
  /** Waits for the batches in progress, then leaves the group. */
  leave(): Promise<void>;
}

/** The contract of `out-kafka.js`, the prebuilt part that contains the Kafka client. It is structural. */
export interface KafkaConsumerPart {
  /** Connects without joining a group. Rejects if none of the topics exists. */
  connectConsumer(options: KafkaConsumerOptions): Promise<KafkaConsumer>;
}

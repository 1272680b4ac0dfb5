/** How a consumer connects. */
export interface KafkaConsumerOptions {
  readonly clientId: string;
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** Of SASL/PLAIN. */
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly group: string;
  readonly topics: readonly string[];
  readonly sessionMs: number;
  /** Partitions that are handled at a time. */
  readonly concurrency: number;
  /** Throws where no connection may be made to an address: what is sent is not encrypted. */
  readonly allowAddress: (address: string) => void;
  /** A topic is not there: the others are read. */
  readonly absent: (topic: string) => void;
  /** Partitions by topic, whenever the group was joined. @param memberId another one where the group had expelled us */
  readonly joined: (assignment: Readonly<Record<string, readonly number[]>>, memberId: string) => void;
  /** The group shares its partitions anew. */
  readonly rebalancing: () => void;
  /** A broker has answered. @param isHeartbeat whether it has told that we are still of the group */
  readonly answered: (isHeartbeat: boolean) => void;
  /** It works no more. */
  readonly failed: (fault: KafkaFault) => void;
}

/** A message as the client has it. Of most of them nothing is asked, so nothing is made of them: there are very many. */
export interface KafkaMessage {
  /** A number, as its digits. */
  readonly offset: string;
  /** Milliseconds since 1970, as digits. */
  readonly timestamp: string;
  /** Null where it has none. */
  readonly value: Uint8Array | null;
}

export interface KafkaBatch {
  readonly topic: string;
  readonly partition: number;
  /** Offset that the next message gets. */
  readonly endOffset: number;
  readonly records: readonly KafkaMessage[];
  /** Rejects with a {@link KafkaFault} where the group shares its partitions anew, or has expelled us. */
  heartbeat(): Promise<void>;
}

/** What a part rejects with. */
export interface KafkaFault extends Error {
  /** Kafka's name of the error, Node's or the client's; never a text that could repeat a secret. */
  readonly code: string;
}

/** Kafka's name for a topic that is not there. */
export const NO_TOPIC = "UNKNOWN_TOPIC_OR_PARTITION";

/** An offset in each partition of a topic. */
export type KafkaOffsets = ReadonlyMap<number, number>;

/** A member of a group. */
export interface KafkaConsumer {
  /**
   * Joins the group and hands over batches, one of each partition at a time: the next one when the promise resolves to
   * whether this one is done with, and this one again where it is not.
   */
  run(handle: (batch: KafkaBatch) => Promise<boolean>): Promise<void>;
  commit(topic: string, partition: number, offset: number): Promise<void>;
  /** Where the group is; -1 in a partition where it has no position. */
  positions(topic: string): Promise<KafkaOffsets>;
  /** Writes positions down; the group must have no members. */
  setPositions(topic: string, offsets: KafkaOffsets): Promise<void>;
  /** The oldest that is kept, and the end; rejects with {@link NO_TOPIC} where it is not there. */
  bounds(topic: string): Promise<{ readonly oldest: KafkaOffsets; readonly end: KafkaOffsets }>;
  /** The first offset of that time or later; the end where there is none. @param time milliseconds since 1970 */
  offsetsAt(topic: string, time: number): Promise<KafkaOffsets>;
  /** Waits for what is handled, and leaves the group. */
  leave(): Promise<void>;
}

/** The contract of `out-kafka.js`, the prebuilt part that holds the Kafka client. It is structural. */
export interface KafkaConsumerPart {
  /** Connects; joins no group yet. Rejects where none of the topics is there. */
  connectConsumer(options: KafkaConsumerOptions): Promise<KafkaConsumer>;
}

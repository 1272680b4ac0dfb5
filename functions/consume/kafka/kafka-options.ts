import type { Credentials } from "../../tencent/credentials";
import type { ConsumedTopic, LostChoice, MemberEvent, Start } from "../member";
import type { KafkaConsumerPart } from "./kafka-part";

/** How a member of a Kafka consumer group is set up. CLS's topics are named by their consumer topic. */
export interface KafkaMemberOptions {
  /** `topicId` is the topic's name in Kafka. */
  readonly topics: readonly ConsumedTopic[];
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** User name of SASL: CLS takes the logset's id. The password is `id#key` of a permanent key. @default no SASL */
  readonly username?: string;
  readonly credentials?: () => Credentials;
  /** Whether a broker may have a public address, to which the key goes readable. @default false */
  readonly allowPlaintext?: boolean;
  readonly group: string;
  readonly consumer: string;
  /** @default 6: the least a broker takes by default */
  readonly sessionSeconds?: number;
  /** @default "end" */
  readonly start?: Start;
  /** @default "begin" */
  readonly onLost?: LostChoice;
  readonly until?: Date;
  /** Partitions that are handled at a time. @default 32 */
  readonly concurrency?: number;
  /** @default 60000 */
  readonly stallMs?: number;
  readonly part: KafkaConsumerPart;
  readonly tell: (event: MemberEvent) => Promise<void> | void;
}

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
  /** Milliseconds between two looks for topics that are not there. @default 60000 */
  readonly absentMs?: number;
  readonly part: KafkaConsumerPart;
  readonly tell: (event: MemberEvent) => Promise<void> | void;
}

/** What CLS takes as SASL's name and password; undefined for none. Throws for a temporary key. */
export function saslOf({
  username,
  credentials,
}: KafkaMemberOptions): { readonly username: string; readonly password: string } | undefined {
  if (username === undefined || credentials === undefined) return undefined;
  const { secretId, secretKey, sessionToken } = credentials();
  if (sessionToken !== undefined) {
    throw new Error(
      "CLS's Kafka protocol must be given a permanent key, got a temporary one; use CLS's own consumer groups, which take it",
    );
  }
  return { username, password: `${secretId}#${secretKey}` };
}

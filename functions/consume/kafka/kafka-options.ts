import type { Credentials } from "../../tencent/credentials";
import type { ConsumedTopic, LostChoice, MemberEvent, Start } from "../member";
import type { KafkaConsumerPart } from "./kafka-part";

/** Options of a member of a Kafka consumer group. CLS's topics are named by their consumer topic. */
export interface KafkaMemberOptions {
  /** `topicId` is the topic's name in Kafka. */
  readonly topics: readonly ConsumedTopic[];
  /** Each is `host:port`. */
  readonly brokers: readonly string[];
  /** SASL user name: for CLS, the logset's id. The password is `id#key` of a permanent key. @default no SASL */
  readonly username?: string;
  readonly credentials?: () => Credentials;
  /** Whether a broker can have a public address, to which the key is sent unencrypted. @default false */
  readonly allowPlaintext?: boolean;
  readonly group: string;
  readonly consumer: string;
  /** @default 6: the minimum that a broker accepts by default */
  readonly sessionSeconds?: number;
  /** @default "end" */
  readonly start?: Start;
  /** @default "begin" */
  readonly onLost?: LostChoice;
  readonly until?: Date;
  /** Number of partitions that are handled at the same time. @default 32 */
  readonly concurrency?: number;
  /** @default 60000 */
  readonly stallMs?: number;
  /** Milliseconds between two checks for missing topics. @default 60000 */
  readonly absentMs?: number;
  readonly part: KafkaConsumerPart;
  readonly tell: (event: MemberEvent) => Promise<void> | void;
}

/** User name and password for CLS's SASL; undefined if there are none. Throws for a temporary key. */
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

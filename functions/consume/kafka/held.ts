import type { ConsumedTopic, PartitionLag } from "../member";
import type { Outstanding } from "../outstanding";
import type { KafkaBatch } from "./kafka-part";

/** A partition that a member holds. */
export interface Held {
  readonly topic: ConsumedTopic;
  readonly partition: number;
  /** Offset at which the next batch must begin; undefined until it is known. */
  expected?: number;
  committed?: number;
  endOffset?: number;
  behindMs?: number;
  untilOffset?: number;
  movedAt: number;
  outstanding?: Outstanding & { readonly lose: AbortController };
}

export function keyOf(topic: string, partition: number): string {
  return `${topic}/${partition}`;
}

export function lagOf({ topic, partition, committed, endOffset, behindMs }: Held): PartitionLag {
  const offsets = committed === undefined || endOffset === undefined ? undefined : Math.max(0, endOffset - committed);
  return { topic, partition, offsets, seconds: behindMs === undefined ? undefined : behindMs / 1000 };
}

/** The messages from an offset on; they are in order. */
export function messagesFrom(messages: KafkaBatch["records"], offset: number): KafkaBatch["records"] {
  const first = messages.findIndex((message) => Number(message.offset) >= offset);
  return first === 0 ? messages : messages.slice(first < 0 ? messages.length : first);
}

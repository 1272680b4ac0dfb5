/**
 * Consuming of topics by groups of processes that share partitions and store their positions: CLS's own groups and Kafka's,
 * behind one interface.
 */
export { ClsMember } from "./cls/cls-member";
export type { ClsMemberOptions } from "./cls/cls-options";
export { GroupClient } from "./cls/group-client";
export * from "./member";
export * from "./record";
export { KafkaMember } from "./kafka/kafka-member";
export type { KafkaMemberOptions } from "./kafka/kafka-options";
export { PlaintextError } from "./kafka/plaintext";
export * from "./source";

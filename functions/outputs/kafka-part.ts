import { loadBeside } from "../runtime/loader";

/** How the producer of a topic connects. */
export interface KafkaProducerOptions {
  readonly clientId: string;
  /** `host:port` each. */
  readonly brokers: readonly string[];
  /** Of SASL/PLAIN. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** One message: both are UTF-8 already. */
export interface KafkaMessage {
  readonly key: string;
  readonly value: Uint8Array;
}

/** What a part rejects with. */
export interface KafkaFault extends Error {
  /** Kafka's name of the error, Node's or the client's; never a text that could repeat a secret. */
  readonly code: string;
  /** Whether the same may succeed later. */
  readonly retriable: boolean;
}

/** What is used of a Kafka client. */
export interface KafkaProducer {
  /** Resolves when all replicas have the messages; tries once, and rejects with a {@link KafkaFault}. */
  send(topic: string, messages: readonly KafkaMessage[]): Promise<void>;
  disconnect(): Promise<void>;
}

/** The contract of `out-kafka.js`, the prebuilt part that holds the Kafka client. It is structural. */
export interface KafkaPart {
  /** Resolves when the producer is connected; tries once, and rejects with a {@link KafkaFault}. */
  connectProducer(options: KafkaProducerOptions): Promise<KafkaProducer>;
}

/** Loads the part; throws `PartError`. @param folder where it stands, beside the handler */
export function loadKafkaPart(folder?: string): KafkaPart {
  return loadBeside("out-kafka.js", folder) as KafkaPart;
}

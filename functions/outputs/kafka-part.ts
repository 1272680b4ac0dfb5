import { loadBeside } from "../runtime/loader";

/** How the producer of a topic connects. */
export interface KafkaProducerOptions {
  readonly clientId: string;
  /** Each is `host:port`. */
  readonly brokers: readonly string[];
  /** For SASL/PLAIN. */
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** One message; key and value are UTF-8. */
export interface KafkaMessage {
  readonly key: string;
  readonly value: Uint8Array;
}

/** The error that a part rejects with. */
export interface KafkaFault extends Error {
  /** The error's name in Kafka, Node or the client; never text that could contain a secret. */
  readonly code: string;
  /** Whether a retry can succeed. */
  readonly retriable: boolean;
}

/** The used part of a Kafka client. */
export interface KafkaProducer {
  /** Resolves when all replicas have the messages. Tries once, and rejects with a {@link KafkaFault}. */
  send(topic: string, messages: readonly KafkaMessage[]): Promise<void>;
  disconnect(): Promise<void>;
}

/** The contract of `out-kafka.js`, the prebuilt part that contains the Kafka client. It is structural. */
export interface KafkaPart {
  /** Resolves when the producer is connected. Tries once, and rejects with a {@link KafkaFault}. */
  connectProducer(options: KafkaProducerOptions): Promise<KafkaProducer>;
}

/** Loads the part; throws `PartError`. @param folder its folder, by default that of the handler */
export function loadKafkaPart(folder?: string): KafkaPart {
  return loadBeside("out-kafka.js", folder) as KafkaPart;
}

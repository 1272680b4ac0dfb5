import { createRequire } from "node:module";
import { join } from "node:path";

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

/** What is used of a Kafka client. */
export interface KafkaProducer {
  /** Resolves when all replicas have the messages, and rejects without one more try than the client's own. */
  send(topic: string, messages: readonly KafkaMessage[]): Promise<void>;
  disconnect(): Promise<void>;
}

/** The contract of `out-kafka.js`, the prebuilt part that holds the Kafka client. It is structural. */
export interface KafkaPart {
  /** Resolves when the producer is connected. */
  connectProducer(options: KafkaProducerOptions): Promise<KafkaProducer>;
}

/** `out-kafka.js` is absent or broken. */
export class KafkaPartError extends Error {
  override readonly name = "KafkaPartError";
  readonly code = "LOGS_PART";
}

const load = createRequire(__filename);

/** Loads the part, from beside the handler; it is in the zip only where an output needs it. */
export function loadKafkaPart(path = join(__dirname, "out-kafka.js")): KafkaPart {
  try {
    return load(path) as KafkaPart;
  } catch (cause) {
    const message = (cause as Error).message.split("\n")[0];
    throw new KafkaPartError(`out-kafka.js must load, got ${message}; deploy the function through its construct`, {
      cause,
    });
  }
}

import { Kafka, logLevel, type Message, Partitioners, type RecordMetadata } from "kafkajs";
import type { KafkaPart } from "../functions/outputs/kafka-part";

/** Timeout in milliseconds of a connection and of a request. */
const TIMEOUT_MS = 10_000;

/** The output itself retries and logs. */
const SILENT = { retry: { retries: 0 }, logLevel: logLevel.NOTHING };

/** All in-sync replicas have the messages. */
const ALL_REPLICAS = -1;

// Both need the whole client, which two parts would contain twice.
export { connectConsumer } from "./kafka/consumer";

/** See `KafkaPart`. */
export const connectProducer: KafkaPart["connectProducer"] = async ({ brokers, clientId, credentials }) => {
  const client = new Kafka({
    ...SILENT,
    clientId,
    brokers: [...brokers],
    sasl: credentials && { mechanism: "plain", ...credentials },
    ssl: false,
    connectionTimeout: TIMEOUT_MS,
    authenticationTimeout: TIMEOUT_MS,
    requestTimeout: TIMEOUT_MS,
  });
  const partitions = new WeakMap<Message, number>();
  const createPartitioner = () => {
    const partitioner = Partitioners.DefaultPartitioner();
    return (given: Parameters<typeof partitioner>[0]) => {
      const partition = partitioner(given);
      partitions.set(given.message, partition);
      return partition;
    };
  };
  const producer = client.producer({ ...SILENT, allowAutoTopicCreation: false, createPartitioner });
  await plainly(producer.connect());
  return {
    async send(topic, messages) {
      const encoded = messages.map(({ key, value }) => ({ key, value: Buffer.from(value) }));
      const answer = await plainly(
        producer.send({ topic, messages: encoded, acks: ALL_REPLICAS, timeout: TIMEOUT_MS }),
      );
      requireOffsets(answer, topic, new Set(encoded.map((message) => partitions.get(message))));
    },
    disconnect: () => producer.disconnect(),
  };
};

/**
 * A broker acknowledges with an offset, and without an error, for each partition that got messages. The client itself does
 * not notice a partition without an answer.
 */
function requireOffsets(answer: readonly RecordMetadata[], topic: string, sent: ReadonlySet<number | undefined>): void {
  const stored = answer.filter(({ topicName, errorCode, baseOffset, offset }) => {
    return topicName === topic && errorCode === 0 && Number(baseOffset ?? offset) >= 0;
  });
  const acknowledged = new Set<number | undefined>(stored.map(({ partition }) => partition));
  if ([...sent].every((partition) => acknowledged.has(partition))) return;
  const code = "NOT_ACKNOWLEDGED";
  throw Object.assign(new Error(code), { code, retriable: true });
}

/** The client marks every error as final, because its own retries are off; the wrapped error has the real answer. */
async function plainly<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    let inner = error as Fault;
    while (inner.cause instanceof Error) inner = inner.cause;
    const code = inner.type ?? (typeof inner.code === "string" ? inner.code : inner.name);
    throw Object.assign(new Error(code), { code, retriable: inner.retriable !== false });
  }
}

/** The used properties of the client's errors; if `code` is a number, its name is in `type`. */
type Fault = Error & { readonly type?: string; readonly code?: unknown; readonly retriable?: boolean };

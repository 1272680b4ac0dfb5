import type { Batch, LogRecord, OutputReport } from "../records";
import type { CkafkaOutputSettings } from "../settings";
import { ServiceError } from "../tencent/service-error";
import { Batcher } from "./batcher";
import type { InputOutput, OutputContext } from "./context";
import { Delivery } from "./delivery";
import { type KafkaFault, type KafkaMessage, type KafkaPart, type KafkaProducer, loadKafkaPart } from "./kafka-part";
import { gzipLines, lineOf } from "./lines";
import { LogIds } from "./log-id";
import { readSecret } from "./secret";

/** CKafka takes messages of 1 MB, 8 MB with a ticket, and as much in one request. */
const LIMITS = { items: 1_000, bytes: 900 * 1024 };

interface Item {
  readonly record: LogRecord;
  readonly message: KafkaMessage;
}

/**
 * Messages of a CKafka topic, at least once: the value is the record's line, the key its `log_id`. The client is a part
 * of its own, `out-kafka.js`, loaded only by functions that have such an output.
 */
export class CkafkaOutput implements InputOutput {
  readonly #settings: CkafkaOutputSettings;
  readonly #context: OutputContext;
  readonly #delivery: Delivery;
  readonly #batcher = new Batcher<Item>(LIMITS);
  readonly #ids: LogIds;
  readonly #part: KafkaPart;
  readonly #password: string | undefined;

  constructor(settings: CkafkaOutputSettings, context: OutputContext, part: KafkaPart = loadKafkaPart()) {
    this.#settings = settings;
    this.#context = context;
    this.#delivery = new Delivery(context);
    this.#ids = new LogIds(context.output, context.input.path, context.stream);
    this.#part = part;
    this.#password = settings.passwordSecret === undefined ? undefined : readSecret(settings.passwordSecret);
  }

  async write(batch: Batch): Promise<void> {
    for (const record of batch) {
      const message = { key: this.#ids.next(record), value: lineOf(record) };
      const parcel = this.#batcher.add({ record, message }, message.value.length + message.key.length);
      if (parcel) await this.#push(parcel.name, parcel.items);
    }
  }

  async flush(): Promise<void> {
    const rest = this.#batcher.take();
    if (rest) await this.#push(rest.name, rest.items);
    await this.#delivery.end();
  }

  report(): OutputReport {
    return this.#delivery.report();
  }

  discard(): void {
    this.#batcher.take();
  }

  #push(name: string, items: readonly Item[]): Promise<void> {
    return this.#delivery.push({
      name: this.#context.stream + name,
      records: items.length,
      send: () => this.#send(items.map(({ message }) => message)),
      lines: () => gzipLines(items.map(({ record }) => record)),
    });
  }

  async #send(messages: readonly KafkaMessage[]): Promise<number> {
    try {
      const producer = await this.#context.connections.producer(this.#context.output, () => this.#connect());
      await producer.send(this.#settings.topic, messages);
    } catch (error) {
      throw kafkaError(this.#settings.topic, error);
    }
    return messages.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
  }

  #connect(): Promise<KafkaProducer> {
    const { brokers, username } = this.#settings;
    const credentials =
      username === undefined || this.#password === undefined ? undefined : { username, password: this.#password };
    return this.#part.connectProducer({ clientId: "cdktf-tencent-logs", brokers, credentials });
  }
}

/** What no retry helps is permanent: a refused password, a message that is too large. */
function kafkaError(topic: string, error: unknown): ServiceError {
  const { code, retriable } = error as KafkaFault;
  const message = `messages for kafka topic ${topic} failed with ${code}`;
  return new ServiceError(code, message, retriable ? undefined : PERMANENT);
}

/** The HTTP status that stands for a refusal which no retry helps. */
const PERMANENT = 400;

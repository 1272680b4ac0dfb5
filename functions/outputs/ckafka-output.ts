import type { OutgoingRecord } from "../records/contracts";
import { lineOf } from "../records/line-record";
import type { CkafkaOutputSettings } from "../settings";
import { ServiceError } from "../tencent/service-error";
import { untilAborted } from "../runtime/until-aborted";
import { BatchedOutput } from "./batched-output";
import type { OutputContext } from "./context";
import { type KafkaFault, type KafkaMessage, type KafkaPart, type KafkaProducer, loadKafkaPart } from "./kafka-part";
import { readSecret } from "./secret";

/** CKafka accepts messages of 1 MB, or 8 MB after a support ticket, and the same for a whole request. */
const LIMITS = { items: 1_000, bytes: 900 * 1024 };

/**
 * Messages of a CKafka topic, at least once: the value is the record's line, the key its `log_id`. The client is a separate
 * part, `out-kafka.js`, which only functions with such an output load.
 */
export class CkafkaOutput extends BatchedOutput<KafkaMessage> {
  readonly #settings: CkafkaOutputSettings;
  readonly #part: KafkaPart;
  readonly #password: string | undefined;

  constructor(settings: CkafkaOutputSettings, context: OutputContext, part: KafkaPart = loadKafkaPart()) {
    super(context, LIMITS);
    this.#settings = settings;
    this.#part = part;
    this.#password = settings.passwordSecret === undefined ? undefined : readSecret(settings.passwordSecret);
  }

  protected make(record: OutgoingRecord, id: string) {
    const message = { key: id, value: lineOf(record) };
    return { item: message, bytes: message.value.length + message.key.length };
  }

  protected request(messages: readonly KafkaMessage[]) {
    const bytes = messages.reduce((sum, { key, value }) => sum + key.length + value.length, 0);
    return async (signal: AbortSignal) => {
      // The client does not support signals: its work continues until its connection is closed, at the end of the
      // invocation.
      await untilAborted(this.#send(messages), signal);
      return bytes;
    };
  }

  async #send(messages: readonly KafkaMessage[]): Promise<void> {
    try {
      const producer = await this.context.connections.producer(this.context.output, () => this.#connect());
      await producer.send(this.#settings.topic, messages);
    } catch (error) {
      throw new KafkaError(this.#settings.topic, error as KafkaFault);
    }
  }

  #connect(): Promise<KafkaProducer> {
    const { brokers, username } = this.#settings;
    const credentials =
      username === undefined || this.#password === undefined ? undefined : { username, password: this.#password };
    return this.#part.connectProducer({ clientId: "cdktf-tencent-logs", brokers, credentials });
  }
}

/** A refusal by Kafka. A refused password or a message that is too large is permanent. */
class KafkaError extends ServiceError {
  override readonly name = "KafkaError";
  readonly #retriable: boolean;

  constructor(topic: string, { code, retriable }: KafkaFault) {
    super(code, `messages for kafka topic ${topic} failed with ${code}`);
    this.#retriable = retriable;
  }

  override get transient(): boolean {
    return this.#retriable;
  }

  override get tooLarge(): boolean {
    return this.code === "MESSAGE_TOO_LARGE" || this.code === "RECORD_LIST_TOO_LARGE";
  }
}

import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { readRecordBatch, type KafkaRecord } from "./kafka-records";
import { WireReader, WireWriter } from "./kafka-wire";
import { listen } from "./listen";

/** Kafka's numbers of a producer's requests, and the latest supported version of each. */
const PRODUCE = 0;
const METADATA = 3;
const SASL_HANDSHAKE = 17;
const API_VERSIONS = 18;
const SASL_AUTHENTICATE = 36;
const VERSIONS = new Map([
  [PRODUCE, 3],
  [METADATA, 4],
  [SASL_HANDSHAKE, 1],
  [API_VERSIONS, 0],
  [SASL_AUTHENTICATE, 0],
]);

const UNKNOWN_TOPIC = 3;
const UNSUPPORTED_VERSION = 35;
const SASL_AUTHENTICATION_FAILED = 58;

/** A fault of a produce request. */
export interface BrokerFault {
  /** Whether the broker stores the records anyway. */
  readonly isStored: boolean;
  /** The answer: Kafka's error code (0 for success), or a missing or incomplete answer. */
  readonly answer: number | "nothing" | "half" | "reset" | "no partition" | "no offset";
}

/**
 * A broker with Kafka's protocol on loopback, with topics of one partition. It stores what a producer sends, with
 * record batches decoded and their checksums verified.
 */
export class KafkaBroker {
  /** Stored records by topic. */
  readonly records = new Map<string, KafkaRecord[]>();
  /** Open connections. */
  readonly connections = new Set<Socket>();
  /** Faults of the next produce requests; a number is an error code without storing. */
  faults: (number | BrokerFault["answer"] | BrokerFault)[] = [];
  readonly #topics: readonly string[];
  readonly #login: { readonly username: string; readonly password: string } | undefined;
  readonly #server: Server;
  /** The fault of the current answer. */
  #spoilt: BrokerFault["answer"] | undefined;

  /** @param login required for connections, with SASL/PLAIN; no login if absent */
  constructor(topics: readonly string[], login?: { readonly username: string; readonly password: string }) {
    this.#topics = topics;
    this.#login = login;
    this.#server = createServer((socket) => this.#serve(socket));
  }

  /** @param port its previous port, to restart there */
  async listen(port = 0): Promise<void> {
    await listen(this.#server, port);
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.connections) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Requests and answers are preceded by their length in four bytes. */
  #serve(socket: Socket): void {
    this.connections.add(socket.on("close", () => this.connections.delete(socket)));
    socket.on("error", () => undefined);
    let received = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      while (received.length >= 4 && received.length >= 4 + received.readInt32BE(0)) {
        const end = 4 + received.readInt32BE(0);
        const answer = this.#answer(new WireReader(received.subarray(4, end)));
        this.#send(socket, new WireWriter().int32(answer.length).raw(answer).bytes);
        received = received.subarray(end);
      }
    });
  }

  #send(socket: Socket, answer: Buffer): void {
    const how = this.#spoilt;
    this.#spoilt = undefined;
    if (how === "reset") return void socket.resetAndDestroy();
    if (how === "nothing") return;
    if (how === "half") return void socket.end(answer.subarray(0, answer.length >> 1));
    socket.write(answer);
  }

  #answer(request: WireReader): Buffer {
    const [api, version, correlation] = [request.int16(), request.int16(), request.int32()];
    request.string();
    const answer = new WireWriter().int32(correlation);
    if (version > (VERSIONS.get(api) ?? -1)) return answer.int16(UNSUPPORTED_VERSION).array([], () => undefined).bytes;
    switch (api) {
      case API_VERSIONS:
        return answer.int16(0).array([...VERSIONS], ([key, latest]) => answer.int16(key).int16(0).int16(latest)).bytes;
      case SASL_HANDSHAKE:
        return answer.int16(0).array(["PLAIN"], (name) => answer.string(name)).bytes;
      case SASL_AUTHENTICATE:
        return this.#authenticate(request, answer);
      case METADATA:
        return this.#metadata(request, answer);
      default:
        return this.#produce(request, answer);
    }
  }

  /** `authorization NUL user NUL password`. */
  #authenticate(request: WireReader, answer: WireWriter): Buffer {
    const [, username, password] = request.data().toString().split("\0");
    if (username === this.#login?.username && password === this.#login?.password) {
      return answer.int16(0).string(undefined).data(Buffer.alloc(0)).bytes;
    }
    return answer.int16(SASL_AUTHENTICATION_FAILED).string(`refused ${username} with ${password}`).data(Buffer.alloc(0))
      .bytes;
  }

  #metadata(request: WireReader, answer: WireWriter): Buffer {
    const wanted = request.array(() => request.string() ?? "");
    answer.int32(0);
    answer.array([1], (node) => answer.int32(node).string("127.0.0.1").int32(this.#port).string(undefined));
    answer.string("cluster").int32(1);
    answer.array(wanted, (topic) => {
      const known = this.#topics.includes(topic);
      answer
        .int16(known ? 0 : UNKNOWN_TOPIC)
        .string(topic)
        .int8(0);
      answer.array(known ? [0] : [], (partition) => {
        answer.int16(0).int32(partition).int32(1);
        for (const nodes of [[1], [1]]) answer.array(nodes, (node) => answer.int32(node));
      });
    });
    return answer.bytes;
  }

  #produce(request: WireReader, answer: WireWriter): Buffer {
    request.string();
    const acks = request.int16();
    if (acks !== -1) throw new Error(`all replicas must acknowledge, got acks ${acks}`);
    request.int32();
    const topics = request.array(() => ({
      topic: request.string() ?? "",
      partitions: request.array(() => ({ partition: request.int32(), records: readRecordBatch(request.data()) })),
    }));
    const fault = this.#nextFault();
    this.#spoilt = fault.answer;
    const shown = fault.answer === "no partition" ? topics.map(({ topic }) => ({ topic, partitions: [] })) : topics;
    for (const { topic, partitions } of fault.isStored ? topics : []) {
      const records = partitions.flatMap((partition) => partition.records);
      this.records.set(topic, [...(this.records.get(topic) ?? []), ...records]);
    }
    answer.array(shown, ({ topic, partitions }) => {
      answer.string(topic).array(partitions, ({ partition }) => {
        const code = typeof fault.answer === "number" ? fault.answer : 0;
        const offset = fault.answer === "no offset" ? -1 : (this.records.get(topic)?.length ?? 0);
        answer.int32(partition).int16(code).int64(offset).int64(-1);
      });
    });
    return answer.int32(0).bytes;
  }

  #nextFault(): BrokerFault {
    const fault = this.faults.shift() ?? 0;
    return typeof fault === "object" ? fault : { isStored: fault === 0, answer: fault };
  }
}

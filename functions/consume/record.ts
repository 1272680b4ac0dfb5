import type { ReadLog } from "../tencent/topic-reader";
import type { PackedLogs } from "../tencent/topic-reader/log-group";
import { parseExactly } from "../parser/numbers";
import { isObject } from "../runtime/checked-json";
import type { KafkaMessage } from "./kafka/kafka-part";

/** One consumed record. For reading fields it has the same shape as a pipeline's record. */
export interface ConsumedRecord {
  /** The record's own time, in microseconds since 1970. */
  readonly time: number;
  /** One line of JSON, or any text from a Kafka topic. */
  readonly raw: Uint8Array;
  /** Its fields. Text that is not an object is the field `__CONTENT__`. */
  readonly fields: Readonly<Record<string, unknown>>;
  get(name: string): unknown;
  has(name: string): boolean;
  /** Where its original bytes are, for a search before the record is parsed; undefined if they cannot be searched. */
  readonly place: RecordPlace | undefined;
}

/** Where a record is in bytes that it can share with others. */
export interface RecordPlace {
  /** Format of the bytes: `lines` for JSON or any text, `pairs` for a log's protobuf pairs. */
  readonly level: "lines" | "pairs";
  readonly memory: ArrayBufferLike;
  /** Offset in `memory`, as is `end`. */
  readonly start: number;
  readonly end: number;
}

/** The logs of a package as records. */
export function recordsOf(logs: PackedLogs): PulledRecord[] {
  return Array.from({ length: logs.length }, (_, index) => new PulledRecord(logs, index));
}

/** A log that was pulled from a topic. */
export class PulledRecord implements ConsumedRecord {
  #made: ReadLog | undefined;
  #raw: Uint8Array | undefined;

  constructor(
    private readonly logs: PackedLogs,
    private readonly index: number,
  ) {}

  get time(): number {
    return this.#log.time;
  }

  get raw(): Uint8Array {
    return (this.#raw ??= Buffer.from(JSON.stringify(this.fields)));
  }

  get fields(): Readonly<Record<string, string>> {
    return this.#log.contents;
  }

  get(name: string): string | undefined {
    return this.has(name) ? this.fields[name] : undefined;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name);
  }

  get place(): RecordPlace | undefined {
    const { places } = this.logs;
    if (!places) return undefined;
    const { bytes, starts, ends } = places;
    const { buffer: memory, byteOffset } = bytes;
    return { level: "pairs", memory, start: byteOffset + starts[this.index], end: byteOffset + ends[this.index] };
  }

  get #log(): ReadLog {
    return (this.#made ??= this.logs.at(this.index));
  }
}

/** Value of a Kafka message without one. */
const NOTHING = Buffer.alloc(0);

/** A Kafka message. */
export class MessageRecord implements ConsumedRecord {
  #fields: Readonly<Record<string, unknown>> | undefined;

  constructor(private readonly message: Pick<KafkaMessage, "timestamp" | "value">) {}

  get raw(): Uint8Array {
    return this.message.value ?? NOTHING;
  }

  get time(): number {
    return Number(this.message.timestamp) * 1000;
  }

  get fields(): Readonly<Record<string, unknown>> {
    if (this.#fields) return this.#fields;
    const text = Buffer.from(this.raw.buffer, this.raw.byteOffset, this.raw.byteLength).toString("utf8");
    const value = parseExactly(text)?.value;
    return (this.#fields = isObject(value) ? value : { __CONTENT__: text });
  }

  get(name: string): unknown {
    return this.has(name) ? this.fields[name] : undefined;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name);
  }

  get place(): RecordPlace {
    const { buffer: memory, byteOffset: start, byteLength } = this.raw;
    return { level: "lines", memory, start, end: start + byteLength };
  }
}

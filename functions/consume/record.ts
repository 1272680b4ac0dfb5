import type { ReadLog } from "../tencent/topic-reader";
import { objectIn } from "../runtime/checked-json";

/** One record as it was consumed. The shape is that of a pipeline's records, as far as looking at fields goes. */
export interface ConsumedRecord {
  /** Microseconds since 1970, of the record itself. */
  readonly time: number;
  /** It as one line of JSON, or as whatever text a topic of Kafka holds. */
  readonly raw: Uint8Array;
  /** Its fields. A text that is no object is the field `__CONTENT__`. */
  readonly fields: Readonly<Record<string, unknown>>;
  get(name: string): unknown;
  has(name: string): boolean;
}

/** A log that was pulled from a topic. */
export class PulledRecord implements ConsumedRecord {
  #raw: Uint8Array | undefined;

  constructor(private readonly log: ReadLog) {}

  get time(): number {
    return this.log.time;
  }

  get raw(): Uint8Array {
    return (this.#raw ??= Buffer.from(JSON.stringify(this.log.contents)));
  }

  get fields(): Readonly<Record<string, string>> {
    return this.log.contents;
  }

  get(name: string): string | undefined {
    return this.has(name) ? this.log.contents[name] : undefined;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.log.contents, name);
  }
}

/** A message of Kafka. */
export class MessageRecord implements ConsumedRecord {
  #fields: Readonly<Record<string, unknown>> | undefined;

  constructor(
    readonly raw: Uint8Array,
    readonly time: number,
  ) {}

  get fields(): Readonly<Record<string, unknown>> {
    if (this.#fields) return this.#fields;
    const text = Buffer.from(this.raw.buffer, this.raw.byteOffset, this.raw.byteLength).toString("utf8");
    return (this.#fields = objectIn(text) ?? { __CONTENT__: text });
  }

  get(name: string): unknown {
    return this.has(name) ? this.fields[name] : undefined;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.fields, name);
  }
}

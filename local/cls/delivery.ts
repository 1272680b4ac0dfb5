import { gzipSync } from "node:zlib";
import type { ClockTimer, SimulatedClock } from "../clock";
import type { ClsRecord } from "./record";
import type { Topic } from "./topic";

/** Settings of a topic's delivery to a function. */
export interface DeliverySpec {
  readonly functionName: string;
  readonly namespace: string;
  readonly qualifier: string;
  /** Seconds after the first record of a batch. */
  readonly waitSeconds: number;
  /** Maximum records of a batch. */
  readonly maxMessages: number;
}

/** The event of a CLS trigger: base64 of gzip of JSON. */
export interface ClsEvent {
  readonly clslogs: { readonly data: string };
}

/** Maximum asynchronous event of SCF. Fact: docs/design/facts/runtime.md#quotas. */
const MAX_EVENT_BYTES = 128 * 1024;

/**
 * Delivers a topic's records to a function in batches, limited by time, count and 128 KB. Fact:
 * docs/design/facts/runtime.md#cls-delivery.
 */
export class Delivery {
  /** Milliseconds since 1970, on the simulated clock. */
  readonly createdAt: number;
  /** Whether CLS has paused it: records that arrive meanwhile are never delivered. */
  paused = false;
  private waiting: ClsRecord[] = [];
  private due: ClockTimer | undefined;
  private readonly stopListening: () => void;

  /** @param send called in order with each event and its number of records */
  constructor(
    readonly topic: Topic,
    readonly spec: DeliverySpec,
    private readonly clock: SimulatedClock,
    private readonly send: (event: ClsEvent, records: number) => void,
  ) {
    this.createdAt = clock.now();
    this.stopListening = topic.onRecords(async (records) => this.take(records));
  }

  /** Stops, and drops waiting records. */
  close(): void {
    this.stopListening();
    this.due?.cancel();
  }

  private take(records: readonly ClsRecord[]): void {
    if (this.paused) return;
    for (const record of records) {
      this.waiting.push(record);
      this.due ??= this.clock.setTimer(this.spec.waitSeconds * 1000, () => this.flush());
      if (this.waiting.length >= this.spec.maxMessages) this.flush();
    }
  }

  private flush(): void {
    const batch = this.waiting;
    this.waiting = [];
    this.due?.cancel();
    this.due = undefined;
    this.deliver(batch);
  }

  /** A batch that is too large is split, and its parts are sent in order. A single record is never split. */
  private deliver(batch: readonly ClsRecord[]): void {
    const event = clsEvent(this.topic, batch);
    if (JSON.stringify(event).length <= MAX_EVENT_BYTES || batch.length === 1) return this.send(event, batch.length);
    const half = Math.ceil(batch.length / 2);
    this.deliver(batch.slice(0, half));
    this.deliver(batch.slice(half));
  }
}

/**
 * Times are microseconds as text, a record's fields are JSON text. Fact:
 * docs/design/facts/runtime.md#cls-trigger-event.
 */
function clsEvent(topic: Topic, records: readonly ClsRecord[]): ClsEvent {
  const data = {
    topic_id: topic.id,
    topic_name: topic.name,
    records: records.map(({ time, contents }) => ({ timestamp: `${time}000`, content: JSON.stringify(contents) })),
  };
  return { clslogs: { data: gzipSync(JSON.stringify(data)).toString("base64") } };
}

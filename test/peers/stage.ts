import { setTimeout as wait } from "node:timers/promises";
import { TopicReader } from "../../functions/tencent/topic-reader";
import { LocalCloud } from "../../local/cloud";
import type { ClsRecord } from "../../local/cls/record";
import type { Topic } from "../../local/cls/topic";
import { SimulatedClock } from "../../local/clock";
import { uploadRecords } from "../../local/feed/cls-client";
import { Consumer, type ConsumedLog, type ConsumerHost, type ConsumerSettings } from "./consumer";
import { Recorder } from "./recorder";

const REGION = "ap-guangzhou";

/** What a second worker's request for the group is answered: the vendor's code expects it. */
const EXPECTED_REFUSAL = /^CreateConsumerGroup: .*consumer group already exists/;

/** Who sees lines, whosever consumer it is. */
type Seer = Pick<Consumer, "logs" | "said">;

/** A cloud with a topic whose consumers go through a proxy that keeps what they were answered. */
export class Stage {
  private lines = 0;
  private readonly consumers: Consumer[] = [];

  private constructor(
    private readonly host: ConsumerHost,
    private readonly recorder: Recorder,
    private readonly stopClock: () => void,
  ) {}

  static async open(python: string, partitions: number): Promise<Stage> {
    // Heartbeats expire by the cloud's time, and the consumer sends them by the machine's.
    const clock = new SimulatedClock(Date.now());
    const stopClock = clock.follow();
    const cloud = await LocalCloud.start({ clock });
    const logset = cloud.cls.createLogset("peers", REGION);
    const topic = cloud.cls.createTopic("peers", logset, REGION, { partitionCount: partitions });
    topic.index = { rule: {}, enabled: true, includeInternalFields: false, metadataFlag: 0 };
    const recorder = await Recorder.start(cloud.endpoint);
    return new Stage({ python, cloud, proxy: recorder.url, topic }, recorder, stopClock);
  }

  get topic(): Topic {
    return this.host.topic;
  }

  get cloud(): LocalCloud {
    return this.host.cloud;
  }

  /** Lines that were uploaded so far. */
  get uploaded(): number {
    return this.lines;
  }

  consumer(settings: ConsumerSettings): Consumer {
    const consumer = new Consumer(this.host, settings);
    this.consumers.push(consumer);
    return consumer;
  }

  /** Uploads lines as an agent does, some in one request. */
  async upload(count: number, perRequest = 50): Promise<void> {
    for (let sent = 0; sent < count;) {
      const size = Math.min(perRequest, count - sent);
      await uploadRecords(this.host.cloud, this.topic, linesFrom(this.lines, size, this.host.cloud.clock.now()));
      this.lines += size;
      sent += size;
    }
  }

  /** Uploads until each consumer has got some lines, and so works beside the others, however long it takes to start. */
  async allAtWork(consumers: readonly Seer[], timeoutMs = 60_000): Promise<void> {
    for (const started = Date.now(); consumers.some(({ logs }) => logs.length === 0); await wait(250)) {
      if (Date.now() - started >= timeoutMs) {
        const said = consumers.map((consumer) => consumer.said.trim()).join("\n");
        throw new Error(
          `every worker must get lines, got ${consumers.map(({ logs }) => logs.length).join(", ")}\n${said}`,
        );
      }
      await this.upload(50);
    }
  }

  /** Waits until the consumers have seen every line; throws which are missing when it takes too long. */
  async everyLineSeen(consumers: readonly Seer[], timeoutMs = 60_000): Promise<void> {
    for (const started = Date.now(); ; await wait(100)) {
      const seen = new Set(consumers.flatMap(({ logs }) => logs.map(numberOf)));
      if (seen.size === this.lines) return;
      if (Date.now() - started < timeoutMs) continue;
      const missing = Array.from({ length: this.lines }, (_, number) => number).filter((number) => !seen.has(number));
      const said = consumers.map((consumer) => consumer.said.trim()).join("\n");
      throw new Error(
        `every line must come, ${missing.length} of ${this.lines} are missing: ${missing.slice(0, 10)}\n${said}`,
      );
    }
  }

  /** Throws the errors that the consumers were answered, but for the one that they ask for. */
  nothingRefused(): void {
    const refusals = this.recorder.refusals().filter((refusal) => !EXPECTED_REFUSAL.test(refusal));
    if (refusals.length > 0) throw new Error(`no request may be refused, got ${[...new Set(refusals)].join("; ")}`);
  }

  /** How many requests of an action were answered. */
  answered(action: string): number {
    return this.recorder.exchanges.filter((one) => one.action === action).length;
  }

  /** How often each request came. */
  requests(): string {
    const counts = new Map<string, number>();
    for (const { action } of this.recorder.exchanges) counts.set(action, (counts.get(action) ?? 0) + 1);
    return [...counts].map(([action, count]) => `${action} ${count}`).join(", ");
  }

  /** What our reader reads of the topic from its begin, as the vendor's consumer would hand it over. */
  async readByUs(how: "pull" | "search"): Promise<ConsumedLog[]> {
    process.env.CLS_ENDPOINT = this.cloud.endpoint;
    const reader = new TopicReader({
      topicId: this.topic.id,
      region: REGION,
      credentials: () => this.cloud.cam.ownerKey,
    });
    const logs: ConsumedLog[] = [];
    try {
      for await (const event of reader.read({ from: "begin", follow: false, how })) {
        if (event.kind !== "logs") continue;
        logs.push(...event.logs.map(({ time, contents, source = "" }) => ({ time, contents, source })));
      }
    } finally {
      reader.close();
    }
    return logs;
  }

  async close(): Promise<void> {
    await Promise.all(this.consumers.map((consumer) => consumer.kill()));
    await this.recorder.stop();
    this.stopClock();
    await this.host.cloud.close();
  }
}

/** Lines of all kinds of text, each with its number. */
function linesFrom(from: number, count: number, now: number): ClsRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const number = from + index;
    const text = number % 7 === 0 ? 'é 中 🙂 \u0000 "quoted"' : `line ${number} `.repeat(1 + (number % 40));
    return { time: now, contents: { n: String(number), text, empty: "" }, source: "10.0.0.1" };
  });
}

export function numberOf({ contents }: ConsumedLog): number {
  return Number(contents.n);
}

/** Throws unless both hold the same logs, each log of the vendor's maybe several times. */
export function expectSameLogs(ours: readonly ConsumedLog[], theirs: readonly ConsumedLog[], expected: number): void {
  if (ours.length !== expected) throw new Error(`our reader must see ${expected} logs once each, got ${ours.length}`);
  const known = new Map(theirs.map((log) => [numberOf(log), canonical(log)]));
  for (const log of ours) {
    if (known.get(numberOf(log)) === canonical(log)) continue;
    throw new Error(`our reader must see the vendor's ${known.get(numberOf(log))}, got ${canonical(log)}`);
  }
}

function canonical({ time, contents, source }: ConsumedLog): string {
  return JSON.stringify([time, Object.entries(contents).sort(), source]);
}

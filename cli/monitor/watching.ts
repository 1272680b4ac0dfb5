import type { ConsumedBatch, ConsumedRecord } from "../../functions/consume";
import {
  type Alert,
  type AlertSender,
  BatchMatcher,
  type MonitorFile,
  type RecordView,
  redacted,
  type SourceRef,
  type StateStore,
  TIME_FIELD,
  type Tracker,
} from "../../monitor";
import { compileMonitorRules } from "../../functions/monitor/rules";
import { partsFolder } from "../../lib/packaging/built-files";
import type { Gauges } from "../operate/gauges";

/** What batches go through. */
export interface WatchingOptions {
  readonly file: MonitorFile;
  readonly tracker: Tracker;
  readonly sender: AlertSender;
  readonly store: StateStore;
  readonly gauges: Gauges;
  /** Tells whoever operates this. */
  readonly say: (text: string) => void;
}

/** Milliseconds between two looks at what rule texts read beside the records. */
const REFRESH_MS = 60_000;

/** Looks at what is consumed, and has people told: of what matches, and of what nobody can look at. */
export class Watching {
  readonly #options: WatchingOptions;
  readonly #matcher: BatchMatcher;
  readonly #toldFailed = new Set<string>();
  #refreshedAt = -Infinity;

  constructor(options: WatchingOptions) {
    this.#options = options;
    this.#matcher = new BatchMatcher(options.file, (text) => compileMonitorRules(text, partsFolder()));
  }

  /** Resolves when what matched is told, or kept, and counted: only then may the position be committed. */
  async take({ topic, partition, startOffset, readAt, records }: ConsumedBatch): Promise<void> {
    const { tracker, gauges, say } = this.#options;
    if (performance.now() - this.#refreshedAt > REFRESH_MS) {
      await this.#matcher.refresh();
      this.#refreshedAt = performance.now();
    }
    const source = refOf(topic);
    const position = `${partition}/${startOffset}`;
    const { matches, failed } = this.#matcher.match({
      source,
      position,
      arrivedAt: readAt,
      records: records.map(viewOf),
    });
    for (const [monitor, count] of Object.entries(failed)) {
      gauges.count("failed_records_total", { monitor }, count);
      if (this.#toldFailed.has(monitor)) continue;
      this.#toldFailed.add(monitor);
      say(
        `monitor ${monitor}: its rules failed on ${count} records of ${source.name}: nobody knows whether they match`,
      );
    }
    await tracker.take(matches);
    for (const { monitor, count } of matches.groups) gauges.count("matches_total", { monitor }, count);
    // A word on a source that is missing must not keep back what was told.
    await tracker.seen(source, readAt).catch((error: unknown) => say(`state: ${(error as Error).message}`));
  }

  /** People hear of records that nobody reads any more, before the position moves. */
  async tellLost(topic: ConsumedBatch["topic"], partition: number, offset: number, hole: number): Promise<void> {
    const words = `${hole} packages from offset ${offset} on in partition ${partition} were deleted before they were read`;
    await this.#tell(refOf(topic), "lost", `${partition}/${offset}`, words);
  }

  /** People hear of a source that cannot be read: once an hour, of whichever process. */
  async tellUnreadable(topics: readonly ConsumedBatch["topic"][], reason: string): Promise<void> {
    const hour = new Date().toISOString().slice(0, 13);
    for (const topic of topics) await this.#tell(refOf(topic), "unreadable", hour, reason);
  }

  async #tell(source: SourceRef, kind: Alert["kind"], of: string, words: string): Promise<void> {
    const { file, sender, store, say } = this.#options;
    const key = `told/${kind}/${source.name}/${of.replace(/\//g, "-")}`;
    // Where the state is away, everybody tells.
    const claimed = await store.create(key, "{}").catch(() => "created" as const);
    if (claimed === "exists") return;
    const now = Date.now();
    for (const { name, labels, severity, windowMs, sources, sample } of file.monitors) {
      if (!sources.includes(source.name)) continue;
      const alert: Alert = {
        id: `${name}/${source.name}/${kind}/${of}`,
        kind,
        monitor: name,
        severity,
        labels: { ...labels, ...file.sources[source.name]?.labels, source: source.name, region: source.region },
        group: [],
        isOthers: false,
        source,
        count: 0,
        regions: [source.region],
        firstAt: now,
        lastAt: now,
        arrivedAt: now,
        windowMs,
        words,
        marks: [],
      };
      const outcomes = await sender.send(redacted(alert, sample.redact));
      const failed = outcomes.filter(({ outcome }) => outcome === "failed").map(({ receiver }) => receiver);
      if (failed.length > 0) say(`alert ${alert.id} reached nobody at ${failed.join(", ")}`);
    }
  }
}

function refOf({ name, topicId, region }: ConsumedBatch["topic"]): SourceRef {
  return { name, topic: topicId, region };
}

/** A record with its time where a delivery has it. */
function viewOf(record: ConsumedRecord): RecordView {
  return new TimedRecord(record);
}

class TimedRecord implements RecordView {
  constructor(private readonly record: ConsumedRecord) {}

  get raw(): Uint8Array {
    return this.record.raw;
  }

  get fields(): Readonly<Record<string, unknown>> {
    const { fields } = this.record;
    return Object.hasOwn(fields, TIME_FIELD) ? fields : { [TIME_FIELD]: this.#time, ...fields };
  }

  get(name: string): unknown {
    if (name !== TIME_FIELD) return this.record.get(name);
    return this.record.has(name) ? this.record.get(name) : this.#time;
  }

  has(name: string): boolean {
    return name === TIME_FIELD || this.record.has(name);
  }

  get #time(): number {
    return Math.floor(this.record.time / 1000);
  }
}

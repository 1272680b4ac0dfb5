import type { ConsumedBatch, ConsumedRecord } from "../../functions/consume";
import {
  BatchMatcher,
  type BatchRecords,
  type MonitorFile,
  type RecordView,
  TIME_FIELD,
  type Tracker,
} from "../../monitor";
import { PulledSearch } from "../../functions/monitor/pulled-search";
import { compileMonitorRules } from "../../functions/monitor/rules";
import { partsFolder } from "../../lib/packaging/built-files";
import type { Gauges } from "../operate/gauges";
import { refOf } from "./notices";

/** What batches need. */
export interface WatchingOptions {
  readonly file: MonitorFile;
  readonly tracker: Tracker;
  readonly gauges: Gauges;
  /** Writes to the operator. */
  readonly say: (text: string) => void;
}

/** Milliseconds between two refreshes of the data that rule texts read in addition to records. */
const REFRESH_MS = 60_000;

/** Matches consumed records, and reports the matches. */
export class Watching {
  readonly #options: WatchingOptions;
  readonly #matcher: BatchMatcher;
  /** By source. */
  readonly #searches = new Map<string, PulledSearch>();
  readonly #toldFailed = new Set<string>();
  #refreshedAt = -Infinity;

  constructor(options: WatchingOptions) {
    this.#options = options;
    this.#matcher = new BatchMatcher(options.file, (text) => compileMonitorRules(text, partsFolder()));
  }

  /**
   * Resolves when matches are reported or quarantined, and counted: only then is the caller allowed to commit the
   * position.
   */
  async take({ topic, partition, startOffset, readAt, records, isOurs }: ConsumedBatch): Promise<void> {
    const { tracker, gauges, say } = this.#options;
    if (performance.now() - this.#refreshedAt > REFRESH_MS) {
      await this.#matcher.refresh();
      this.#refreshedAt = performance.now();
    }
    const source = refOf(topic);
    const position = `${partition}/${startOffset}`;
    const { matches, failed, odd } = this.#matcher.match({
      source,
      position,
      arrivedAt: readAt,
      records: new TimedRecords(records),
      mayMatch: this.#searchOf(source.name).mayMatch(records),
    });
    for (const [monitor, count] of Object.entries(failed)) {
      gauges.count("failed_records_total", { monitor }, count);
      if (this.#toldFailed.has(monitor)) continue;
      this.#toldFailed.add(monitor);
      say(`monitor ${monitor}: its rules failed on ${count} records of ${source.name}; whether they match is unknown`);
    }
    await tracker.take(matches, isOurs);
    // The next batch does not wait for it.
    void tracker.hurry().catch((error: unknown) => say(`early sweep: ${(error as Error).message}`));
    for (const { monitor, count } of matches.groups) gauges.count("matches_total", { monitor }, count);
    for (const [monitor, counts] of Object.entries(odd)) {
      for (const [how, count] of Object.entries(counts))
        gauges.count("odd_matches_total", { monitor, odd: how }, count);
    }
    // A failure to record that a source has records must not affect alerts that were sent.
    await tracker.seen(source, readAt).catch((error: unknown) => say(`state: ${(error as Error).message}`));
  }

  #searchOf(source: string): PulledSearch {
    let search = this.#searches.get(source);
    if (!search) this.#searches.set(source, (search = new PulledSearch(this.#matcher.needsOf(source))));
    return search;
  }
}

/** Records that are only examined if they may match. */
class TimedRecords implements BatchRecords {
  readonly #made = new Map<number, RecordView>();

  constructor(private readonly records: readonly ConsumedRecord[]) {}

  get length(): number {
    return this.records.length;
  }

  at(index: number): RecordView {
    let record = this.#made.get(index);
    if (!record) this.#made.set(index, (record = new TimedRecord(this.records[index])));
    return record;
  }
}

/** A record with its time where a delivery has it. */
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

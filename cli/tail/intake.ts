import { LiveRecordError, liveRecordOf } from "../../functions/live/record";
import type { ReadBatch, ReadLog } from "../../functions/tencent/topic-reader";
import { functionKey } from "./discovery";
import type { OfFunction } from "./events";
import type { LaneTopic } from "./lane";
import type { Merge } from "./merge";
import { isWanted, type Wanted } from "./names";
import { scfLogOf } from "./scf-log";
import { isLiveRecord, topicLineOf } from "./topic-log";

/** Maximum functions to remember: a record can name any. */
const MAX_KNOWN = 10_000;

/** Passes on what was read from topics to the merge. */
export class Intake {
  readonly #merge: Merge;
  /** What is requested; undefined if whole topics are. */
  readonly #wanted: readonly Wanted[] | undefined;
  /** Cached results for functions, by {@link functionKey}. */
  readonly #known = new Map<string, boolean>();
  readonly #problem: (message: string) => void;

  /** @param problem called for a log in a live topic that is not a record */
  constructor(merge: Merge, wanted: readonly Wanted[] | undefined, problem: (message: string) => void) {
    this.#merge = merge;
    this.#wanted = wanted;
    this.#problem = problem;
  }

  /**
   * @param range of the requested times, in microseconds since the epoch
   * @param now milliseconds
   */
  take(topic: LaneTopic, batch: ReadBatch, [least, most]: readonly [number, number], now: number): void {
    batch.logs.forEach((log, index) => {
      if (log.time < least || log.time > most) return;
      const id = log.id ?? `${topic.topicId}/${batch.partition}/${batch.offset ?? "first"}/${index}`;
      if (!this.#wanted) this.#takeAny(topic, log, id, now);
      else if (topic.lane === "fast") this.#takeRecord(topic, log, now);
      else this.#takeLog(topic, log, id, now);
    });
  }

  #takeRecord({ region }: LaneTopic, { contents }: ReadLog, now: number): void {
    try {
      const record = liveRecordOf(contents);
      if (this.#isWanted({ ...record, region })) this.#merge.fast(record, region, now);
    } catch (error) {
      if (!(error instanceof LiveRecordError)) throw error;
      this.#problem(error.message);
    }
  }

  #takeLog({ region }: LaneTopic, log: ReadLog, id: string, now: number): void {
    const scf = scfLogOf(log);
    if (scf && this.#isWanted({ ...scf, region })) this.#merge.slow(scf, id, region, now);
  }

  #isWanted(of: OfFunction): boolean {
    const key = functionKey(of);
    let known = this.#known.get(key);
    if (this.#known.size > MAX_KNOWN) this.#known.clear();
    if (known === undefined) this.#known.set(key, (known = isWanted(this.#wanted ?? [], of)));
    return known;
  }

  /** A log of a topic that was requested by name: any format. */
  #takeAny({ region, topicId }: LaneTopic, log: ReadLog, id: string, now: number): void {
    const scf = scfLogOf(log);
    if (scf) {
      this.#merge.setLanes({ ...scf, region }, ["slow"]);
      this.#merge.slow(scf, id, region, now);
    } else if (isLiveRecord(log)) {
      const record = liveRecordOf(log.contents);
      this.#merge.setLanes({ ...record, region }, ["fast"]);
      this.#merge.fast(record, region, now);
    } else {
      this.#merge.pass(topicId, topicLineOf(log, { region, namespace: "", function: topicId }, now), now);
    }
  }
}

import { LiveRecordError, liveRecordOf } from "../../functions/live/record";
import type { ReadBatch, ReadLog } from "../../functions/tencent/topic-reader";
import { functionKey } from "./discovery";
import type { LaneTopic } from "./lane";
import type { Merge } from "./merge";
import { scfLogOf } from "./scf-log";
import { isLiveRecord, topicLineOf } from "./topic-log";

/** Hands what was read of topics to the merge. */
export class Intake {
  readonly #merge: Merge;
  /** Whether a function is tailed; undefined where whole topics are. */
  readonly #isWanted: ((key: string) => boolean) | undefined;
  readonly #problem: (message: string) => void;

  /** @param problem told of a log in a live topic that is no record */
  constructor(merge: Merge, isWanted: ((key: string) => boolean) | undefined, problem: (message: string) => void) {
    this.#merge = merge;
    this.#isWanted = isWanted;
    this.#problem = problem;
  }

  /**
   * @param range of the times that are wanted, in microseconds since the epoch
   * @param now milliseconds
   */
  take(topic: LaneTopic, batch: ReadBatch, [least, most]: readonly [number, number], now: number): void {
    batch.logs.forEach((log, index) => {
      if (log.time < least || log.time > most) return;
      const id = log.id ?? `${topic.topicId}/${batch.partition}/${batch.offset ?? "first"}/${index}`;
      if (!this.#isWanted) this.#takeAny(topic, log, id, now);
      else if (topic.lane === "fast") this.#takeRecord(topic, log, now);
      else this.#takeLog(topic, log, id, now);
    });
  }

  #takeRecord({ region }: LaneTopic, { contents }: ReadLog, now: number): void {
    try {
      const record = liveRecordOf(contents);
      if (this.#isWanted?.(functionKey({ ...record, region }))) this.#merge.fast(record, region, now);
    } catch (error) {
      if (!(error instanceof LiveRecordError)) throw error;
      this.#problem(error.message);
    }
  }

  #takeLog({ region }: LaneTopic, log: ReadLog, id: string, now: number): void {
    const scf = scfLogOf(log);
    if (scf && this.#isWanted?.(functionKey({ ...scf, region }))) this.#merge.slow(scf, id, region, now);
  }

  /** A log of a topic that was named: whatever it is. */
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

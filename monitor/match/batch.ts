import type { Needed } from "../../rules";
import type { Monitor, MonitorFile } from "../definition/types";
import { type CompileRules, compileMatch, type CompiledMatch } from "./compile";
import type { BatchMatches, GroupMatches, SourceRef } from "./matches";
import { odditiesOf, type Oddity } from "./odd";
import { type RecordView, textOf, timeOf } from "./record";
import { groupText, sampleOf } from "./sample";

/** A batch as it was read: see {@link BatchMatches}. */
export interface MatchedBatch {
  readonly source: SourceRef;
  readonly position: string;
  readonly arrivedAt: number;
  /** In input order. */
  readonly records: BatchRecords;
  /** Result of a search in their bytes. @default any monitor may match any of them */
  readonly mayMatch?: MayMatch;
}

/** The records of a batch, for example a list. Each can be created when it is accessed. */
export interface BatchRecords {
  readonly length: number;
  at(index: number): RecordView | undefined;
}

/** For each monitor, in file order: ascending indexes of the records that it may match; undefined for all. */
export type MayMatch = readonly (readonly number[] | undefined)[];

/** Result of matching a batch. */
export interface BatchOutcome {
  readonly matches: BatchMatches;
  /** Records on which a rule text failed, by monitor. Whether they match is unknown. */
  readonly failed: Readonly<Record<string, number>>;
  /** Odd records among the matches, by monitor and kind. */
  readonly odd: Readonly<Record<string, OddCounts>>;
}

/** Number of records by kind of oddity. */
export type OddCounts = Partial<Record<Oddity, number>>;

/** Maximum characters of a group's value. Values that differ only after that are one group. */
const LONGEST_GROUP_VALUE = 256;

/** Matches batches of a file's sources against its monitors. Compile it once. */
export class BatchMatcher {
  readonly #monitors: readonly { readonly monitor: Monitor; readonly match: CompiledMatch }[];

  /** @param compileRules required if a monitor has a rule text */
  constructor({ monitors }: Pick<MonitorFile, "monitors">, compileRules?: CompileRules) {
    this.#monitors = monitors.map((monitor) => ({ monitor, match: compileMatch(monitor, compileRules) }));
  }

  /**
   * Loads the data that rule texts read in addition to records. Call it before the first batch of an invocation, and
   * periodically.
   */
  async refresh(): Promise<void> {
    await Promise.all(this.#monitors.map(({ match }) => match.refresh()));
  }

  /**
   * What monitors need in the bytes of a source's records to match: see {@link MonitorRules.needed}. One entry per
   * monitor, in file order; empty for a monitor that does not watch the source.
   */
  needsOf(source: string): Needed[] {
    return this.#monitors.map(({ monitor, match }) => (monitor.sources.includes(source) ? match.needed : []));
  }

  /** The result is the same as if every field of every record was examined. */
  match({ source, position, arrivedAt, records, mayMatch }: MatchedBatch): BatchOutcome {
    const failed: Record<string, number> = {};
    const odd: Record<string, OddCounts> = {};
    const groups: GroupMatches[] = [];
    this.#monitors.forEach(({ monitor, match }, number) => {
      if (!monitor.sources.includes(source.name)) return;
      const found = new Groups(monitor, arrivedAt);
      for (const index of mayMatch?.[number] ?? Array(records.length).keys()) {
        const { kept, failure } = match.run(records.at(index) as RecordView);
        for (const one of kept) found.add(one, records, index);
        if (failure !== undefined) failed[monitor.name] = (failed[monitor.name] ?? 0) + 1;
      }
      groups.push(...found.all());
      if (Object.keys(found.odd).length > 0) odd[monitor.name] = found.odd;
    });
    return { matches: { source, position, arrivedAt, groups }, failed, odd };
  }
}

/** A group while it is built. */
type Growing = Omit<{ -readonly [Name in keyof GroupMatches]: GroupMatches[Name] }, "seconds"> & {
  readonly seconds: Map<number, number>;
};

/** Matches of a batch in the groups of one monitor. */
class Groups {
  readonly odd: OddCounts = {};
  readonly #found = new Map<string, Growing>();

  constructor(
    private readonly monitor: Monitor,
    private readonly arrivedAt: number,
  ) {}

  /** @param records the whole batch @param index of the record that produced the match */
  add(match: RecordView, records: BatchRecords, index: number): void {
    const { group: fields, name, sample, threshold } = this.monitor;
    const group = fields.map((field) => groupValue(match, field, sample.redact));
    const key = JSON.stringify(group);
    const at = timeOf(match, this.arrivedAt);
    let found = this.#found.get(key);
    if (!found) {
      const shown = sampleOf(match, at, before(records, index, sample.around), sample);
      found = { monitor: name, group, count: 0, firstAt: at, lastAt: at, seconds: new Map(), sample: shown };
      this.#found.set(key, found);
    }
    found.count++;
    found.firstAt = Math.min(found.firstAt, at);
    found.lastAt = Math.max(found.lastAt, at);
    const second = Math.floor(at / 1000);
    if (threshold) found.seconds.set(second, (found.seconds.get(second) ?? 0) + 1);
    for (const one of odditiesOf(match, fields, this.arrivedAt)) this.odd[one] = (this.odd[one] ?? 0) + 1;
  }

  all(): GroupMatches[] {
    return [...this.#found.values()].map((found) => ({
      ...found,
      seconds: [...found.seconds].sort(([one], [other]) => one - other),
    }));
  }
}

/** The records before one, oldest first. */
function before(records: BatchRecords, index: number, most: number): RecordView[] {
  const count = Math.min(index, most);
  return Array.from({ length: count }, (_, place) => records.at(index - count + place) as RecordView);
}

function groupValue(record: RecordView, field: string, redact: readonly string[]): string {
  if (!record.has(field)) return "";
  // Truncated last, so that no part of a masked value remains.
  return groupText(textOf(record.get(field)), record, redact).slice(0, LONGEST_GROUP_VALUE);
}

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
  /** In their order. */
  readonly records: BatchRecords;
  /** What a search in their bytes found. @default any monitor may match any of them */
  readonly mayMatch?: MayMatch;
}

/** The records of a batch, such as a list of them; each may be made when somebody looks at it. */
export interface BatchRecords {
  readonly length: number;
  at(index: number): RecordView | undefined;
}

/** By monitor, in their order in the file: indexes of the records that it may match, ascending; undefined for all. */
export type MayMatch = readonly (readonly number[] | undefined)[];

/** What came of a batch. */
export interface BatchOutcome {
  readonly matches: BatchMatches;
  /** Records on which a rule text failed, by monitor: nobody knows whether they match. */
  readonly failed: Readonly<Record<string, number>>;
  /** Of the records that matched, by monitor: how many are odd, and how. */
  readonly odd: Readonly<Record<string, OddCounts>>;
}

/** How many records are odd in a way. */
export type OddCounts = Partial<Record<Oddity, number>>;

/** Characters of a group's value: what differs only beyond them is one group. */
const LONGEST_GROUP_VALUE = 256;

/** Looks for what the monitors of a file look for, in batches of its sources. Compile it once. */
export class BatchMatcher {
  readonly #monitors: readonly { readonly monitor: Monitor; readonly match: CompiledMatch }[];

  /** @param compileRules needed where a monitor has a rule text */
  constructor({ monitors }: Pick<MonitorFile, "monitors">, compileRules?: CompileRules) {
    this.#monitors = monitors.map((monitor) => ({ monitor, match: compileMatch(monitor, compileRules) }));
  }

  /** Loads what rule texts read beside the records. Before the first batch of an invocation, and now and then. */
  async refresh(): Promise<void> {
    await Promise.all(this.#monitors.map(({ match }) => match.refresh()));
  }

  /**
   * What monitors need in the bytes of a source's records to match: see {@link MonitorRules.needed}. By monitor, in their order
   * in the file; none at all for one that does not watch the source.
   */
  needsOf(source: string): Needed[] {
    return this.#monitors.map(({ monitor, match }) => (monitor.sources.includes(source) ? match.needed : []));
  }

  /** Exactly what a look at every field of every record finds. */
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

/** A group in the making. */
type Growing = Omit<{ -readonly [Name in keyof GroupMatches]: GroupMatches[Name] }, "seconds"> & {
  readonly seconds: Map<number, number>;
};

/** What of a batch matched in the groups of one monitor. */
class Groups {
  readonly odd: OddCounts = {};
  readonly #found = new Map<string, Growing>();

  constructor(
    private readonly monitor: Monitor,
    private readonly arrivedAt: number,
  ) {}

  /** @param records the whole batch @param index of the record in it that the match was made of */
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

/** The records in front of one, oldest first. */
function before(records: BatchRecords, index: number, most: number): RecordView[] {
  const count = Math.min(index, most);
  return Array.from({ length: count }, (_, place) => records.at(index - count + place) as RecordView);
}

function groupValue(record: RecordView, field: string, redact: readonly string[]): string {
  if (!record.has(field)) return "";
  // Cut last, so that no half of what must not be seen is left.
  return groupText(textOf(record.get(field)), record, redact).slice(0, LONGEST_GROUP_VALUE);
}

import { randomBytes } from "node:crypto";
import { Refusal } from "../refusal";
import { END_KEY, Partition, type HashKey, type Package } from "./partition";
import type { ClsRecord } from "./record";

/** Maximum open partitions of a topic. */
const MAX_PARTITIONS = 50;
/** Maximum logs in a package. */
const MAX_LOGS = 10_000;
/**
 * Approximate maximum bytes of a topic in memory: a cloud that ships gigabytes for hours must not retain them all. The
 * oldest are removed, as after the retention period.
 */
const MAX_KEPT_BYTES = 64 * 1024 * 1024;
const DAY_MS = 24 * 3_600_000;

/** The partitions of a topic, and their logs. Fact: docs/design/facts/cls-reading.md#partitions. */
export class Partitions {
  private readonly partitions: Partition[] = [];
  private readonly packageName = randomBytes(8).toString("hex").toUpperCase();
  private packages = 0;
  private turn = 0;
  private keptBytes = 0;

  constructor(count: number, now: number) {
    this.add(0n, END_KEY, count, now);
  }

  /** All partitions, including closed ones, in order of creation. */
  all(): readonly Partition[] {
    return this.partitions;
  }

  /** Throws {@link Refusal} if there is none with that id. */
  partition(id: number): Partition {
    const found = this.partitions.find((partition) => partition.id === id);
    if (found) return found;
    throw new Refusal("ResourceNotFound.PartitionNotExist", `the partition must exist, got ${id}`);
  }

  /**
   * Stores logs in an open partition: that of the key, or round robin.
   *
   * @param periodDays retention period in days
   */
  put(
    records: readonly ClsRecord[],
    { now, periodDays, key }: { now: number; periodDays: number; key?: HashKey },
  ): void {
    for (const group of groupsOf(records)) {
      const bytes = bytesOf(group);
      const id = `${this.packageName}-${(this.packages++).toString(16).toUpperCase()}`;
      this.target(key).append({ id, receivedAt: now, records: group, bytes });
      this.keptBytes += bytes;
    }
    this.forget(now - periodDays * DAY_MS);
  }

  /** Splits an open partition; returns it and the new ones. */
  split(id: number, { key, number = 2, now }: { key?: HashKey; number?: number; now: number }): Partition[] {
    const partition = this.open(id);
    const { beginKey, endKey } = partition;
    if (key !== undefined && number === 2 && (key <= beginKey || key >= endKey)) {
      throw new Refusal("InvalidParameter", "SplitKey must lie inside of the partition's range.");
    }
    this.refuseTooMany(number - 1);
    partition.closedAt = now;
    if (key === undefined || number !== 2) return [partition, ...this.add(beginKey, endKey, number, now)];
    return [partition, ...this.add(beginKey, key, 1, now), ...this.add(key, endKey, 1, now)];
  }

  /** Merges an open partition with the following open one; returns both and the new one. */
  merge(id: number, now: number): Partition[] {
    const partition = this.open(id);
    const next = this.partitions.find((other) => other.isOpen && other.beginKey === partition.endKey);
    if (!next) throw new Refusal("InvalidParameter", `The partition must have an open one behind it, got ${id}.`);
    partition.closedAt = now;
    next.closedAt = now;
    return [partition, next, ...this.add(partition.beginKey, next.endKey, 1, now)];
  }

  private open(id: number): Partition {
    const partition = this.partition(id);
    if (partition.isOpen) return partition;
    throw new Refusal("InvalidParameter", `The partition must be readwrite, got ${id}, which is readonly.`);
  }

  private refuseTooMany(more: number): void {
    const open = this.partitions.filter(({ isOpen }) => isOpen).length;
    if (open + more <= MAX_PARTITIONS) return;
    throw new Refusal("LimitExceeded", `A topic must have at most ${MAX_PARTITIONS} partitions, got ${open + more}.`);
  }

  /** Creates partitions that divide a range equally. */
  private add(beginKey: HashKey, endKey: HashKey, count: number, now: number): Partition[] {
    const share = (index: number): HashKey => beginKey + ((endKey - beginKey) * BigInt(index)) / BigInt(count);
    const added = Array.from({ length: count }, (_, index) => {
      return new Partition(this.partitions.length + 1 + index, share(index), share(index + 1), now);
    });
    this.partitions.push(...added);
    return added;
  }

  private target(key: HashKey | undefined): Partition {
    const open = this.partitions.filter(({ isOpen }) => isOpen);
    const found =
      key === undefined
        ? open[this.turn++ % open.length]
        : open.find(({ beginKey, endKey }) => key >= beginKey && key < endKey);
    if (found) return found;
    throw new Error("open partitions must cover all hash keys");
  }

  /** Removes everything before a time, and the oldest beyond the size limit. */
  private forget(before: number): void {
    for (;;) {
      const holding = this.partitions.filter(({ oldest }) => oldest !== undefined);
      const [first] = holding.sort((a, b) => (a.oldest as Package).receivedAt - (b.oldest as Package).receivedAt);
      const oldest = first?.oldest;
      if (!oldest || (oldest.receivedAt >= before && this.keptBytes <= MAX_KEPT_BYTES)) return;
      this.keptBytes -= first.forgetOldest()?.bytes ?? 0;
    }
  }
}

/** Groups logs with the same labels that arrived together. */
function groupsOf(records: readonly ClsRecord[]): ClsRecord[][] {
  const groups: ClsRecord[][] = [];
  let last: ClsRecord[] = [];
  for (const record of records) {
    const [first] = last;
    const isSame =
      first !== undefined &&
      last.length < MAX_LOGS &&
      first.source === record.source &&
      first.filename === record.filename &&
      (first.tags === record.tags || JSON.stringify(first.tags) === JSON.stringify(record.tags));
    if (!isSame) groups.push((last = []));
    last.push(record);
  }
  return groups;
}

function bytesOf(records: readonly ClsRecord[]): number {
  let bytes = 0;
  for (const { contents } of records)
    for (const key in contents) bytes += key.length + (contents[key]?.length ?? 0) + 8;
  return bytes;
}

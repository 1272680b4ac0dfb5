import { Refusal } from "../refusal";
import type { ClsRecord } from "./record";

/** Logs that came together and stay together. */
export interface Package {
  /** Half of each log's identity: `<PkgId>`, with its number within the package. */
  readonly id: string;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly receivedAt: number;
  readonly records: readonly ClsRecord[];
  /** Bytes of its values, about. */
  readonly bytes: number;
}

/** One end of a partition's range of hash keys; keys are MD5 sums. */
export type HashKey = bigint;

/** One past the largest key. */
export const END_KEY: HashKey = 1n << 128n;

/** The packages of one partition, by offset. */
export class Partition {
  /** Milliseconds since 1970 when it was split or merged, and takes no more; undefined while it is open. */
  closedAt: number | undefined;
  private packages: Package[] = [];
  private first = 0;

  constructor(
    /** From 1. */
    readonly id: number,
    readonly beginKey: HashKey,
    readonly endKey: HashKey,
    /** Milliseconds since 1970, on the simulated clock. */
    readonly createdAt: number,
  ) {}

  get isOpen(): boolean {
    return this.closedAt === undefined;
  }

  /** Offset of the oldest package that is kept. */
  get beginOffset(): number {
    return this.first;
  }

  /** Offset that the next package gets. */
  get endOffset(): number {
    return this.first + this.packages.length;
  }

  /** When the oldest package came that is kept. */
  get oldest(): Package | undefined {
    return this.packages[0];
  }

  append(added: Package): void {
    this.packages.push(added);
  }

  /** Removes the oldest package and returns it. */
  forgetOldest(): Package | undefined {
    const forgotten = this.packages.shift();
    if (forgotten) this.first++;
    return forgotten;
  }

  /** The offset of the first package that came at that time or later. @param time milliseconds since 1970 */
  offsetAt(time: number): number {
    const index = this.packages.findIndex(({ receivedAt }) => receivedAt >= time);
    return index < 0 ? this.endOffset : this.first + index;
  }

  /** The package at an offset; undefined at the end. Throws {@link Refusal} where nothing can be kept there. */
  at(offset: number): Package | undefined {
    if (offset < this.beginOffset || offset > this.endOffset) {
      const rule = `${this.beginOffset} to ${this.endOffset}`;
      throw new Refusal("InvalidOffset", `the offset must be ${rule} in partition ${this.id}, got ${offset}`);
    }
    return this.packages[offset - this.first];
  }

  all(): readonly Package[] {
    return this.packages;
  }
}

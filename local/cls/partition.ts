import { Refusal } from "../refusal";
import type { ClsRecord } from "./record";

/** Logs that arrived together and stay together. */
export interface Package {
  /** `<PkgId>`: identifies a log together with its number within the package. */
  readonly id: string;
  /** Milliseconds since 1970, on the simulated clock. */
  readonly receivedAt: number;
  readonly records: readonly ClsRecord[];
  /** Approximate size of its values in bytes. */
  readonly bytes: number;
}

/** A bound of a partition's range of hash keys; keys are MD5 sums. */
export type HashKey = bigint;

/** One past the largest key. */
export const END_KEY: HashKey = 1n << 128n;

/** The packages of one partition, by offset. */
export class Partition {
  /** When it was split or merged and closed, in milliseconds since 1970; undefined while it is open. */
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

  /** Offset of the oldest stored package. */
  get beginOffset(): number {
    return this.first;
  }

  /** Offset that the next package gets. */
  get endOffset(): number {
    return this.first + this.packages.length;
  }

  /** The oldest stored package. */
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

  /** The offset of the first package that arrived at or after that time. @param time milliseconds since 1970 */
  offsetAt(time: number): number {
    const index = this.packages.findIndex(({ receivedAt }) => receivedAt >= time);
    return index < 0 ? this.endOffset : this.first + index;
  }

  /** The package at an offset; undefined at the end. Throws {@link Refusal} for an invalid offset. */
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

import { ALL, MEMBERS, PROVE, type ScanMode } from "./tape";

/**
 * Number of scans without any access after which the next scans only prove. Records are accessed some scans after their
 * own.
 */
const SCANS_UNASKED = 16;

/** If one record in this number has its fields read as a whole, it pays off to scan inside members immediately. */
const RECORDS_PER_WHOLE = 4;

/**
 * Part of the counts that remains at each scan, so that about the last eight count. Long lines are read in batches of
 * several scans: if fewer counted, the scans just before the next batch would find too little.
 */
const REMAINING = 7 / 8;

/**
 * Tracks how an input's records are accessed, to decide what the next scan finds: nothing if they are only counted or
 * passed on, members if single fields are read, everything if fields are read as a whole.
 */
export class Demand {
  #lines = 0;
  #whole = 0;
  #scansUnasked = 0;

  /** A single field was read. */
  askOne(): void {
    this.#scansUnasked = 0;
  }

  /** The fields of a record were read as a whole. */
  askWhole(): void {
    this.#scansUnasked = 0;
    this.#whole++;
  }

  /** What the next scan finds, after one with this number of lines. Older scans count less and less. */
  next(lines: number): ScanMode {
    this.#lines = this.#lines * REMAINING + lines;
    const isWhole = this.#whole * RECORDS_PER_WHOLE > this.#lines;
    this.#whole *= REMAINING;
    if (this.#scansUnasked++ >= SCANS_UNASKED) return PROVE;
    return isWhole ? ALL : MEMBERS;
  }
}

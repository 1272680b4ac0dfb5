import { ALL, MEMBERS, PROVE, type ScanMode } from "./tape";

/** Scans of which nobody asked anything before the next ones only prove. Records are asked some scans after their own. */
const SCANS_UNASKED = 16;

/** Of so many records, one whose fields are made as a whole is enough to look inside of members at once. */
const RECORDS_PER_WHOLE = 4;

/**
 * What is asked of an input's records, from which follows what the next scan looks for: nothing where they are only counted
 * or passed on, members where single fields are asked for, all where fields are made as a whole.
 */
export class Demand {
  #lines = 0;
  #whole = 0;
  #scansUnasked = 0;

  /** A single field was asked for. */
  askOne(): void {
    this.#scansUnasked = 0;
  }

  /** The fields of a record were asked for. */
  askWhole(): void {
    this.#scansUnasked = 0;
    this.#whole++;
  }

  /** What the next scan looks for, after one of so many lines. Older ones count for less and less. */
  next(lines: number): ScanMode {
    this.#lines = this.#lines / 2 + lines;
    const isWhole = this.#whole * RECORDS_PER_WHOLE > this.#lines;
    this.#whole /= 2;
    if (this.#scansUnasked++ >= SCANS_UNASKED) return PROVE;
    return isWhole ? ALL : MEMBERS;
  }
}

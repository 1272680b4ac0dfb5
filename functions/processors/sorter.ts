import { asRead, type RawRecord } from "../records/as-read";
import type { OutgoingRecord } from "../records/contracts";
import { invalidRecord } from "../records/invalid-record";
import { LineRecord } from "../records/line-record";
import type { OutputsSettings } from "../settings";
import type { Processed } from "./processor";

/** The output of a record; without one it is dropped. */
export interface Destination {
  readonly output: string | undefined;
  readonly record: OutgoingRecord;
}

/** Maximum characters of a failed record's reason. */
const MAX_REASON_LENGTH = 500;

/** A record that the processor rejected or failed on, or that an output cannot accept, as it was read. */
export interface FailedRecord extends RawRecord {
  /** It can quote the record, so it is sent with the record and never logged. */
  readonly reason: string;
}

/** Never throws. */
export function failedRecord(record: OutgoingRecord, reason: string): FailedRecord {
  return { ...asRead(record), reason: reason.slice(0, MAX_REASON_LENGTH) };
}

/** The result for one record. */
export type Fate = readonly Destination[] | FailedRecord;

function isSent(fate: Fate): fate is readonly Destination[] {
  return Array.isArray(fate);
}

/** Sorts the records of a batch by output; each output gets them in input order, including failed ones. */
export class Sorter {
  readonly #outputs: OutputsSettings;
  readonly #routed = new Map<string, OutgoingRecord[]>();
  readonly #dropped: OutgoingRecord[] = [];
  #failed = 0;

  constructor(outputs: OutputsSettings) {
    this.#outputs = outputs;
  }

  add(record: OutgoingRecord, fate: Fate): void {
    if (!isSent(fate)) this.addFailed(record, fate, this.#asRead(fate));
    else if (fate.length === 0) this.#dropped.push(record);
    else for (const destination of fate) this.#addTo(destination);
  }

  /** A failed record goes to `invalid`, if that exists, and also to where failed ones are kept; otherwise it is dropped. */
  addFailed(record: OutgoingRecord, failed: FailedRecord, kept: readonly Destination[]): void {
    this.#failed++;
    if (this.#hasInvalid) this.#addTo({ output: "invalid", record: invalidRecord(failed) });
    if (!this.#hasInvalid || kept.length > 0) this.add(record, kept);
  }

  result(): Processed {
    const routed = [...this.#routed].map(([output, records]) => ({ output, records }));
    return { routed, dropped: this.#dropped, failed: this.#failed };
  }

  get #hasInvalid(): boolean {
    return Object.hasOwn(this.#outputs.outputs, "invalid");
  }

  /** Without `invalid`, the default output gets the record, so that nothing is lost. */
  #asRead({ raw, place }: FailedRecord): Destination[] {
    const { defaultOutput } = this.#outputs;
    if (this.#hasInvalid || defaultOutput === undefined) return [];
    return [{ output: defaultOutput, record: new LineRecord(raw, place) }];
  }

  #addTo({ output, record }: Destination): void {
    if (output === undefined || output === "dropped") return void this.#dropped.push(record);
    const records = this.#routed.get(output);
    if (records) records.push(record);
    else this.#routed.set(output, [record]);
  }
}

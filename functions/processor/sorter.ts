import { LineRecord } from "../line-record";
import type { Batch, LogRecord, Place } from "../records";
import type { OutputsSettings } from "../settings";
import { invalidRecord } from "./invalid-record";
import type { Transformed } from "./transformer";

/** Where a record goes; without an output nowhere. */
export interface Destination {
  readonly output: string | undefined;
  readonly record: LogRecord;
}

/** A record that the processor rejected, or failed on, as it was read. */
export interface FailedRecord {
  readonly raw: Uint8Array;
  readonly place: Place;
  /** It may quote the record, so it goes with the record and never to the log. */
  readonly reason: string;
}

/** What became of one record. */
export type Fate = readonly Destination[] | FailedRecord;

/** Sorts the records of a batch by output; each output gets them in the order of the input, failed ones included. */
export class Sorter {
  readonly #outputs: OutputsSettings;
  readonly #routed = new Map<string, Batch>();
  readonly #dropped: Batch = [];
  #failed = 0;

  constructor(outputs: OutputsSettings) {
    this.#outputs = outputs;
  }

  add(record: LogRecord, fate: Fate): void {
    if ("reason" in fate) this.#addFailed(fate);
    else if (fate.length === 0) this.#dropped.push(record);
    else for (const destination of fate) this.#addTo(destination);
  }

  result(): Transformed {
    const routed = [...this.#routed].map(([output, records]) => ({ output, records }));
    return { routed, dropped: this.#dropped, failed: this.#failed };
  }

  #addFailed(failed: FailedRecord): void {
    this.#failed++;
    const { outputs, defaultOutput } = this.#outputs;
    if (Object.hasOwn(outputs, "invalid")) {
      this.#addTo({ output: "invalid", record: invalidRecord(failed) });
    } else if (defaultOutput !== undefined) {
      this.#addTo({ output: defaultOutput, record: new LineRecord(failed.raw, failed.place) });
    }
  }

  #addTo({ output, record }: Destination): void {
    if (output === undefined || output === "dropped") return void this.#dropped.push(record);
    const records = this.#routed.get(output);
    if (records) records.push(record);
    else this.#routed.set(output, [record]);
  }
}

import type { ClsLabels, Fields, LogRecord, Place } from "./contracts";

/** A record on its way to one output, with labels of its own there; the record itself stays as it is. */
export class LabelledRecord implements LogRecord {
  readonly #record: LogRecord;
  readonly labels: ClsLabels;

  constructor(record: LogRecord, labels: ClsLabels) {
    this.#record = record;
    this.labels = labels;
  }

  get raw(): Uint8Array {
    return this.#record.raw;
  }

  get place(): Place {
    return this.#record.place;
  }

  get changed(): boolean {
    return this.#record.changed;
  }

  get fields(): Readonly<Fields> {
    return this.#record.fields;
  }
}

import type { ClsRecord } from "./record";

/** A log topic: takes records and hands them to whoever listens. */
export class Topic {
  /** How many records came in. */
  received = 0;
  private readonly listeners: ((records: readonly ClsRecord[]) => Promise<void>)[] = [];

  constructor(
    readonly id: string,
    readonly name: string,
    readonly logsetId: string,
    readonly region: string,
  ) {}

  /** Takes records, and resolves when those that listen have taken them: a shipper may have cut a file. */
  async put(records: readonly ClsRecord[]): Promise<void> {
    this.received += records.length;
    for (const listener of this.listeners) await listener(records);
  }

  /** Calls the listener with all records that come in from now on. */
  onRecords(listener: (records: readonly ClsRecord[]) => Promise<void>): void {
    this.listeners.push(listener);
  }
}

import type { OutgoingRecord, OutputReport } from "../records/contracts";
import type { InputOutput, Resumed } from "./context";
import { byteOf } from "./input-stretch";
import type { KeptParcel } from "./parcel";

/** An output that has already stored the first part of an input, which is only read again for other outputs. */
export class ResumedOutput implements InputOutput {
  readonly #output: InputOutput;
  readonly #from: number;

  constructor(output: InputOutput, { byte }: Resumed) {
    this.#output = output;
    this.#from = byte;
  }

  get keptAs(): InputOutput["keptAs"] {
    return this.#output.keptAs;
  }

  async write(batch: readonly OutgoingRecord[]): Promise<void> {
    const rest = batch.filter((record) => !this.#isStored(record));
    if (rest.length < batch.length) await this.#output.check?.(batch.filter((record) => this.#isStored(record)));
    if (rest.length > 0) await this.#output.write(rest);
  }

  resumesAt(next: number): number | undefined {
    const byte = this.#output.resumesAt?.(next);
    return byte === undefined ? undefined : Math.max(this.#from, byte);
  }

  async pause(next: number): Promise<Pick<Resumed, "parcels">> {
    return (await this.#output.pause?.(next)) ?? { parcels: 0 };
  }

  flush(): Promise<void> {
    return this.#output.flush();
  }

  report(): OutputReport {
    return this.#output.report();
  }

  discard(): Promise<void> {
    return this.#output.discard();
  }

  redeliver(parcel: KeptParcel): Promise<void> {
    return this.#output.redeliver(parcel);
  }

  /** A record whose place cannot be read is not stored: the output passes it to `fail`. */
  #isStored(record: OutgoingRecord): boolean {
    try {
      return byteOf(record) < this.#from;
    } catch {
      return false;
    }
  }
}

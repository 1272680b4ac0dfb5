import type { OutgoingRecord, OutputReport } from "../records/contracts";
import type { CosOutputSettings } from "../settings";
import { lineOf } from "../records/line-record";
import { encodeOrFail, type InputOutput, type OutputContext } from "./context";
import { byteOf, InputStretch } from "./input-stretch";
import { keyOf } from "./key";
import { ObjectWriter } from "./object-writer";
import type { KeptParcel } from "./parcel";
import { Sender } from "./sender";

/** An object can contain this many times the bytes of its stretch: the last record can extend into the next stretch. */
const OVERFLOW = 2;

/** The bytes of a line, or their number if the writer has drafted it. */
type Line = Uint8Array | number;

/**
 * Gzip JSON lines in a bucket, at `PREFIX/INPUT/00000-000.jsonl.gz`.
 *
 * An object contains the records that begin in one stretch of `maxPartBytes` of the input. The first number is that of
 * the stretch, so that another delivery of the input overwrites each object, even if the processor now returns
 * something else. If a processor creates more than twice the bytes of a stretch, objects with a higher second number
 * follow. If the processor created more of them at an earlier delivery, those remain.
 */
export class CosOutput implements InputOutput {
  readonly keptAs = "objects";
  readonly #settings: CosOutputSettings;
  readonly #context: OutputContext;
  readonly #sender: Sender;
  #writer: ObjectWriter | undefined;
  readonly #stretch: InputStretch;
  /** Number of objects of this stretch that were written. */
  #overflow = 0;
  /** Offset in the input of the record that was encoded last. */
  #byte = 0;
  /** Reads the offset of a record. Returns its line, drafted if possible. */
  readonly #encode = (record: OutgoingRecord): Line => {
    this.#byte = byteOf(record);
    return this.#writer?.draft(record) ?? lineOf(record);
  };

  constructor(settings: CosOutputSettings, context: OutputContext) {
    this.#settings = settings;
    this.#context = context;
    this.#sender = new Sender(context);
    this.#stretch = new InputStretch(settings.maxPartBytes);
  }

  async write(batch: readonly OutgoingRecord[]): Promise<void> {
    for (const record of batch) {
      const line = encodeOrFail(this.#context, record, this.#encode);
      if (line === undefined) continue;
      const byte = this.#byte;
      const busy = this.#mustCut(byte, line) ? this.#takeBehindCut(line, byte) : this.#take(line, byte);
      if (busy) await busy;
    }
  }

  check(batch: readonly OutgoingRecord[]): void {
    for (const record of batch) encodeOrFail(this.#context, record, this.#encode);
  }

  async flush(): Promise<void> {
    await this.#close();
    await this.#sender.end();
  }

  resumesAt(next: number): number | undefined {
    return this.#stretch.resumesAt(next);
  }

  async pause(next: number): Promise<{ parcels: number }> {
    if (this.#stretch.endsBefore(next)) await this.#close();
    this.#writer?.discard();
    this.#writer = undefined;
    await this.#sender.end();
    return { parcels: 0 };
  }

  report(): OutputReport {
    return this.#sender.report();
  }

  async discard(): Promise<void> {
    this.#writer?.discard();
    this.#writer = undefined;
    await this.#sender.ended();
  }

  /** Writes the object under its original key. */
  async redeliver({ name, records, lines }: KeptParcel): Promise<void> {
    await this.#push(name, records, lines);
    await this.#sender.end();
  }

  /**
   * Takes the line of a record that begins at this offset. Await the promise, if there is one, before the next line.
   */
  #take(line: Line, byte: number): Promise<void> | undefined {
    this.#stretch.take(byte);
    this.#writer ??= new ObjectWriter();
    return typeof line === "number" ? this.#writer.takeDraft() : this.#writer.add(line);
  }

  async #takeBehindCut(line: Line, byte: number): Promise<void> {
    const bytes = typeof line === "number" ? this.#writer!.drafted : line;
    await this.#cut(byte);
    await this.#take(bytes, byte);
  }

  #mustCut(byte: number, line: Line): boolean {
    if (this.#stretch.endsBefore(byte)) return true;
    const most = OVERFLOW * this.#settings.maxPartBytes;
    const bytes = typeof line === "number" ? line : line.length;
    return this.#writer !== undefined && this.#writer.bytes + bytes + 1 > most;
  }

  async #cut(byte: number): Promise<void> {
    await this.#close();
    this.#overflow = this.#stretch.endsBefore(byte) ? 0 : this.#overflow + 1;
  }

  async #close(): Promise<void> {
    const writer = this.#writer;
    if (!writer) return;
    this.#writer = undefined;
    const name = this.#name();
    await this.#push(name, writer.records, await writer.finish());
  }

  async #push(name: string, records: number, body: Uint8Array): Promise<void> {
    const { cos, input } = this.#context;
    const { bucket, region, network = "public" } = this.#settings;
    const address = { bucket, region, network, key: keyOf(this.#settings.prefix, input.path, `/${name}.jsonl.gz`) };
    await this.#sender.push({
      name,
      records,
      bytes: body.length,
      send: async (signal) => {
        await cos.put(address, body, "application/gzip", signal);
        return body.length;
      },
      lines: () => body,
      keptAs: this.keptAs,
    });
  }

  #name(): string {
    const { number } = this.#stretch;
    return `${this.#context.stream}${String(number).padStart(5, "0")}-${String(this.#overflow).padStart(3, "0")}`;
  }
}

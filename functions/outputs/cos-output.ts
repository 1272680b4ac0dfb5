import type { OutgoingRecord, OutputReport } from "../records/contracts";
import type { CosOutputSettings } from "../settings";
import { latin1Of, lineOf } from "../records/line-record";
import { encodeOrFail, type InputOutput, type OutputContext } from "./context";
import { InputStretch } from "./input-stretch";
import { keyOf } from "./key";
import { type Line, ObjectWriter } from "./object-writer";
import type { KeptParcel } from "./parcel";
import { Sender } from "./sender";

/** How many times the bytes of its stretch an object may hold: the last record may reach into the next stretch. */
const OVERFLOW = 2;

/**
 * Gzip JSON lines in a bucket, at `PREFIX/INPUT/00000-000.jsonl.gz`.
 *
 * An object holds the records of `maxPartBytes` of the input, by the place where each begins in it. Its first number is
 * that of the stretch, so that another delivery of the input, even one whose processor now answers otherwise, writes each
 * object over the one before. Where a processor makes more than twice as much of a stretch, objects with a higher second
 * number follow; those of a delivery before, whose processor made more, stay.
 */
export class CosOutput implements InputOutput {
  readonly keptAs = "objects";
  readonly #settings: CosOutputSettings;
  readonly #context: OutputContext;
  readonly #sender: Sender;
  #writer: ObjectWriter | undefined;
  readonly #stretch: InputStretch;
  /** How many objects of this stretch were written. */
  #overflow = 0;

  constructor(settings: CosOutputSettings, context: OutputContext) {
    this.#settings = settings;
    this.#context = context;
    this.#sender = new Sender(context);
    this.#stretch = new InputStretch(settings.maxPartBytes);
  }

  async write(batch: readonly OutgoingRecord[]): Promise<void> {
    for (const record of batch) {
      const encoded = encodeOrFail(this.#context, record, encode);
      if (!encoded) continue;
      const { byte, line } = encoded;
      if (this.#mustCut(byte, line)) await this.#cut(byte);
      this.#stretch.take(byte);
      this.#writer ??= new ObjectWriter();
      const busy = this.#writer.add(line);
      if (busy) await busy;
    }
  }

  check(batch: readonly OutgoingRecord[]): void {
    for (const record of batch) encodeOrFail(this.#context, record, encode);
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

  /** Writes the object under the key that it would have had. */
  async redeliver({ name, records, lines }: KeptParcel): Promise<void> {
    await this.#push(name, records, lines);
    await this.#sender.end();
  }

  #mustCut(byte: number, line: Line): boolean {
    if (this.#stretch.endsBefore(byte)) return true;
    const most = OVERFLOW * this.#settings.maxPartBytes;
    return this.#writer !== undefined && this.#writer.bytes + line.length + 1 > most;
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

/** A record's line, and where in the input it begins. */
function encode(record: OutgoingRecord): { byte: number; line: Line } {
  return { byte: record.place.byte, line: latin1Of(record) ?? lineOf(record) };
}

import type { Batch, LogRecord, OutputReport } from "../records/contracts";
import type { CosOutputSettings } from "../settings";
import type { InputOutput, KeptParcel, OutputContext } from "./context";
import { Delivery } from "./delivery";
import { keyOf } from "./key";
import { lineOf } from "./lines";
import { PartWriter } from "./part-writer";

/** How many times the bytes of its stretch a part may hold: the last record may reach into the next stretch. */
const OVERFLOW = 2;

/**
 * Gzip JSON lines in a bucket, at `PREFIX/INPUT/00000-000.jsonl.gz`.
 *
 * A part holds the records of `maxPartBytes` of the input, by the place where each begins in it. Its first number is that
 * of the stretch, so that another delivery of the input, even one whose processor now answers otherwise, writes each part
 * over the one before. Where a processor makes more than twice as much of a stretch, parts with a higher second number
 * follow; those of a delivery before, whose processor made more, stay.
 */
export class CosOutput implements InputOutput {
  readonly keptAs = "objects";
  readonly #settings: CosOutputSettings;
  readonly #context: OutputContext;
  readonly #delivery: Delivery;
  #writer: PartWriter | undefined;
  /** Number of the stretch of input that is being written. */
  #stretch = 0;
  /** How many parts of this stretch were written. */
  #overflow = 0;

  constructor(settings: CosOutputSettings, context: OutputContext) {
    this.#settings = settings;
    this.#context = context;
    this.#delivery = new Delivery(context);
  }

  async write(batch: Batch): Promise<void> {
    for (const record of batch) {
      const line = lineOf(record);
      if (this.#mustCut(record, line)) await this.#cut(record);
      this.#writer ??= new PartWriter();
      const busy = this.#writer.add(line);
      if (busy) await busy;
    }
  }

  async flush(): Promise<void> {
    await this.#close();
    await this.#delivery.end();
  }

  report(): OutputReport {
    return this.#delivery.report();
  }

  async discard(): Promise<void> {
    this.#writer?.discard();
    this.#writer = undefined;
    await this.#delivery.ended();
  }

  /** Writes the part under the key that it would have had. */
  async redeliver({ name, records, lines }: KeptParcel): Promise<void> {
    await this.#push(name, records, lines);
    await this.#delivery.end();
  }

  #mustCut(record: LogRecord, line: Uint8Array): boolean {
    if (this.#stretchOf(record) !== this.#stretch) return true;
    const most = OVERFLOW * this.#settings.maxPartBytes;
    return this.#writer !== undefined && this.#writer.bytes + line.length + 1 > most;
  }

  async #cut(record: LogRecord): Promise<void> {
    await this.#close();
    const stretch = this.#stretchOf(record);
    this.#overflow = stretch === this.#stretch ? this.#overflow + 1 : 0;
    this.#stretch = stretch;
  }

  /** Never goes back: a record that its processor held back belongs to the part that is open. */
  #stretchOf({ place }: LogRecord): number {
    return Math.max(this.#stretch, Math.floor(place.byte / this.#settings.maxPartBytes));
  }

  async #close(): Promise<void> {
    const writer = this.#writer;
    if (!writer) return;
    this.#writer = undefined;
    const name = this.#partName();
    await this.#push(name, writer.records, await writer.finish());
  }

  async #push(name: string, records: number, body: Uint8Array): Promise<void> {
    const { cos, input } = this.#context;
    const address = { ...this.#settings, key: keyOf(this.#settings.prefix, input.path, `/${name}.jsonl.gz`) };
    await this.#delivery.push({
      name,
      records,
      send: async (signal) => {
        await cos.put(address, body, "application/gzip", signal);
        return body.length;
      },
      lines: () => body,
      keptAs: this.keptAs,
    });
  }

  #partName(): string {
    const [stretch, overflow] = [String(this.#stretch).padStart(5, "0"), String(this.#overflow).padStart(3, "0")];
    return `${this.#context.stream}${stretch}-${overflow}`;
  }
}

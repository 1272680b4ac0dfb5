import { gunzipSync } from "node:zlib";
import type { OutgoingRecord, OutputReport } from "../records/contracts";
import { lineOf, provenBufferOf, type ProvenRecord } from "../records/line-record";
import { membersOf } from "../records/spliced-record";
import { bufferOf } from "../runtime/buffer";
import { logError } from "../runtime/log";
import type { CosOutputSettings, ParquetSettings } from "../settings";
import { encodeOrFail, type InputOutput, type OutputContext } from "./context";
import { byteOf, InputStretch } from "./input-stretch";
import { inputHash, keyOf } from "./key";
import type { KeptParcel } from "./parcel";
import {
  type Compress,
  loadParquetPart,
  loadParquetZstdPart,
  type ParquetFile,
  type ParquetFiles,
} from "./parquet-part";
import { Sender } from "./sender";

const LINE_FEED = 0x0a;

/** Number of partitions in one stretch of an input above which a warning is logged: each takes a request. */
const MANY_PARTITIONS = 200;

/** The parts that a function loads beside its handler. */
const PARTS = { parquet: () => loadParquetPart(), zstd: () => loadParquetZstdPart() };

/**
 * Parquet files in a bucket, at `PREFIX/PARTITION/INPUT-00000-000.parquet`, where the partition derives from each record's
 * time.
 *
 * As with gzip JSON lines, the first number is that of the stretch of the input, so that another delivery overwrites each
 * file. The second number increases if the open files of a stretch would take too much memory.
 */
export class ParquetOutput implements InputOutput {
  readonly keptAs = "parquet";
  readonly #settings: CosOutputSettings;
  readonly #context: OutputContext;
  readonly #sender: Sender;
  readonly #open: (zstd?: Compress) => ParquetFiles;
  readonly #zstd: (() => Promise<Compress>) | undefined;
  #files: ParquetFiles | undefined;
  readonly #stretch: InputStretch;
  /** Receives records that are only checked. */
  #probe: ParquetFiles | undefined;
  #rest = 0;
  #isToldOfMany = false;

  constructor(settings: CosOutputSettings, format: ParquetSettings, context: OutputContext, parts = PARTS) {
    this.#settings = settings;
    this.#context = context;
    this.#sender = new Sender(context);
    this.#stretch = new InputStretch(settings.maxPartBytes);
    const part = parts.parquet();
    this.#open = (zstd) => part.openParquet(format, context.input.name, zstd);
    if (format.compression === "zstd") this.#zstd = parts.zstd().openZstd;
  }

  async write(batch: readonly OutgoingRecord[]): Promise<void> {
    this.#probe = undefined;
    const files = await this.#opened();
    for (const record of batch) {
      const byte = encodeOrFail(this.#context, record, byteOf);
      if (byte === undefined) continue;
      if (this.#stretch.endsBefore(byte)) await this.#endStretch();
      this.#stretch.take(byte);
      const full = encodeOrFail(this.#context, record, (given) => add(files, given));
      if (full && full.length > 0) for (const file of full) await this.#push(file);
    }
  }

  /** Whether a record can be written shows only when it is written to a file. */
  async check(batch: readonly OutgoingRecord[]): Promise<void> {
    const probe = (this.#probe ??= this.#open(await this.#zstd?.()));
    for (const record of batch) encodeOrFail(this.#context, record, (given) => add(probe, given));
  }

  async flush(): Promise<void> {
    await this.#endStretch();
    await this.#sender.end();
  }

  resumesAt(next: number): number | undefined {
    return this.#stretch.resumesAt(next);
  }

  async pause(next: number): Promise<{ parcels: number }> {
    if (this.#stretch.endsBefore(next)) await this.#endStretch();
    this.#files = undefined;
    await this.#sender.end();
    return { parcels: 0 };
  }

  report(): OutputReport {
    return { ...this.#sender.report(), ...(this.#rest > 0 && { rest: this.#rest }) };
  }

  async discard(): Promise<void> {
    this.#files = undefined;
    await this.#sender.ended();
  }

  /**
   * Writes the file under its original key. Records of another output's batch that it could not accept become files under
   * that batch's name.
   */
  async redeliver({ name, records, lines }: KeptParcel): Promise<void> {
    if (isGzip(lines)) await this.#redeliverLines(name, gunzipSync(lines));
    else await this.#send(name, records, lines);
    await this.#sender.end();
  }

  async #redeliverLines(name: string, lines: Buffer): Promise<void> {
    const files = await this.#opened();
    const leaf = name.replaceAll("/", "-");
    const push = async ({ partition, number, records, body }: ParquetFile) =>
      this.#send(`${partition}/${leaf}-${padded(number, 3)}`, records, body);
    for (let start = 0; start < lines.length;) {
      const end = lines.indexOf(LINE_FEED, start);
      for (const file of files.add(lines, start, end, false)) await push(file);
      start = end + 1;
    }
    for (const file of files.end()) await push(file);
  }

  async #opened(): Promise<ParquetFiles> {
    return (this.#files ??= this.#open(await this.#zstd?.()));
  }

  async #endStretch(): Promise<void> {
    const files = this.#files;
    if (!files) return;
    this.#tellOfMany(files.partitions);
    for (const file of files.end()) await this.#push(file);
  }

  #tellOfMany(partitions: number): void {
    if (partitions <= MANY_PARTITIONS || this.#isToldOfMany) return;
    this.#isToldOfMany = true;
    const { input, output } = this.#context;
    logError(
      `${input.name}: output ${output} wrote ${partitions} partitions of one stretch, a file each; ` +
        `choose a coarser partitionBy, or a larger maxPartBytes`,
    );
  }

  async #push({ partition, number, records, rest, body }: ParquetFile): Promise<void> {
    this.#rest += rest;
    const name = `${this.#context.stream}${padded(this.#stretch.number, 5)}-${padded(number, 3)}`;
    await this.#send(`${partition}/${name}`, records, body);
  }

  /** @param name name of the parcel: the partition, and the file's name after that of its input */
  async #send(name: string, records: number, body: Uint8Array): Promise<void> {
    const { cos, input } = this.#context;
    const { bucket, prefix, region, network = "public" } = this.#settings;
    const folderEnd = name.lastIndexOf("/") + 1;
    const folder = prefix + name.slice(0, folderEnd);
    const address = {
      bucket,
      region,
      network,
      key: keyOf(folder, stemOf(input.path), `-${name.slice(folderEnd)}.parquet`),
    };
    await this.#sender.push({
      name,
      records,
      bytes: body.length,
      send: async (signal) => {
        await cos.put(address, body, "application/vnd.apache.parquet", signal);
        return body.length;
      },
      lines: () => body,
      keptAs: this.keptAs,
    });
  }
}

/** Adds a record; only its line is read. */
function add(files: ParquetFiles, record: OutgoingRecord): readonly ParquetFile[] {
  const proven = provenBufferOf(record);
  if (proven) {
    const { start, end } = record as ProvenRecord;
    return files.add(proven, start, end, true, membersOf(record));
  }
  const line = bufferOf(lineOf(record));
  return files.add(line, 0, line.length, false);
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function padded(number: number, digits: number): string {
  return String(number).padStart(digits, "0");
}

/**
 * The part of a file name that identifies the input. Engines expect all files of a partition in its own folder, treat
 * folders with a `=` as partitions, and skip files that begin with `_` or `.`.
 */
function stemOf(path: string): string {
  const readable = path
    .slice(path.lastIndexOf("/") + 1)
    .replace(/[^\w.-]+/g, "-")
    .replace(/^[_.-]+/, "")
    .slice(0, 64);
  return `${readable === "" ? "" : `${readable}-`}${inputHash(path)}`;
}

import type { Members } from "../parser/scan/members";
import { loadBeside } from "../runtime/loader";
import type { ParquetSettings } from "../settings";

/** A Parquet file of one input and one partition. */
export interface ParquetFile {
  /** `dt=2026-08-20/hour=07`. */
  readonly partition: string;
  /** Number of earlier files of the partition since the last {@link ParquetFiles.end}. */
  readonly number: number;
  readonly records: number;
  /** Number of records with content in `_rest`. */
  readonly rest: number;
  readonly body: Uint8Array;
}

/** Open files, one per partition, each of which fills one row group. */
export interface ParquetFiles {
  /**
   * Adds a record; returns files that had to be closed before it to limit memory. Which files are open, and when they are
   * full, depends on the records alone.
   *
   * @param bytes contain its JSON from `start` to `end`; they are not retained
   * @param isProven whether it is known to be a JSON object in UTF-8
   * @param members positions of its members, if the scanner knows them; this avoids another pass
   * @throws `TypeError` if it is not a JSON object; errors never quote it
   */
  add(bytes: Buffer, start: number, end: number, isProven: boolean, members?: Members): readonly ParquetFile[];
  /** Ends all files, one at a time. */
  end(): Iterable<ParquetFile>;
  /** Number of partitions since the last {@link end}. */
  readonly partitions: number;
}

/** Compresses a page. */
export type Compress = (bytes: Uint8Array) => Uint8Array;

/** The contract of `out-parquet.js`, the prebuilt part that writes Parquet. It is structural. */
export interface ParquetPart {
  /**
   * @param input its name, which is written to files
   * @param zstd compressor for zstd, if the settings require it
   */
  openParquet(settings: ParquetSettings, input: string, zstd?: Compress): ParquetFiles;
}

/** The contract of `out-parquet-zstd.js`, which compresses with zstd. */
export interface ParquetZstdPart {
  openZstd(): Promise<Compress>;
}

/** Loads the part; throws `PartError`. @param folder its folder, by default that of the handler */
export function loadParquetPart(folder?: string): ParquetPart {
  return loadBeside("out-parquet.js", folder) as ParquetPart;
}

/** Loads the part; throws `PartError`. */
export function loadParquetZstdPart(folder?: string): ParquetZstdPart {
  return loadBeside("out-parquet-zstd.js", folder) as ParquetZstdPart;
}

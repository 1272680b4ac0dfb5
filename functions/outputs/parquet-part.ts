import type { Members } from "../parser/scan/members";
import { loadBeside } from "../runtime/loader";
import type { ParquetSettings } from "../settings";

/** A Parquet file of one input, of one partition. */
export interface ParquetFile {
  /** `dt=2026-08-20/hour=07`. */
  readonly partition: string;
  /** How many files of the partition were before, since the last {@link ParquetFiles.end}. */
  readonly number: number;
  readonly records: number;
  /** Records of which something is in `_rest`. */
  readonly rest: number;
  readonly body: Uint8Array;
}

/** Files that are open, each of another partition: one row group of each is being filled. */
export interface ParquetFiles {
  /**
   * Takes a record; returns the files that were full before it, for want of memory. What is open, and when it is full, depends
   * on the records alone.
   *
   * @param bytes hold its JSON from `start` to `end`, and are not kept
   * @param isProven whether it is known to be an object of JSON in UTF-8
   * @param members where its members stand, where the scanner knows: then it is not walked over once more
   * @throws `TypeError` where it is none; an error never quotes it
   */
  add(bytes: Buffer, start: number, end: number, isProven: boolean, members?: Members): readonly ParquetFile[];
  /** Ends all files, one at a time. */
  end(): Iterable<ParquetFile>;
  /** Partitions since the last {@link end}. */
  readonly partitions: number;
}

/** What compresses a page. */
export type Compress = (bytes: Uint8Array) => Uint8Array;

/** The contract of `out-parquet.js`, the prebuilt part that writes Parquet. It is structural. */
export interface ParquetPart {
  /**
   * @param input its name, which files tell
   * @param zstd what compresses with zstd, where the settings ask for it
   */
  openParquet(settings: ParquetSettings, input: string, zstd?: Compress): ParquetFiles;
}

/** The contract of `out-parquet-zstd.js`, which compresses with zstd. */
export interface ParquetZstdPart {
  openZstd(): Promise<Compress>;
}

/** Loads the part; throws `PartError`. @param folder where it stands, beside the handler */
export function loadParquetPart(folder?: string): ParquetPart {
  return loadBeside("out-parquet.js", folder) as ParquetPart;
}

/** Loads the part; throws `PartError`. */
export function loadParquetZstdPart(folder?: string): ParquetZstdPart {
  return loadBeside("out-parquet-zstd.js", folder) as ParquetZstdPart;
}

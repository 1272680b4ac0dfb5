import { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { writeRleBitPackedHybrid } from "hyparquet-writer/src/encoding.js";
import type { ColumnChunk, SchemaElement, Statistics } from "hyparquet-writer/src/metadata.js";
import type { Compress } from "../../functions/outputs/parquet-part";
import type { ParquetColumnType } from "../../functions/settings/parquet-names";
import type { Column } from "./column";
import { PAGE_BYTES } from "./values";

/** The type of a column in a file's schema. */
const ELEMENTS: Readonly<Record<ParquetColumnType, Omit<SchemaElement, "name">>> = {
  string: { type: "BYTE_ARRAY", converted_type: "UTF8", logical_type: { type: "STRING" } },
  json: { type: "BYTE_ARRAY", converted_type: "JSON", logical_type: { type: "JSON" } },
  int64: { type: "INT64" },
  double: { type: "DOUBLE" },
  boolean: { type: "BOOLEAN" },
  timestamp: {
    type: "INT64",
    converted_type: "TIMESTAMP_MICROS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
  },
};

export function elementOf({ name, type }: Column): SchemaElement {
  return { name, repetition_type: "OPTIONAL", ...ELEMENTS[type] };
}

/** How the chunks of a file are compressed. */
export interface Packing {
  readonly codec: "SNAPPY" | "ZSTD";
  /** Creates the compressor for the pages of one row group, given the bytes of its values: equal pages give equal bytes. */
  compressor(bytes: number): Compress;
}

/** The pages of a column in one row group, as written to a file, and their description in the file's footer. */
export class Chunk {
  readonly pieces: Uint8Array[] = [];
  /** The metadata that readers use first. */
  readonly meta: ColumnChunk;
  readonly rawBytes: number;
  #length = 0;
  #rawLength = 0;
  readonly #compress: Compress;

  /**
   * @param rows number of rows in the row group
   * @param offset where the chunk begins in the file
   */
  constructor(column: Column, rows: number, offset: number, codec: Packing["codec"], compress: Compress) {
    this.#compress = compress;
    const { entryCount, indexes } = column.values;
    const [present, count] = presence(column.runs, rows);
    const hasDictionary = indexes.length > 0;
    if (hasDictionary) this.#dictionaryPage(column);
    const dataOffset = offset + this.#length;
    // The page of indexes covers the rows up to the last value in the dictionary.
    let row = 0;
    if (hasDictionary) {
      row = column.values.plainCount === 0 ? rows : rowBehind(present, 0, indexes.length);
      this.#page(
        "RLE_DICTIONARY",
        present.subarray(0, row),
        indexPage(indexes.numbers.subarray(0, indexes.length), entryCount),
      );
    }
    if (row < rows) this.#plainPages(column, present, row);
    this.rawBytes = this.#rawLength;
    const { type = "" } = elementOf(column);
    this.meta = {
      file_offset: BigInt(offset),
      meta_data: {
        type,
        encodings: ["PLAIN", "RLE", ...(hasDictionary ? ["RLE_DICTIONARY"] : [])],
        path_in_schema: [column.name],
        codec,
        num_values: BigInt(rows),
        total_uncompressed_size: BigInt(this.#rawLength),
        total_compressed_size: BigInt(this.#length),
        data_page_offset: BigInt(dataOffset),
        dictionary_page_offset: hasDictionary ? BigInt(offset) : undefined,
        statistics: statisticsOf(column, rows - count),
      },
    };
  }

  /** Bytes in the file. */
  get bytes(): number {
    return this.#length;
  }

  #dictionaryPage({ values }: Column): void {
    const raw = values.entries.bytes;
    const packed = this.#compress(raw);
    const header = new ByteWriter();
    writePageHeader(header, {
      type: "DICTIONARY_PAGE",
      uncompressed_page_size: raw.length,
      compressed_page_size: packed.length,
      dictionary_page_header: { num_values: values.entryCount, encoding: "PLAIN" },
    });
    this.#add(header.getBytes(), packed, raw.length);
  }

  /** Split where a page is full; nulls take next to nothing. */
  #plainPages({ type, values, flags }: Column, present: Uint8Array, from: number): void {
    const { plain } = values;
    const isFlags = type === "boolean";
    const isText = type === "string" || type === "json";
    if (!isFlags && plain.length <= PAGE_BYTES) return this.#page("PLAIN", present.subarray(from), plain.bytes);
    let [row, start, end, flag, firstFlag] = [from, 0, 0, 0, 0];
    for (let at = from; at < present.length; at++) {
      if (present[at] === 0) continue;
      const size = isFlags ? 0 : isText ? 4 + plain.buffer.readUInt32LE(end) : 8;
      if (end > start && end + size - start > PAGE_BYTES) {
        this.#page("PLAIN", present.subarray(row, at), plain.buffer.subarray(start, end));
        [row, start, firstFlag] = [at, end, flag];
      }
      end += size;
      flag++;
    }
    const raw = isFlags ? packedFlags(flags.buffer.subarray(firstFlag, flag)) : plain.buffer.subarray(start, end);
    this.#page("PLAIN", present.subarray(row), raw);
  }

  /** A data page of version 1, which every reader supports: levels first, and all of it compressed. */
  #page(encoding: string, present: Uint8Array, values: Uint8Array): void {
    const levels = new ByteWriter();
    writeRleBitPackedHybrid(levels, present, 1);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(levels.offset);
    const raw = Buffer.concat([length, levels.getBytes(), values]);
    const packed = this.#compress(raw);
    const header = new ByteWriter();
    writePageHeader(header, {
      type: "DATA_PAGE",
      uncompressed_page_size: raw.length,
      compressed_page_size: packed.length,
      data_page_header: {
        num_values: present.length,
        encoding,
        definition_level_encoding: "RLE",
        repetition_level_encoding: "RLE",
      },
    });
    this.#add(header.getBytes(), packed, raw.length);
  }

  #add(header: Uint8Array, packed: Uint8Array, rawLength: number): void {
    this.pieces.push(header, packed);
    this.#length += header.length + packed.length;
    this.#rawLength += header.length + rawLength;
  }
}

/** For each row, whether it has a value, as 1 or 0; and the number of values. */
function presence(runs: readonly number[], rows: number): readonly [Uint8Array, number] {
  const present = new Uint8Array(rows);
  let count = 0;
  for (let at = 0; at < runs.length; at += 2) {
    present.fill(1, runs[at], runs[at + 1]);
    count += runs[at + 1] - runs[at];
  }
  return [present, count];
}

/** The row after this number of values. */
function rowBehind(present: Uint8Array, from: number, values: number): number {
  let row = from;
  for (let left = values; left > 0; row++) left -= present[row];
  return row;
}

function indexPage(indexes: Int32Array, entries: number): Uint8Array {
  const width = Math.max(1, 32 - Math.clz32(entries - 1));
  const writer = new ByteWriter();
  writer.appendBytes(Uint8Array.of(width));
  writeRleBitPackedHybrid(writer, indexes, width);
  return writer.getBytes();
}

/** Eight flags per byte, the first in the lowest bit. */
function packedFlags(flags: Uint8Array): Uint8Array {
  const packed = new Uint8Array(Math.ceil(flags.length / 8));
  for (let at = 0; at < flags.length; at++) packed[at >> 3] |= flags[at] << (at & 7);
  return packed;
}

function statisticsOf(column: Column, nulls: number): Statistics {
  const null_count = BigInt(nulls);
  const { range, type } = column;
  if (range && type === "double") {
    // As the format requires for a zero. Fact: docs/design/facts/destinations.md#files.
    return { null_count, min_value: range.min === 0 ? -0 : range.min, max_value: range.max === 0 ? 0 : range.max };
  }
  if (range) return { null_count, min_value: BigInt(range.min), max_value: BigInt(range.max) };
  if (type !== "string") return { null_count };
  return { null_count, ...textRange(column) };
}

/** The first and the last text in byte order, if all are in the dictionary. */
function textRange({ values }: Column): { readonly min_value?: Uint8Array; readonly max_value?: Uint8Array } {
  if (values.entryCount === 0 || values.plainCount > 0) return {};
  let [min, max] = [values.entry(0), values.entry(0)];
  for (let number = 1; number < values.entryCount; number++) {
    const entry = values.entry(number);
    if (Buffer.compare(entry, min) < 0) min = entry;
    if (Buffer.compare(entry, max) > 0) max = entry;
  }
  // The dictionary's memory is reused.
  return { min_value: Buffer.from(min), max_value: Buffer.from(max) };
}

// The packages are ES modules, while this code is CommonJS until it is bundled. These are the functions used from them.

declare module "hyparquet-writer/src/bytewriter.js" {
  export class ByteWriter {
    readonly offset: number;
    appendUint32(value: number): void;
    appendBytes(bytes: Uint8Array): void;
    getBytes(): Uint8Array;
  }
}

declare module "hyparquet-writer/src/encoding.js" {
  import type { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
  export function writeRleBitPackedHybrid(writer: ByteWriter, values: ArrayLike<number>, bitWidth: number): number;
}

declare module "hyparquet-writer/src/datapage.js" {
  import type { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
  export interface PageHeader {
    readonly type: "DATA_PAGE" | "DICTIONARY_PAGE";
    readonly uncompressed_page_size: number;
    readonly compressed_page_size: number;
    readonly dictionary_page_header?: { readonly num_values: number; readonly encoding: "PLAIN" };
    readonly data_page_header?: {
      readonly num_values: number;
      readonly encoding: string;
      readonly definition_level_encoding: "RLE";
      readonly repetition_level_encoding: "RLE";
    };
  }
  export function writePageHeader(writer: ByteWriter, header: PageHeader): void;
}

declare module "hyparquet-writer/src/metadata.js" {
  import type { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
  export interface Statistics {
    readonly null_count: bigint;
    readonly min_value?: bigint | number | Uint8Array;
    readonly max_value?: bigint | number | Uint8Array;
  }
  export interface ColumnChunk {
    readonly file_offset: bigint;
    readonly meta_data: {
      readonly type: string;
      readonly encodings: readonly string[];
      readonly path_in_schema: readonly string[];
      readonly codec: string;
      readonly num_values: bigint;
      readonly total_uncompressed_size: bigint;
      readonly total_compressed_size: bigint;
      readonly data_page_offset: bigint;
      readonly dictionary_page_offset?: bigint;
      readonly statistics: Statistics;
    };
  }
  export interface RowGroup {
    readonly columns: readonly ColumnChunk[];
    readonly total_byte_size: bigint;
    readonly num_rows: bigint;
  }
  export interface SchemaElement {
    readonly name: string;
    readonly type?: string;
    readonly num_children?: number;
    readonly repetition_type?: "OPTIONAL";
    readonly converted_type?: string;
    readonly logical_type?: { readonly type: string; readonly isAdjustedToUTC?: boolean; readonly unit?: string };
  }
  export interface FileMetaData {
    readonly version: number;
    readonly created_by: string;
    readonly schema: readonly SchemaElement[];
    readonly num_rows: bigint;
    readonly row_groups: readonly RowGroup[];
    readonly key_value_metadata: readonly { readonly key: string; readonly value: string }[];
  }
  export function writeMetadata(writer: ByteWriter, metadata: FileMetaData): void;
}

declare module "hyparquet-writer/src/snappy.js" {
  export function snappyCompress(bytes: Uint8Array): Uint8Array;
}

declare module "hysnappy" {
  export function snappyCompressor(): (bytes: Uint8Array) => Uint8Array;
}

declare module "@hpcc-js/wasm-zstd" {
  export class Zstd {
    static load(): Promise<Zstd>;
    compress(bytes: Uint8Array, level: number): Uint8Array;
  }
}

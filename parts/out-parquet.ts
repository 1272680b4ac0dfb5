import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import { snappyCompressor } from "hysnappy";
import type { ParquetPart } from "../functions/outputs/parquet-part";
import type { Packing } from "./parquet/chunk";
import { Files } from "./parquet/files";

/** Bytes of a row group from which on the start of WebAssembly pays. */
const FEW_BYTES = 128 * 1024;

/** WebAssembly remembers what it packed before, and packs the next page otherwise: each row group has one of its own. */
const SNAPPY: Packing = {
  codec: "SNAPPY",
  compressor: (bytes) => (bytes < FEW_BYTES ? snappyCompress : snappyCompressor()),
};

/** See `ParquetPart`. */
export const openParquet: ParquetPart["openParquet"] = (settings, input, zstd) =>
  new Files(settings, input, zstd ? { codec: "ZSTD", compressor: () => zstd } : SNAPPY);

import { snappyCompress } from "hyparquet-writer/src/snappy.js";
import { snappyCompressor } from "hysnappy";
import type { ParquetPart } from "../functions/outputs/parquet-part";
import type { Packing } from "./parquet/chunk";
import { Files } from "./parquet/files";

/** Minimum bytes of a row group for which starting WebAssembly pays off. */
const FEW_BYTES = 128 * 1024;

/** The WebAssembly compressor has state from earlier pages, which changes the output: each row group gets its own. */
const SNAPPY: Packing = {
  codec: "SNAPPY",
  compressor: (bytes) => (bytes < FEW_BYTES ? snappyCompress : snappyCompressor()),
};

/** See `ParquetPart`. */
export const openParquet: ParquetPart["openParquet"] = (settings, input, zstd) =>
  new Files(settings, input, zstd ? { codec: "ZSTD", compressor: () => zstd } : SNAPPY);

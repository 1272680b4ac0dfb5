import { snappyCompressor } from "hysnappy";
import type { Compress, ParquetPart } from "../functions/outputs/parquet-part";
import { Files } from "./parquet/files";

let snappy: Compress | undefined;

/** See `ParquetPart`. */
export const openParquet: ParquetPart["openParquet"] = (settings, input, zstd) => {
  const packing = zstd
    ? ({ codec: "ZSTD", compress: zstd } as const)
    : ({ codec: "SNAPPY", compress: (snappy ??= snappyCompressor()) } as const);
  return new Files(settings, input, packing);
};

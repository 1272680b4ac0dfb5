import { Zstd } from "@hpcc-js/wasm-zstd";
import type { ParquetZstdPart } from "../functions/outputs/parquet-part";

/** Logs become no smaller by a higher level, by what is worth its time. */
const LEVEL = 3;

/** See `ParquetZstdPart`. */
export const openZstd: ParquetZstdPart["openZstd"] = async () => {
  const zstd = await Zstd.load();
  return (bytes) => zstd.compress(bytes, LEVEL);
};

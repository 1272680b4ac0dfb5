import { Zstd } from "@hpcc-js/wasm-zstd";
import type { ParquetZstdPart } from "../functions/outputs/parquet-part";

/** For logs, higher levels do not save enough to be worth their time. */
const LEVEL = 3;

/** See `ParquetZstdPart`. */
export const openZstd: ParquetZstdPart["openZstd"] = async () => {
  const zstd = await Zstd.load();
  return (bytes) => zstd.compress(bytes, LEVEL);
};

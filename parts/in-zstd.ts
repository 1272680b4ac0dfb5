import { Decompress } from "fzstd";
import type { ZstdPart } from "../functions/parser/zstd-part";

/** See `ZstdPart`. */
export const openZstd: ZstdPart["openZstd"] = (onBytes) => {
  const stream = new Decompress((bytes) => onBytes(bytes));
  return { push: (bytes, isLast) => stream.push(bytes, isLast) };
};

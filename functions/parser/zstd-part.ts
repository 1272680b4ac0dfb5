import { loadBeside } from "../runtime/loader";

/** The interface of `in-zstd.js`, the prebuilt part that unpacks zstd. */
export interface ZstdPart {
  /** The output of a piece is passed on before `push` returns. `push` throws if the bytes are not zstd. */
  openZstd(onBytes: (bytes: Uint8Array) => void): ZstdStream;
}

export interface ZstdStream {
  push(bytes: Uint8Array, isLast: boolean): void;
}

/** Loads the part; throws `PartError`. @param folder its folder, next to the handler */
export function loadZstdPart(folder?: string): ZstdPart {
  return loadBeside("in-zstd.js", folder) as ZstdPart;
}

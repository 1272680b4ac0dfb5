import { loadBeside } from "../runtime/loader";

/** The contract of `in-zstd.js`, the prebuilt part that unpacks zstd. It is structural. */
export interface ZstdPart {
  /** What comes out of a piece is handed on before `push` returns, which throws where the bytes are no zstd. */
  openZstd(onBytes: (bytes: Uint8Array) => void): ZstdStream;
}

export interface ZstdStream {
  push(bytes: Uint8Array, isLast: boolean): void;
}

/** Loads the part; throws `PartError`. @param folder where it stands, beside the handler */
export function loadZstdPart(folder?: string): ZstdPart {
  return loadBeside("in-zstd.js", folder) as ZstdPart;
}

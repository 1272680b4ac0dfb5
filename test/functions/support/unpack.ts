import type { ContentError } from "../../../functions/parser/content-error";
import { decompress, type DecompressOptions } from "../../../functions/parser/decompress";
import { collect, sourceOf } from "./bytes";

/** The unpacked content, as far as possible, and the fault that ends it. */
export async function unpack(chunks: Iterable<Uint8Array | Error>, options?: DecompressOptions) {
  const { items, error } = await collect(decompress(sourceOf(chunks), options));
  // As text: jest compares large buffers byte by byte, which takes seconds.
  return { content: Buffer.concat(items).toString("latin1"), error: error as ContentError | undefined };
}

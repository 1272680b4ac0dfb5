import { ContentError } from "./content-error";
import { gunzip } from "./gunzip";

/** How {@link decompress} judges what has no gzip header. */
export interface DecompressOptions {
  /** Set where the name ends with `.gz`: content without the header must then begin like JSON lines. */
  readonly expectGzip?: boolean;
}

/**
 * Content as it was before it was stored: unpacked where it begins with gzip's two magic bytes, else as it is.
 *
 * All that was unpacked before a fault is handed out before the fault is thrown: {@link ContentError}, or the error of
 * the source. Whoever stops early ends the source.
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  { expectGzip = false }: DecompressOptions = {},
): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    const head = await readHead(chunks);
    if (head[0] === 0x1f && head[1] === 0x8b) return yield* gunzip(head, chunks);
    if (expectGzip) requireText(head);
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}

/** Enough of the input to tell what it is: two bytes, where there are two. */
async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < 2) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

/** A `.gz` that holds something else, such as lzop or an error page, must not pass as a file of invalid lines. */
function requireText(head: Buffer): void {
  const start = head.toString("latin1").replace("\u00ef\u00bb\u00bf", "").trimStart();
  if (start === "" || start.startsWith("{")) return;
  throw new ContentError(
    "NOT_GZIP",
    `a .gz object must hold gzip or JSON lines, got bytes ${head.toString("hex", 0, 8)}; ship it with compression gzip`,
    0,
  );
}

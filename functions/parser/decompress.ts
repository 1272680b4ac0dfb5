import { ContentError } from "./content-error";
import { gunzip } from "./gunzip";

/** How {@link decompress} judges content. */
export interface DecompressOptions {
  /** Set where the name ends with `.gz`: content without gzip's header must then begin as what is expected. */
  readonly expectGzip?: boolean;
  /** What is expected. @default "json" */
  readonly expect?: "json" | "text";
  /** How many times its size gzip may unpack to. @default DEFAULT_MAX_UNPACK_RATIO */
  readonly maxUnpackRatio?: number;
  /**
   * The same bytes from the start once more, to save what zlib drops when it comes to a fault; undefined where they are
   * to be had no longer.
   * @default what zlib drops is lost: up to 32 KiB of packed bytes before the fault
   */
  readonly again?: () => AsyncIterable<Uint8Array>;
}

/**
 * Content as it was before it was stored: unpacked where it begins with gzip's two magic bytes, else as it is.
 *
 * All that was unpacked before a fault is handed out before the fault is thrown: {@link ContentError}, or the error of
 * the source. Whoever stops early ends the source.
 */
export async function* decompress(
  source: AsyncIterable<Uint8Array>,
  options: DecompressOptions = {},
): AsyncGenerator<Uint8Array> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    const head = await readHead(chunks);
    if (head[0] === 0x1f && head[1] === 0x8b) return yield* gunzip(head, chunks, options);
    if (options.expectGzip) requirePlain(head, options.expect ?? "json");
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
function requirePlain(head: Buffer, expect: "json" | "text"): void {
  const start = head.toString("latin1", 0, 4096).replace("\u00ef\u00bb\u00bf", "").trimStart();
  const plain = expect === "json" ? start === "" || start.startsWith("{") : !/[\0-\x08\x0e-\x1a]/.test(start);
  if (plain) return;
  const allowed = expect === "json" ? "JSON lines" : "text";
  throw new ContentError(
    "NOT_GZIP",
    `a .gz object must hold gzip or ${allowed}, got bytes ${head.toString("hex", 0, 8)}; ship it with compression gzip`,
    0,
  );
}

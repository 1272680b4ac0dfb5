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
    const start = options.expectGzip ? new PlainStart(options.expect ?? "json") : undefined;
    start?.add(head);
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
      start?.add(next.value);
      yield next.value;
    }
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

/** Bytes by which content is judged. */
const START_BYTES = 4096;

/** The start of content that is no gzip, as far as it came: chunks may be of a byte each. */
class PlainStart {
  readonly #expect: "json" | "text";
  #bytes = Buffer.alloc(0);

  constructor(expect: "json" | "text") {
    this.#expect = expect;
  }

  /**
   * A `.gz` that holds something else, such as lzop or an error page, must not pass as a file of invalid lines.
   *
   * @throws ContentError where it does
   */
  add(chunk: Uint8Array): void {
    if (this.#bytes.length >= START_BYTES) return;
    this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, START_BYTES - this.#bytes.length)]);
    const isPlain = this.#expect === "json" ? this.#mayBeJson() : !/[\0-\x08\x0e-\x1a]/.test(this.#text);
    if (isPlain) return;
    const allowed = this.#expect === "json" ? "JSON lines" : "text";
    throw new ContentError(
      "NOT_GZIP",
      `a .gz object must hold gzip or ${allowed}, got bytes ${this.#bytes.toString("hex", 0, 8)}; ship it with compression gzip`,
      0,
    );
  }

  #mayBeJson(): boolean {
    const json = this.#text.replace(BYTE_ORDER_MARK, "").trimStart();
    return json.startsWith("{") || BYTE_ORDER_MARK.startsWith(json);
  }

  get #text(): string {
    return this.#bytes.toString("latin1");
  }
}

/** In UTF-8, a character for each byte. */
const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

import { ContentError } from "./content-error";
import { type ExpectedContent, foreignKind, kindOf, mayBePlain, START_BYTES, UNFED_LINES } from "./content-kind";
import { gunzip } from "./gunzip";

/** How {@link decompress} judges content. */
export interface DecompressOptions {
  /** Set where the name ends with `.gz`: content without gzip's header must then begin as what is expected. */
  readonly expectGzip?: boolean;
  /** What is expected. @default "json" */
  readonly expect?: ExpectedContent;
  /** How many times its size gzip may unpack to. @default DEFAULT_MAX_UNPACK_RATIO */
  readonly maxUnpackRatio?: number;
  /**
   * The same bytes from the start once more, to save what zlib drops when it comes to a fault; undefined where they are
   * to be had no longer.
   * @default what zlib drops is lost: up to 32 KiB of packed bytes before the fault
   */
  readonly again?: () => AsyncIterable<Uint8Array>;
  /** Told at the end how many bytes of padding, such as line ends, stand behind gzip. */
  readonly onPadding?: (bytes: number) => void;
}

/**
 * Content as it was before it was stored: unpacked where it begins with gzip's two magic bytes, else as it is. What comes
 * out is judged by its start, packed or not: what cannot be what is expected is a fault.
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
    const isGzip = head[0] === 0x1f && head[1] === 0x8b;
    const content = isGzip ? gunzip(head, chunks, options) : plain(head, chunks);
    yield* judged(content, (start) => judge(start, isGzip, options));
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

async function* plain(head: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

/** Holds back the start of the content, whose chunks may be of a byte each, until it is judged. */
async function* judged(
  content: AsyncIterable<Uint8Array>,
  faultOf: (start: Buffer) => ContentError | undefined,
): AsyncGenerator<Uint8Array> {
  let held = Buffer.alloc(0);
  let isJudged = false;
  try {
    for await (const chunk of content) {
      if (isJudged) {
        yield chunk;
        continue;
      }
      held = Buffer.concat([held, chunk]);
      if (held.length < START_BYTES) continue;
      isJudged = true;
      const fault = faultOf(held.subarray(0, START_BYTES));
      if (fault) throw fault;
      yield held;
    }
  } catch (error) {
    // As much as came; the fault that ended it is told, whatever it was.
    if (!isJudged && held.length > 0 && !faultOf(held)) yield held;
    throw error;
  }
  if (isJudged) return;
  const fault = faultOf(held);
  if (fault) throw fault;
  if (held.length > 0) yield held;
}

const WORDS: Readonly<Record<ExpectedContent, string>> = { json: "JSON lines", csv: "CSV", text: "text" };

/** What keeps content from being read, by its start. Neither an archive nor a page must pass as a file of invalid lines. */
function judge(
  start: Buffer,
  isGzip: boolean,
  { expectGzip = false, expect = "json" }: DecompressOptions,
): ContentError | undefined {
  const wanted = WORDS[expect];
  if (expectGzip && !isGzip && (start.length === 0 || !mayBePlain(start, expect))) {
    const message = `a .gz object must hold gzip or ${wanted}, got ${kindOf(start)}; ship it with compression gzip`;
    return new ContentError("NOT_GZIP", message, 0);
  }
  const kind = foreignKind(start, expect);
  if (kind === undefined) return undefined;
  const message = `the content must be ${wanted}, got ${kind}${isGzip ? " inside gzip" : ""}`;
  const remedy =
    kind === UNFED_LINES ? "upload it with line feeds" : `upload ${wanted} in UTF-8, plain or packed once with gzip`;
  return new ContentError("WRONG_CONTENT", `${message}; ${remedy}`, 0);
}

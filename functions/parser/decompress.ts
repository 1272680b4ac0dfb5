import { ContentError } from "./content-error";
import { type ExpectedContent, foreignKind, formatOf, kindOf, mayBePlain, UNFED_LINES } from "./content-kind";
import { decodedStart, isUtf8Instead, needsDecoding, utf16Order } from "./encoding";
import { gunzip } from "./gunzip";
import { type Judge, judged } from "./judged";
import type { MemberStart } from "./member-starts";
import { SNAPPY_HEAD_BYTES, snappyKind, unsnappyStream } from "./snappy-stream";
import { DEFAULT_MAX_UNPACK_RATIO } from "./unpack-ratio";
import { isZstd, ZSTD_HEAD_BYTES } from "./zstd-frames";
import type { ZstdPart } from "./zstd-part";
import { unzstdStream } from "./zstd-stream";

/** How {@link decompress} judges content. */
export interface DecompressOptions {
  /** Set where the name ends with `.gz`: content without gzip's header must then begin as what is expected. */
  readonly expectGzip?: boolean;
  /** What is expected. @default "json" */
  readonly expect?: ExpectedContent;
  /** The encoding of its text, one of TextDecoder's labels. What is handed out is as it was stored. @default UTF-8 */
  readonly encoding?: string;
  /** What unpacks zstd. @default zstd is refused */
  readonly zstd?: () => ZstdPart;
  /** How many times its size gzip or zstd may unpack to. @default DEFAULT_MAX_UNPACK_RATIO */
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
 * Content as it was before it was stored: unpacked where it begins as gzip, Snappy or, with `zstd`, zstd does, else as it is. What
 * comes out is judged by its start, packed or not, and by that of each member of gzip: what cannot be what is expected is a fault.
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
    const members: MemberStart[] = [];
    const { content, packing } = unpack(head, chunks, options, members);
    yield* judged(content, members, judgeOf(packing, options));
  } finally {
    await chunks.return?.();
  }
}

/** How content is packed, by its start; undefined where it is not. */
type Packing = "gzip" | "snappy" | "zstd" | undefined;

/** @param members is added where each member of gzip begins but the first */
function unpack(
  head: Buffer,
  chunks: AsyncIterator<Uint8Array>,
  options: DecompressOptions,
  members: MemberStart[],
): { readonly packing: Packing; readonly content: AsyncGenerator<Uint8Array> } {
  const { expect, zstd, maxUnpackRatio = DEFAULT_MAX_UNPACK_RATIO } = options;
  if (head[0] === 0x1f && head[1] === 0x8b) {
    const onMember = (start: MemberStart) => void members.push(start);
    return { packing: "gzip", content: gunzip(head, chunks, { ...options, onMember }) };
  }
  const snappy = snappyKind(head, expect !== "csv" && expect !== "text");
  if (snappy) return { packing: "snappy", content: unsnappyStream(snappy, head, chunks) };
  if (zstd && isZstd(head)) return { packing: "zstd", content: unzstdStream(zstd(), head, chunks, maxUnpackRatio) };
  return { packing: undefined, content: plain(head, chunks) };
}

/** Enough of the input to tell what it is: two bytes, where there are two, and more where it may be Snappy or zstd. */
async function readHead(chunks: AsyncIterator<Uint8Array>): Promise<Buffer> {
  let head = Buffer.alloc(0);
  while (head.length < 2 || head.length < headBytes(head[0])) {
    const next = await chunks.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

function headBytes(first: number): number {
  if (first === 0x28) return ZSTD_HEAD_BYTES;
  return first >= 0x80 ? SNAPPY_HEAD_BYTES : 2;
}

async function* plain(head: Uint8Array, chunks: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield head;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}

const WORDS: Readonly<Record<ExpectedContent, string>> = {
  json: "JSON lines",
  "json-values": "JSON",
  csv: "CSV",
  text: "text",
};

/** What to do with a file that is something else. */
function remedyOf(kind: string, wanted: string, packing: Packing): string {
  if (kind === "zstd" && packing === undefined) return `set compressions to ["zstd"], or pack it once with gzip`;
  if (kind.endsWith(" archive"))
    return `upload each file of it by itself, as ${wanted} in UTF-8, plain or packed once with gzip`;
  return `upload ${wanted} in UTF-8, plain or packed once with gzip`;
}

/** What keeps content from being read, by its start. Neither an archive nor a page must pass as a file of invalid lines. */
function judgeOf(packing: Packing, { expectGzip = false, expect = "json", encoding }: DecompressOptions): Judge {
  const wanted = WORDS[expect];
  const wrong = (kind: string, packed: number, remedy = remedyOf(kind, wanted, packing)) => {
    const where = packing ? ` inside ${packing}${packed > 0 ? ", in a member behind others" : ""}` : "";
    return new ContentError("WRONG_CONTENT", `the content must be ${wanted}, got ${kind}${where}; ${remedy}`, packed);
  };
  const unfed = () => wrong(UNFED_LINES, 0, "upload it with line feeds");
  const notGzip = (start: Buffer) => {
    const message = `a .gz object must hold gzip or ${wanted}, got ${kindOf(start)}; ship it with compression gzip`;
    return new ContentError("NOT_GZIP", message, 0);
  };
  /** Of text in another encoding only the first stretch is text from its start on. */
  const encodedFault = (start: Buffer, label: string, isFirst: boolean, packed: number) => {
    const format = formatOf(start);
    if (format !== undefined) return wrong(format, packed);
    if (!isFirst) return undefined;
    if (isUtf8Instead(start, label)) return wrong("UTF-8 text", packed, `leave out encoding, which is "${label}"`);
    const kind = foreignKind(decodedStart(start, label), expect);
    return kind === undefined || kind === UNFED_LINES ? undefined : wrong(kind, packed);
  };
  return {
    faultOf(start, beginning, packed) {
      if (packing === undefined && formatOf(start) === "zstd") return wrong("zstd", packed);
      const text = needsDecoding(encoding) ? decodedStart(start, encoding) : start;
      if (expectGzip && packing === undefined && (text.length === 0 || !mayBePlain(text, expect)))
        return notGzip(start);
      if (needsDecoding(encoding)) return encodedFault(start, encoding, beginning === "content", packed);
      const kind = foreignKind(start, expect, beginning);
      if (kind === undefined) return undefined;
      if (kind === UNFED_LINES) return unfed();
      return kind === "UTF-16 text"
        ? wrong(kind, packed, `set content's encoding to "${utf16Order(start)}"`)
        : wrong(kind, packed);
    },
    ...(expect === "text" && { unfed }),
  };
}

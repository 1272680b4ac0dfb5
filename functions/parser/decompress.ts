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

/** How {@link decompress} checks content. */
export interface DecompressOptions {
  /** Set if the name ends with `.gz`. Content without gzip's header must then begin like the expected format. */
  readonly expectGzip?: boolean;
  /** The expected format. @default "json" */
  readonly expect?: ExpectedContent;
  /** The encoding of the text, a label of TextDecoder. The output is not converted. @default UTF-8 */
  readonly encoding?: string;
  /** Decompressor for zstd. @default zstd is refused */
  readonly zstd?: () => ZstdPart;
  /** Maximum ratio between the unpacked and the packed size of gzip or zstd. @default DEFAULT_MAX_UNPACK_RATIO */
  readonly maxUnpackRatio?: number;
  /**
   * Reads the same bytes again from the start, to recover what zlib drops at a fault; undefined if they are no longer
   * available.
   * @default what zlib drops is lost: up to 32 KiB of packed bytes before the fault
   */
  readonly again?: () => AsyncIterable<Uint8Array>;
  /** Receives, at the end, the number of padding bytes, such as line ends, after gzip data. */
  readonly onPadding?: (bytes: number) => void;
}

/**
 * Restores content to its original form: unpacks it if it begins like gzip, Snappy or, with `zstd`, zstd; otherwise
 * passes it through. The start of the result is checked, whether it was packed or not, and so is the start of each gzip
 * member. Content that cannot be of the expected format is a fault. Everything that was unpacked before a fault is
 * passed on before the fault is thrown: {@link ContentError}, or the error of the source. If the consumer stops early,
 * the source is closed.
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

/** Compression of content, detected from its start; undefined if it is not compressed. */
type Packing = "gzip" | "snappy" | "zstd" | undefined;

/** @param members receives the start of each gzip member except the first */
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

/** Enough of the input to detect its format: two bytes if available, and more if it can be Snappy or zstd. */
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

/** The remedy for a file of another format. */
function remedyOf(kind: string, wanted: string, packing: Packing): string {
  if (kind === "zstd" && packing === undefined) return `set compressions to ["zstd"], or pack it once with gzip`;
  if (kind.endsWith(" archive"))
    return `upload each file of it by itself, as ${wanted} in UTF-8, plain or packed once with gzip`;
  return `upload ${wanted} in UTF-8, plain or packed once with gzip`;
}

/**
 * Checks that prevent content from being misread, by its start: neither an archive nor an error page must pass as a
 * file of invalid lines.
 */
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
  /** In another encoding, only the first stretch is guaranteed to begin with a whole character. */
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

import { isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";
import type { ParseCounts } from "./counts";

/** Number of bytes of lines that are not UTF-8 from which their encoding is guessed. */
export const SAMPLE_BYTES = 8192;

/** Byte order marks, which identify an encoding. */
const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/** The encoding that a byte order mark at the start identifies. */
function markedEncoding(start: Uint8Array): string | undefined {
  return MARKS.find(([, mark]) => mark.every((byte, at) => start[at] === byte))?.[0];
}

/** Whether text with this label must be converted before it is read: readers read UTF-8. */
export function needsDecoding(label: string | undefined): label is string {
  return label !== undefined && new TextDecoder(label).encoding !== "utf-8";
}

/** The start of the text as UTF-8. A byte order mark takes precedence over the label. */
export function decodedStart(start: Uint8Array, label: string): Buffer {
  return Buffer.from(new TextDecoder(markedEncoding(start) ?? label).decode(start, { stream: true }));
}

/**
 * Whether text is UTF-8 although it should have another encoding: bytes of that encoding would rarely be valid UTF-8 by
 * chance.
 */
export function isUtf8Instead(start: Buffer, label: string): boolean {
  if (markedEncoding(start) !== undefined) return false;
  const text = start.toString("utf8");
  // A last character can continue after the start.
  if (!isUtf8(start) && text.slice(0, -1).includes("\ufffd")) return false;
  if (new TextDecoder(label).encoding.startsWith("utf-16"))
    return start.length >= 16 && !/[\0-\x08\x0e-\x1f]/.test(text);
  return (text.match(/[\u0800-\ufffc]/g)?.length ?? 0) >= 3;
}

/**
 * Converts text to UTF-8, chunk by chunk. Bytes that are not valid in the encoding become U+FFFD, and lines with that
 * character are counted. A byte order mark at the start is removed, and takes precedence over the label.
 *
 * @param label a label of TextDecoder
 */
export async function* decoded(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  label: string,
  counts: ParseCounts,
): AsyncGenerator<Buffer> {
  const lines = new BrokenLines(counts);
  let decoder: TextDecoder | undefined;
  for await (const bytes of wholeLines(chunks)) {
    decoder ??= new TextDecoder(markedEncoding(bytes) ?? label);
    yield lines.seen(decoder.decode(bytes, { stream: true }));
  }
  if (decoder) yield lines.seen(decoder.decode());
}

/** Maximum bytes of a line that are decoded at once. */
const LONGEST = 1024 * 1024;

const LINE_FEED = 0x0a;

/**
 * Splits the bytes at line feeds, regardless of the chunks. The platform's result for broken text depends on where a
 * call ends, and the same input must give the same text. In no encoding is a line feed the second byte of a character.
 */
async function* wholeLines(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const feed = chunk.lastIndexOf(LINE_FEED) + 1;
    if (feed === 0 && length + chunk.length < LONGEST) {
      held.push(chunk);
      length += chunk.length;
      continue;
    }
    let all: Uint8Array = Buffer.concat([...held, chunk]);
    for (let end = endOfLines(all); end > 0; end = endOfLines(all)) {
      yield all.subarray(0, end);
      all = all.subarray(end);
    }
    held = [all];
    length = all.length;
  }
  if (length > 0) yield Buffer.concat(held);
}

/** End of the complete lines, or the point where a line that is too long is cut; 0 if more bytes are needed. */
function endOfLines(bytes: Uint8Array): number {
  for (let start = 0; ;) {
    const feed = bytes.indexOf(LINE_FEED, start);
    if (feed === -1 ? bytes.length - start >= LONGEST : feed + 1 - start > LONGEST) return start > 0 ? start : LONGEST;
    if (feed === -1) return start;
    start = feed + 1;
  }
}

/** Counts lines with U+FFFD, each once, however it is cut. */
class BrokenLines {
  readonly #counts: ParseCounts;
  #isCounted = false;

  constructor(counts: ParseCounts) {
    this.#counts = counts;
  }

  seen(text: string): Buffer {
    for (let at = 0, broken = text.indexOf("\ufffd"); ; broken = text.indexOf("\ufffd", at)) {
      if (text.includes("\n") && text.lastIndexOf("\n", broken === -1 ? undefined : broken) >= at)
        this.#isCounted = false;
      if (broken === -1) break;
      if (!this.#isCounted) this.#counts.invalidUtf8 = (this.#counts.invalidUtf8 ?? 0) + 1;
      this.#isCounted = true;
      at = broken + 1;
    }
    return Buffer.from(text);
  }
}

/** The byte order of UTF-16, detected from its mark, or from the positions of its NUL bytes. */
export function utf16Order(start: Buffer): "utf-16le" | "utf-16be" {
  const marked = markedEncoding(start);
  if (marked === "utf-16le" || marked === "utf-16be") return marked;
  let odd = 0;
  for (let at = 0; at < start.length; at++) if (start[at] === 0) odd += (at & 1) === 1 ? 1 : -1;
  return odd >= 0 ? "utf-16le" : "utf-16be";
}

/**
 * Text whose byte pairs are largely ASCII and otherwise characters of one script. In Chinese UTF-16, fewer than half of
 * the bytes can be NUL.
 */
export function isUtf16(start: Buffer): boolean {
  if (start.length < 16 || !start.includes(0)) return false;
  const whole = start.subarray(0, start.length & ~1);
  const text = new TextDecoder(utf16Order(start)).decode(whole);
  const likely = text.match(
    /[\t\n\r\x20-\x7e\u00a0-\u024f\u0370-\u052f\u2010-\u2030\u3000-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff00-\uffef]/g,
  );
  const ascii = text.match(/[\t\n\r\x20-\x7e]/g);
  return (likely?.length ?? 0) >= text.length * 0.97 && (ascii?.length ?? 0) >= text.length * 0.1;
}

/**
 * The probable encoding of lines that are not UTF-8; undefined if it cannot be guessed. Only GBK is detected: its
 * characters are pairs of bytes, most of which stand for the few thousand characters in common use.
 */
export function likelyEncoding(lines: Buffer): "gbk" | undefined {
  let [pairs, common] = [0, 0];
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] < 0x80) continue;
    const [lead, trail] = [lines[at], lines[++at]];
    // The last character can be cut.
    if (trail === undefined) break;
    if (lead === 0x80 || lead === 0xff || trail < 0x40 || trail === 0x7f || trail === 0xff) return undefined;
    pairs++;
    // In GB 2312: the symbols and letters, and the first level, which are the 3,755 most frequent characters.
    if (trail >= 0xa1 && ((lead >= 0xa1 && lead <= 0xa3) || (lead >= 0xb0 && lead <= 0xd7))) common++;
  }
  return pairs >= 4 && common >= pairs * 0.85 ? "gbk" : undefined;
}

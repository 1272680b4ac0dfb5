import { isUtf8 } from "node:buffer";
import { TextDecoder } from "node:util";
import type { ParseCounts } from "./counts";

/** Bytes of lines that are not UTF-8 by which their encoding is judged. */
export const SAMPLE_BYTES = 8192;

/** The marks with which text begins that says itself how it is encoded. */
const MARKS: readonly (readonly [string, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];

/** The encoding that a byte order mark at the start tells. */
function markedEncoding(start: Uint8Array): string | undefined {
  return MARKS.find(([, mark]) => mark.every((byte, at) => start[at] === byte))?.[0];
}

/** Whether text of this label must be changed before it is read; UTF-8 is what readers read. */
export function needsDecoding(label: string | undefined): label is string {
  return label !== undefined && new TextDecoder(label).encoding !== "utf-8";
}

/** The start of text as UTF-8. A mark tells more than the label. */
export function decodedStart(start: Uint8Array, label: string): Buffer {
  return Buffer.from(new TextDecoder(markedEncoding(start) ?? label).decode(start, { stream: true }));
}

/** Whether text is in UTF-8 although it should be in another encoding: bytes of that would rarely be UTF-8 by chance. */
export function isUtf8Instead(start: Buffer, label: string): boolean {
  if (markedEncoding(start) !== undefined) return false;
  const text = start.toString("utf8");
  // A last character may go on behind the start.
  if (!isUtf8(start) && text.slice(0, -1).includes("\ufffd")) return false;
  if (new TextDecoder(label).encoding.startsWith("utf-16"))
    return start.length >= 16 && !/[\0-\x08\x0e-\x1f]/.test(text);
  return (text.match(/[\u0800-\ufffc]/g)?.length ?? 0) >= 3;
}

/**
 * Text as UTF-8, a chunk at a time. Bytes that are none of the encoding become U+FFFD; the lines that hold such a character
 * are counted. A byte order mark at the start is left out, and tells more than the label.
 *
 * @param label one of TextDecoder's
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

/** Bytes of one line that are decoded at once. */
const LONGEST = 1024 * 1024;

const LINE_FEED = 0x0a;

/**
 * Bytes up to a line feed, whatever the chunks: what the platform makes of broken text depends on where a call ends, and the
 * same input must give the same text. In no encoding of bytes is a line feed the second byte of a character.
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

/** Where the lines that are whole end, or a line that is too long is cut; 0 where more must come. */
function endOfLines(bytes: Uint8Array): number {
  for (let start = 0; ;) {
    const feed = bytes.indexOf(LINE_FEED, start);
    if (feed === -1 ? bytes.length - start >= LONGEST : feed + 1 - start > LONGEST) return start > 0 ? start : LONGEST;
    if (feed === -1) return start;
    start = feed + 1;
  }
}

/** Counts lines that hold U+FFFD, each once however it is cut. */
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

/** Which of the two orders UTF-16 is in, by its mark, or by where its NUL bytes stand. */
export function utf16Order(start: Buffer): "utf-16le" | "utf-16be" {
  const marked = markedEncoding(start);
  if (marked === "utf-16le" || marked === "utf-16be") return marked;
  let odd = 0;
  for (let at = 0; at < start.length; at++) if (start[at] === 0) odd += (at & 1) === 1 ? 1 : -1;
  return odd >= 0 ? "utf-16le" : "utf-16be";
}

/**
 * Text whose bytes, two by two, are ASCII in good part and characters of a script else. Of UTF-16 in Chinese fewer than half
 * of the bytes may be NUL.
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
 * The encoding that lines look like which are not UTF-8; undefined where it cannot be told. Only GBK is told: its characters
 * are pairs of bytes, most of which stand for the few thousand characters that are in use.
 */
export function likelyEncoding(lines: Buffer): "gbk" | undefined {
  let [pairs, common] = [0, 0];
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] < 0x80) continue;
    const [lead, trail] = [lines[at], lines[++at]];
    // The last one may be cut.
    if (trail === undefined) break;
    if (lead === 0x80 || lead === 0xff || trail < 0x40 || trail === 0x7f || trail === 0xff) return undefined;
    pairs++;
    // Of GB 2312: its marks and letters, and its first level, the 3,755 characters that are used most.
    if (trail >= 0xa1 && ((lead >= 0xa1 && lead <= 0xa3) || (lead >= 0xb0 && lead <= 0xd7))) common++;
  }
  return pairs >= 4 && common >= pairs * 0.85 ? "gbk" : undefined;
}

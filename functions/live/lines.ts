import { StringDecoder } from "node:string_decoder";
import { MAX_TEXT_BYTES } from "./record";

/**
 * Maximum bytes of a line: the limit of SCF's log of a request in five seconds (docs/design/facts/runtime.md#function-log).
 * Longer lines are only counted, with their size.
 */
export const MAX_LINE_BYTES = 1024 * 1024;

const NOTHING = { lines: 0, bytes: 0 };

/** Receives a line without its end; undefined if it is too long, or its beginning was not seen. */
export type TakeLine = (text: string | undefined, bytes: number) => void;

/**
 * Splits what is written to one stream into lines. A line ends with a line feed; one carriage return before it is part of
 * the end. Characters that are split between two chunks are joined; invalid UTF-8 becomes U+FFFD.
 */
export class LineAssembler {
  readonly #take: TakeLine;
  #decoder: StringDecoder | undefined;
  /** Whether the decoder can hold the beginning of a character. */
  #isInsideCharacter = false;
  /** The beginning of a line that has not ended. */
  #begun: string[] = [];
  #begunBytes = 0;
  #isLost = false;

  constructor(take: TakeLine) {
    this.#take = take;
  }

  write(chunk: string | Uint8Array, encoding?: BufferEncoding): void {
    const text = this.#textOf(chunk, encoding);
    const end = text.indexOf("\n");
    // Nearly every write is one whole line.
    if (end === text.length - 1 && end >= 0 && this.#begun.length === 0 && !this.#isLost)
      return this.#end(text, 0, end);
    let start = 0;
    for (let at = end; at >= 0; at = text.indexOf("\n", start)) {
      this.#end(text, start, at);
      start = at + 1;
    }
    if (start < text.length) this.#begin(start === 0 ? text : text.slice(start));
  }

  /**
   * Takes many writes at once if each is one whole line, as nearly all are. @returns all lines and their bytes; undefined,
   * without taking any, if one of them needs separate treatment
   */
  takeWhole(chunks: readonly string[]): { readonly texts: string[]; readonly bytes: number } | undefined {
    if (this.#begun.length > 0 || this.#isLost || this.#isInsideCharacter) return undefined;
    for (const chunk of chunks) if (chunk.charCodeAt(chunk.length - 1) !== 10) return undefined;
    const all = chunks.join("");
    const texts = all.split("\n");
    texts.pop();
    // Each chunk ends a line, so an equal number of lines means one line per chunk.
    if (texts.length !== chunks.length || all.includes("\r\n")) return undefined;
    return { texts, bytes: Buffer.byteLength(all) - texts.length };
  }

  /** Skips what is written; of lines only their number is known. Returns the number of lines that ended. */
  pass(chunk: string | Uint8Array): number {
    const isText = typeof chunk === "string";
    const { length } = chunk;
    if (length === 0) return 0;
    this.#isInsideCharacter = false;
    let at = isText ? chunk.indexOf("\n") : chunk.indexOf(10);
    if (at === length - 1) {
      this.#forget(false);
      return 1;
    }
    let ended = 0;
    let last = -1;
    for (; at >= 0; at = isText ? chunk.indexOf("\n", at + 1) : chunk.indexOf(10, at + 1)) {
      ended++;
      last = at;
    }
    this.#forget(last < length - 1);
    return ended;
  }

  /**
   * Only counts what is written. @returns the number of lines that ended; their bytes include those of a line that began
   * before, and are reported with the last line
   */
  count(chunk: string | Uint8Array): { readonly lines: number; readonly bytes: number } {
    const begun = this.#begunBytes;
    const size = typeof chunk === "string" ? Buffer.byteLength(chunk) : chunk.length;
    const lines = this.pass(chunk);
    if (lines > 0) return { lines, bytes: begun + size - lines };
    this.#begunBytes = begun + size;
    return NOTHING;
  }

  /** Ends an unfinished line, for example at the end of a request. */
  flush(): void {
    const rest = this.#isInsideCharacter ? (this.#decoder?.end() ?? "") : "";
    this.#isInsideCharacter = false;
    if (rest !== "") this.#begin(rest);
    if (this.#begun.length > 0 || this.#isLost) this.#end("", 0, 0);
  }

  #forget(isLost: boolean): void {
    if (this.#begun.length > 0) this.#begun = [];
    this.#begunBytes = 0;
    this.#isLost = isLost;
  }

  #textOf(chunk: string | Uint8Array, encoding: BufferEncoding | undefined): string {
    if (typeof chunk === "string") {
      const isText = encoding === undefined || encoding === "utf8" || encoding === "utf-8";
      if (!isText) return this.#textOf(Buffer.from(chunk, encoding), undefined);
      if (!this.#isInsideCharacter) return chunk;
      this.#isInsideCharacter = false;
      return (this.#decoder?.end() ?? "") + chunk;
    }
    this.#decoder ??= new StringDecoder("utf8");
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const text = this.#decoder.write(bytes);
    this.#isInsideCharacter = bytes.length > 0 ? bytes[bytes.length - 1] >= 0x80 : this.#isInsideCharacter;
    return text;
  }

  #begin(text: string): void {
    this.#begunBytes += Buffer.byteLength(text);
    if (this.#begunBytes > MAX_LINE_BYTES) this.#isLost = true;
    if (this.#isLost) this.#begun = [];
    else this.#begun.push(text);
  }

  #end(text: string, start: number, end: number): void {
    if (this.#begun.length === 0 && !this.#isLost) {
      const line = text.slice(start, end > start && text.charCodeAt(end - 1) === 13 ? end - 1 : end);
      const bytes = Buffer.byteLength(line);
      return this.#take(bytes > MAX_LINE_BYTES ? undefined : line, bytes);
    }
    if (end > start) this.#begin(text.slice(start, end));
    let line = this.#isLost ? undefined : this.#begun.join("");
    let bytes = this.#begunBytes;
    if (line?.endsWith("\r")) {
      line = line.slice(0, -1);
      bytes--;
    }
    this.#forget(false);
    this.#take(line, bytes);
  }
}

/** Splits a text into pieces of at most {@link MAX_TEXT_BYTES}, between characters. */
export function piecesOf(text: string): string[] {
  const bytes = Buffer.from(text);
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + MAX_TEXT_BYTES, bytes.length);
    while (end < bytes.length && (bytes[end] & 0xc0) === 0x80) end--;
    pieces.push(bytes.toString("utf8", start, end));
    start = end;
  }
  return pieces;
}

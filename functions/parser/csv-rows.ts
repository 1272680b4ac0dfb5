import type { CsvFormat } from "./csv";
import { CARRIAGE_RETURN, LINE_FEED } from "./csv-line-end";

/** Where rows stand in a buffer, each without its line end. */
interface PlainRows {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Where the first line begins that is none. */
  readonly next: number;
}

/**
 * The rows at the start of whole lines that are plain: a line each, not empty, with its quotes in their places. What else there
 * may be (comments, values that span lines, rows that are none) is for whoever looks at one line after the other.
 *
 * @param end behind a line feed
 * @param width how many values a row has; undefined where any number will do
 * @param maxBytes longest row
 */
export function plainRows(
  buffer: Buffer,
  start: number,
  end: number,
  format: CsvFormat,
  width: number | undefined,
  maxBytes: number,
): PlainRows {
  const { comment = "", delimiter, escape = format.quote, quote } = format;
  const [isMark, isEscape, isQuote, isComment] = [delimiter, escape, quote, comment].map(byteOf);
  const starts: number[] = [];
  const ends: number[] = [];
  for (let row = start; row < end;) {
    if (buffer[row] === isComment) return { starts, ends, next: row };
    let at = row;
    let values = 1;
    for (;;) {
      let byte = buffer[at];
      if (byte === isQuote) {
        at = behindQuote(buffer, at + 1, isQuote, isEscape);
        if (at === -1) return { starts, ends, next: row };
        byte = buffer[at];
      } else {
        while (byte !== isMark && byte !== LINE_FEED) byte = buffer[++at];
      }
      if (byte !== isMark) break;
      values++;
      at++;
    }
    if (buffer[at] === CARRIAGE_RETURN && buffer[at + 1] === LINE_FEED) at++;
    const rowEnd = at > row && buffer[at - 1] === CARRIAGE_RETURN ? at - 1 : at;
    const isRow = buffer[at] === LINE_FEED && rowEnd > row && rowEnd - row <= maxBytes;
    if (!isRow || (width !== undefined && values !== width)) return { starts, ends, next: row };
    starts.push(row);
    ends.push(rowEnd);
    row = at + 1;
  }
  return { starts, ends, next: end };
}

/** Where a quoted value ends, behind its quote; -1 where a line feed comes first. */
function behindQuote(buffer: Buffer, start: number, quote: number, escape: number): number {
  for (let at = start; buffer[at] !== LINE_FEED; at++) {
    const byte = buffer[at];
    if (byte !== quote && byte !== escape) continue;
    const isEscaped = byte === escape && (escape !== quote || buffer[at + 1] === quote);
    if (!isEscaped) return at + 1;
    if (buffer[++at] === LINE_FEED) return -1;
  }
  return -1;
}

/** -1 for a mark that there is none of. */
function byteOf(mark: string): number {
  return mark === "" ? -1 : mark.charCodeAt(0);
}

import type { Fields } from "../records/contracts";
import type { CutLines } from "../records/record-lines";
import type { CsvColumns } from "./csv-fields";
import { CARRIAGE_RETURN, LINE_FEED } from "./csv-line-end";
import { MAX_RUN_BYTES } from "./lines";

/** Layout of a row in the table: start, end, whether it contains more than ASCII, and the end of each value. */
const [START, END, IS_WIDE, VALUES] = [0, 1, 2, 3];

/** Buffer in which the table is built. A row of two bytes takes at most five words, and each further byte one more. */
let scratch: Int32Array | undefined;
const SCRATCH_WORDS = 3 * MAX_RUN_BYTES;

/** Consecutive CSV rows in a buffer, one line each, with the positions of their values. */
export class CsvRows implements CutLines {
  constructor(
    readonly buffer: Buffer,
    /** Start of the first line that is not one of them. */
    readonly next: number,
    private readonly columns: CsvColumns,
    private readonly table: Int32Array,
    private readonly words: number,
  ) {}

  get count(): number {
    return this.table.length / this.words;
  }

  start(index: number): number {
    return this.table[index * this.words + START];
  }

  end(index: number): number {
    return this.table[index * this.words + END];
  }

  readFields(index: number): Fields | undefined {
    const { buffer, columns, table, words } = this;
    const at = index * words;
    const [start, end] = [table[at + START], table[at + END]];
    const isTold = table[at + IS_WIDE] < 0x80 && words > VALUES;
    return isTold ? columns.readTold(buffer, start, table, at + VALUES) : columns.read(buffer, start, end);
  }
}

/**
 * Finds the plain rows at the start of whole lines: one line each, not empty, with correct quotes. Everything else
 * (comments, values that span lines, invalid rows) is left to the code that reads line by line.
 *
 * @param end position after a line feed; the lines have at most {@link MAX_RUN_BYTES}
 * @param width number of values per row; undefined for any number
 * @param maxBytes maximum bytes of a row
 */
export function plainRows(
  buffer: Buffer,
  start: number,
  end: number,
  columns: CsvColumns,
  width: number | undefined,
  maxBytes: number,
): CsvRows {
  const { comment = "", delimiter, escape = columns.format.quote, quote } = columns.format;
  const [isMark, isEscape, isQuote, isComment] = [delimiter, escape, quote, comment].map(byteOf);
  // Most bytes are higher, so that a single comparison shows that they do not end a value.
  const highest = Math.max(isMark, LINE_FEED);
  const table = (scratch ??= new Int32Array(SCRATCH_WORDS));
  const words = VALUES + (width ?? 0);
  let row = start;
  let used = 0;
  for (; row < end && buffer[row] !== isComment; used += words) {
    let at = row;
    let values = 0;
    let wide = 0;
    for (;;) {
      let byte = buffer[at];
      if (byte === isQuote) {
        const behind = behindQuote(buffer, at + 1, isQuote, isEscape);
        if (behind === 0) return new CsvRows(buffer, row, columns, table.slice(0, used), words);
        if (behind < 0) wide = 0x80;
        at = Math.abs(behind);
        byte = buffer[at];
      } else {
        for (; byte > highest || (byte !== isMark && byte !== LINE_FEED); byte = buffer[++at]) wide |= byte;
      }
      if (values < (width ?? 0)) table[used + VALUES + values] = at;
      values++;
      if (byte !== isMark) break;
      at++;
    }
    if (buffer[at] === CARRIAGE_RETURN && buffer[at + 1] === LINE_FEED) at++;
    const rowEnd = at > row && buffer[at - 1] === CARRIAGE_RETURN ? at - 1 : at;
    const isRow = buffer[at] === LINE_FEED && rowEnd > row && rowEnd - row <= maxBytes;
    if (!isRow || (width !== undefined && values !== width)) break;
    table[used + START] = row;
    table[used + END] = rowEnd;
    table[used + IS_WIDE] = wide;
    if (width !== undefined) table[used + VALUES + width - 1] = rowEnd;
    row = at + 1;
  }
  return new CsvRows(buffer, row, columns, table.slice(0, used), words);
}

/**
 * Position after a quoted value's closing quote, negative if the value contains more than ASCII; 0 if a line feed comes
 * first.
 */
function behindQuote(buffer: Buffer, start: number, quote: number, escape: number): number {
  const highest = Math.max(quote, escape);
  let wide = 0;
  for (let at = start; ; at++) {
    const byte = buffer[at];
    wide |= byte;
    if (byte > highest || (byte !== quote && byte !== escape && byte !== LINE_FEED)) continue;
    if (byte === LINE_FEED) return 0;
    const isEscaped = byte === escape && (escape !== quote || buffer[at + 1] === quote);
    if (!isEscaped) return wide < 0x80 ? at + 1 : -(at + 1);
    wide |= buffer[++at];
    if (buffer[at] === LINE_FEED) return 0;
  }
}

/** -1 for a mark that is not used. */
function byteOf(mark: string): number {
  return mark === "" ? -1 : mark.charCodeAt(0);
}

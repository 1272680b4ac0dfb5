import { checkItems, cutAt, joined, TextBuilder } from "../run/length";
import { replace } from "./search";

/** Format of CSV text. */
export interface CsvFormat {
  /** One character. */
  readonly separator: string;
  /** One character; doubled within quotes, it is a literal quote. */
  readonly quote: string;
  /** Whether spaces before a value are skipped. */
  readonly skipsSpaces: boolean;
}

/** A row, and the position after its line end. */
export interface CsvRow {
  readonly values: string[];
  readonly next: number;
}

/**
 * Reads the row at an offset as Python's `csv.reader` does. A value that starts with the quote ends at the next single
 * quote, and can contain separators, line ends and doubled quotes; quotes elsewhere in a value are literal. An empty
 * line has no values.
 */
export function readCsvRow(text: string, from: number, format: CsvFormat): CsvRow {
  const end = lineEnd(text, from);
  const line = text.slice(from, end);
  if (line === "") return { values: [], next: behind(text, end) };
  if (line.includes(format.quote) || (format.skipsSpaces && format.separator === " ")) {
    return new RowReader(text, from, format).read();
  }
  return { values: plainValues(line, format), next: behind(text, end) };
}

/**
 * The values of a text that is one row; line ends after it are allowed.
 *
 * @param refuse fails for a text that continues after its first line
 */
export function onlyCsvRow(text: string, format: CsvFormat, refuse: () => never): string[] {
  const { values, next } = readCsvRow(text, 0, format);
  // Python's reader accepts any number of line ends after the row, and nothing else.
  return /[^\r\n]/.test(text.slice(next)) ? refuse() : values;
}

/** All rows of a text; empty lines are skipped. */
export function csvRows(text: string, format: CsvFormat): string[][] {
  const rows: string[][] = [];
  for (let at = 0; at < text.length;) {
    const { values, next } = readCsvRow(text, at, format);
    if (values.length > 0) rows.push(values);
    at = next;
  }
  return rows;
}

/** One line of CSV as Python's `csv.writer` writes it, without a line end: quoted only if necessary. */
export function csvLine(values: readonly string[], { separator, quote }: CsvFormat): string {
  if (values.length === 1 && values[0] === "") return quote + quote;
  const written = values.map((value) => {
    const isQuoted = value.includes(separator) || value.includes(quote) || /[\r\n]/.test(value);
    return isQuoted ? quote + replace(value, quote, quote + quote, -1) + quote : value;
  });
  return joined(written, separator);
}

/** The values of a line without quotes. */
function plainValues(line: string, { separator, skipsSpaces }: CsvFormat): string[] {
  const values = cutAt(line, separator);
  return skipsSpaces && line.includes(" ") ? values.map(withoutLeadingSpaces) : values;
}

function withoutLeadingSpaces(value: string): string {
  let start = 0;
  while (value.charCodeAt(start) === 0x20) start++;
  return start === 0 ? value : value.slice(start);
}

function lineEnd(text: string, from: number): number {
  const ends = /[\r\n]/g;
  ends.lastIndex = from;
  return ends.exec(text)?.index ?? text.length;
}

function behind(text: string, end: number): number {
  return text.startsWith("\r\n", end) ? end + 2 : end + 1;
}

/** Reads a row with quotes, value by value. */
class RowReader {
  readonly #values: string[] = [];
  #at: number;
  #value = new TextBuilder();

  constructor(
    readonly text: string,
    from: number,
    readonly format: CsvFormat,
  ) {
    this.#at = from;
  }

  read(): CsvRow {
    do this.#readValue();
    while (this.#takes(this.format.separator));
    return { values: this.#values, next: behind(this.text, this.#at) };
  }

  #readValue(): void {
    this.#value = new TextBuilder();
    if (this.format.skipsSpaces) while (this.text.charCodeAt(this.#at) === 0x20) this.#at++;
    if (this.#takes(this.format.quote)) this.#readQuoted();
    this.#readPlain();
    checkItems(this.#values.push(this.#value.text));
  }

  #readQuoted(): void {
    const { quote } = this.format;
    for (;;) {
      const close = this.text.indexOf(quote, this.#at);
      const end = close === -1 ? this.text.length : close;
      this.#value.add(this.text.slice(this.#at, end));
      this.#at = Math.min(end + quote.length, this.text.length);
      if (close === -1 || !this.#takes(quote)) return;
      this.#value.add(quote);
    }
  }

  /** The rest up to the separator: the whole of a plain value, or what follows a closing quote. */
  #readPlain(): void {
    const start = this.#at;
    while (this.#at < this.text.length && !this.#endsHere()) this.#at++;
    this.#value.add(this.text.slice(start, this.#at));
  }

  #endsHere(): boolean {
    const code = this.text.charCodeAt(this.#at);
    return code === 0x0a || code === 0x0d || this.text.startsWith(this.format.separator, this.#at);
  }

  #takes(token: string): boolean {
    if (!this.text.startsWith(token, this.#at)) return false;
    this.#at += token.length;
    return true;
  }
}

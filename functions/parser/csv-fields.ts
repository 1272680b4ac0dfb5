import type { Fields } from "../records/contracts";
import { type CsvFormat, splitCsv, splitInto, unescaped } from "./csv";
import { AsciiWindow } from "./ascii-window";
import { buildFields, type BuildFields, type Values } from "./scan/build-fields";

/** What is known of the columns of CSV while it is read. */
export interface CsvColumns {
  readonly format: CsvFormat;
  /** Whether the next record names the columns. */
  readonly wantsHeader: boolean;
  /** How many values each record has, where that is known. */
  readonly width: number | undefined;
  /** Takes the names of the columns from a record; where it cannot, what the record holds instead. */
  takeHeader(buffer: Buffer, start: number, end: number): string | undefined;
  /** The fields of a record; undefined where it is no CSV, or has not one value for each column. */
  readonly read: (buffer: Buffer, start: number, end: number) => Fields | undefined;
  /** The same of one that is ASCII, whose values end there in the buffer: as many as {@link width}, from the first on. */
  readTold(buffer: Buffer, start: number, ends: Int32Array, first: number): Fields;
}

/** The values of the row at hand. */
class RowValues implements Values {
  readonly values: string[] = [];

  value(column: number): string {
    return this.values[column];
  }

  next(): never {
    throw new Error("a row must hold texts alone");
  }
}

/** Gives the values of CSV records the names of their columns. */
export class CsvFields implements CsvColumns {
  readonly format: CsvFormat;
  #columns: readonly string[] | undefined;
  /** Makes fields of {@link #row}; undefined where V8 would gain nothing by it. */
  #build: BuildFields | undefined;
  readonly #row = new RowValues();
  readonly #window = new AsciiWindow();

  /** @param columns names, or undefined where the first record holds them */
  constructor(format: CsvFormat, columns: readonly string[] | undefined) {
    this.format = format;
    if (columns) this.#setColumns(columns);
  }

  get wantsHeader(): boolean {
    return this.#columns === undefined;
  }

  get width(): number | undefined {
    return this.#columns?.length;
  }

  takeHeader(buffer: Buffer, start: number, end: number): string | undefined {
    const text = buffer.toString("utf8", start, end);
    const names = splitCsv(text, this.format);
    if (names === undefined) return "something else";
    // Each of its rows would be one value, and nobody would be told.
    const other = names.length === 1 && !text.startsWith(this.format.quote || "\n") && /[,;|\t]/.exec(text);
    if (other) return `one name that ${JSON.stringify(other[0])} divides, which is not the delimiter,`;
    // Of two columns of one name a record could hold the last value only.
    if (new Set(names).size < names.length) return "a name twice";
    this.#setColumns(names);
    return undefined;
  }

  readonly read = (buffer: Buffer, start: number, end: number): Fields | undefined => {
    const { values } = this.#row;
    const text = buffer.toString(undefined, start, end);
    return splitInto(values, text, this.format) === this.width ? this.#fields() : undefined;
  };

  readTold(buffer: Buffer, start: number, ends: Int32Array, first: number): Fields {
    const { values } = this.#row;
    const { quote, escape = quote } = this.format;
    const isQuote = quote.charCodeAt(0);
    const { length } = this.#columns ?? [];
    const { text, offset } = this.#window.over(buffer, start, ends[first + length - 1]);
    let at = start - offset;
    for (let column = 0; column < length; column++) {
      const end = ends[first + column] - offset;
      const isQuoted = at < end && text.charCodeAt(at) === isQuote;
      values[column] = isQuoted ? unescaped(text.slice(at + 1, end - 1), quote, escape) : text.slice(at, end);
      at = end + 1;
    }
    return this.#fields();
  }

  /** Those of the row at hand. */
  #fields(): Fields {
    const { values } = this.#row;
    const columns = this.#columns ?? [];
    // Not by assignment, which would take the column __proto__ for something else.
    return this.#build?.(this.#row, 0) ?? Object.fromEntries(columns.map((name, index) => [name, values[index]]));
  }

  #setColumns(columns: readonly string[]): void {
    this.#columns = columns;
    this.#build = buildFields(columns);
  }
}

import type { Fields } from "../records/contracts";
import { type CsvFormat, splitCsv, splitInto } from "./csv";
import { RowText } from "./row-text";
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
  readonly #text = new RowText();

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
    const row = this.#text;
    row.goTo(buffer, start, end);
    const { values } = this.#row;
    const count = splitInto(values, row.text, row.start, row.end, this.format);
    const columns = this.#columns ?? [];
    if (count !== columns.length) return undefined;
    // Not by assignment, which would take the column __proto__ for something else.
    return this.#build?.(this.#row, 0) ?? Object.fromEntries(columns.map((name, index) => [name, values[index]]));
  };

  #setColumns(columns: readonly string[]): void {
    this.#columns = columns;
    this.#build = buildFields(columns);
  }
}

import type { Fields } from "../records/contracts";
import { type CsvFormat, splitCsv } from "./csv";

/** What is known of the columns of CSV while it is read. */
export interface CsvColumns {
  readonly format: CsvFormat;
  /** Whether the next record names the columns. */
  readonly wantsHeader: boolean;
  /** Takes the names of the columns from a record; where it cannot, what the record holds instead. */
  takeHeader(buffer: Buffer, start: number, end: number): string | undefined;
  /** The fields of a record; undefined where it is no CSV, or has not one value for each column. */
  readonly read: (buffer: Buffer, start: number, end: number) => Fields | undefined;
}

/** Gives the values of CSV records the names of their columns. */
export class CsvFields implements CsvColumns {
  readonly format: CsvFormat;
  #columns: readonly string[] | undefined;

  /** @param columns names, or undefined where the first record holds them */
  constructor(format: CsvFormat, columns: readonly string[] | undefined) {
    this.format = format;
    this.#columns = columns;
  }

  get wantsHeader(): boolean {
    return this.#columns === undefined;
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
    this.#columns = names;
    return undefined;
  }

  readonly read = (buffer: Buffer, start: number, end: number): Fields | undefined => {
    const columns = this.#columns ?? [];
    const values = splitCsv(buffer.toString("utf8", start, end), this.format);
    if (values?.length !== columns.length) return undefined;
    // Not by assignment, which would take the column __proto__ for something else.
    return Object.fromEntries(values.map((value, index) => [columns[index], value]));
  };
}

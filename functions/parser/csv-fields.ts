import type { Fields } from "../records/contracts";
import { type CsvFormat, splitCsv, splitInto, unescaped } from "./csv";
import { AsciiWindow } from "./ascii-window";
import { buildFields, type BuildFields, type Values } from "./scan/build-fields";

/** The known properties of CSV columns while a file is read. */
export interface CsvColumns {
  readonly format: CsvFormat;
  /** Whether the next record contains the column names. */
  readonly wantsHeader: boolean;
  /** Number of values per record, if known. */
  readonly width: number | undefined;
  /** Reads the column names from a record. If it cannot, returns what the record contains instead. */
  takeHeader(buffer: Buffer, start: number, end: number): string | undefined;
  /** The fields of a record; undefined if it is not CSV, or the number of values is not that of the columns. */
  readonly read: (buffer: Buffer, start: number, end: number) => Fields | undefined;
  /** Like `read`, for an ASCII record whose value ends are known: {@link width} of them, from `first` on. */
  readTold(buffer: Buffer, start: number, ends: Int32Array, first: number): Fields;
}

/** The values of the current row. */
class RowValues implements Values {
  readonly values: string[] = [];

  value(column: number): string {
    return this.values[column];
  }

  next(): never {
    throw new Error("a row must hold texts alone");
  }
}

/** Assigns the column names to the values of CSV records. */
export class CsvFields implements CsvColumns {
  readonly format: CsvFormat;
  #columns: readonly string[] | undefined;
  /** Creates fields from {@link #row}; undefined if V8 would gain nothing from it. */
  #build: BuildFields | undefined;
  readonly #row = new RowValues();
  readonly #window = new AsciiWindow();

  /** @param columns the names; undefined if the first record contains them */
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
    // Otherwise each row would be a single value, without any sign of the mistake.
    const other = names.length === 1 && !text.startsWith(this.format.quote || "\n") && /[,;|\t]/.exec(text);
    if (other) return `one name that ${JSON.stringify(other[0])} divides, which is not the delimiter,`;
    // If two columns have the same name, a record could hold only the last value.
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

  /** The fields of the current row. */
  #fields(): Fields {
    const { values } = this.#row;
    const columns = this.#columns ?? [];
    // Not by assignment, which would treat the column __proto__ specially.
    return this.#build?.(this.#row, 0) ?? Object.fromEntries(columns.map((name, index) => [name, values[index]]));
  }

  #setColumns(columns: readonly string[]): void {
    this.#columns = columns;
    this.#build = buildFields(columns);
  }
}

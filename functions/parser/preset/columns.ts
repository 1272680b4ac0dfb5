import type { Fields } from "../../records/contracts";
import type { PresetContentSettings } from "../../settings";
import { type CsvFormat, splitCsv } from "../csv";
import type { CsvColumns } from "../csv-fields";
import { FieldFault, type TypedFields } from "./typed-fields";

type ColumnsLayout = Extract<PresetContentSettings["layout"], { type: "columns" }>;

/** Delimiters to choose from if a file does not name one. */
const DELIMITERS = [",", ";", "\t", "|"];

/** Reads records of delimited values, whose columns are named by the preset or by the first row. */
export class PresetColumns implements CsvColumns {
  /** The sink counts the values. */
  readonly width = undefined;
  #format: CsvFormat;
  #columns: readonly string[] | undefined;
  #isTold: boolean;
  readonly #layout: ColumnsLayout;
  readonly #types: TypedFields;

  constructor(layout: ColumnsLayout, types: TypedFields) {
    const { columns, delimiter = DELIMITERS[0], escape, quote } = layout;
    this.#layout = layout;
    this.#types = types;
    this.#format = { delimiter, quote, escape };
    this.#isTold = layout.delimiter !== undefined || columns !== true;
    this.#columns = columns === true ? undefined : columns;
  }

  get format(): CsvFormat {
    return this.#format;
  }

  get wantsHeader(): boolean {
    return this.#columns === undefined;
  }

  /** The delimiter comes from a line `sep=;`, which Excel writes at the top, or is the most frequent one in the row. */
  takeHeader(buffer: Buffer, start: number, end: number): string | undefined {
    const text = buffer.toString("utf8", start, end);
    const told = this.#isTold ? undefined : (/^sep=(.)$/.exec(text)?.[1] ?? undefined);
    if (told !== undefined) {
      this.#format = { ...this.#format, delimiter: told };
      this.#isTold = true;
      return undefined;
    }
    if (!this.#isTold) this.#format = { ...this.#format, delimiter: delimiterOf(text, this.#format.quote) };
    const names = splitCsv(text, this.#format);
    if (names === undefined) return "something else";
    if (new Set(names).size < names.length) return "a name twice";
    const missing = this.#types.names.filter((name) => !names.includes(name));
    if (missing.length > 0) return `none for ${missing.join(", ")}, which the preset knows,`;
    this.#columns = names;
    return undefined;
  }

  /** CsvReader does not read fields: the sink does. */
  readonly read = (buffer: Buffer, start: number, end: number): Fields | undefined => {
    const fields = this.readRecord(buffer, start, end);
    return fields instanceof FieldFault ? undefined : fields;
  };

  /** Never called, because {@link width} is not known. */
  readTold(): never {
    throw new Error("values of a preset must be looked for");
  }

  readonly readRecord = (buffer: Buffer, start: number, end: number): Fields | FieldFault => {
    const columns = this.#columns ?? [];
    const { leastColumns = columns.length, moreColumns } = this.#layout;
    const values = splitCsv(buffer.toString("utf8", start, end), this.#format);
    if (values === undefined) return new FieldFault("a value is quoted and goes on behind its quote");
    const isMore = values.length > columns.length;
    if (values.length < leastColumns || (isMore && moreColumns === undefined)) {
      const wanted = leastColumns === columns.length ? `${columns.length}` : `${leastColumns} to ${columns.length}`;
      return new FieldFault(`${values.length} columns in place of ${wanted}`);
    }
    const fields = this.#types.of(columns, values);
    if (isMore && moreColumns !== undefined && !(fields instanceof FieldFault)) {
      fields[moreColumns] = values.slice(columns.length);
    }
    return fields;
  };
}

/** The most frequent delimiter in a row of names, outside quotes. */
function delimiterOf(row: string, quote: string): string {
  const outside =
    quote === ""
      ? row
      : row
          .split(quote)
          .filter((_, index) => index % 2 === 0)
          .join("");
  const counts = DELIMITERS.map((delimiter) => outside.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

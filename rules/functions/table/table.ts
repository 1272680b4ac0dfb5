import { toJson } from "../../run/text";
import { fail, isOpaque, type Opaque, type Value } from "../../run/values";
import { quoted } from "../common/options";

/** A row of a table: a cell for each column, fewer if the row is incomplete. */
export type Row = readonly (string | undefined)[];

/** Finds the first row whose cells equal the values, in the order of the columns that it was created for. */
export type RowFinder = (values: readonly string[]) => Row | undefined;

/** A cell that matches every value. */
const WILDCARD = "*";

/** Rows with named columns, the result of `tab_parse_csv`. */
export class Table implements Opaque {
  readonly type = "table";
  readonly #finders = new Map<string, RowFinder>();

  constructor(
    readonly columns: readonly string[],
    readonly rows: readonly Row[],
    /** Whether cells are compared ignoring case. */
    readonly caseInsensitive: boolean,
  ) {}

  /** Position of the named column; the last one if several have the same name. Fails if there is none. */
  column(caller: string, parameter: string, name: string): number {
    const at = this.columns.lastIndexOf(name);
    if (at === -1) {
      fail(`${caller} must get columns of the table (${this.columns.join(", ")}), got ${quoted(name)}`, parameter);
    }
    return at;
  }

  /** The finder for some columns; its index is built once. */
  finder(columns: readonly number[]): RowFinder {
    const key = columns.join();
    let finder = this.#finders.get(key);
    if (!finder) this.#finders.set(key, (finder = rowFinder(this, columns)));
    return finder;
  }

  /** The rows as a JSON list of objects. */
  toText(): string {
    return toJson(
      this.rows.map((row) => new Map<Value, Value>(this.columns.map((name, at) => [name, row[at] ?? null]))),
    );
  }
}

/** An argument that must be a table. */
export function tableOf(caller: string, value: Value): Table {
  if (!isOpaque(value, "table"))
    fail(`${caller} must get a table as tab_parse_csv makes it, got ${quoted(value)}`, "data");
  return value as Table;
}

/** The rows with wildcards in the same columns: the first one for each combination of the other cells. */
interface Index {
  /** The columns that are compared. */
  readonly compared: readonly number[];
  readonly first: Map<string, number>;
}

/**
 * One index for each set of columns in which rows have wildcards. The number of lookups is that of these sets, not of
 * the rows.
 */
function rowFinder({ rows, caseInsensitive }: Table, columns: readonly number[]): RowFinder {
  const fold = caseInsensitive ? (text: string) => text.toLowerCase() : (text: string) => text;
  const indexes = new Map<string, Index>();
  rows.forEach((row, number) => {
    const cells = columns.map((column) => row[column]);
    // A row that ends before these columns matches nothing.
    if (!isComplete(cells)) return;
    const compared = cells.flatMap((cell, at) => (cell === WILDCARD ? [] : [at]));
    const index = indexes.get(compared.join()) ?? { compared, first: new Map<string, number>() };
    indexes.set(compared.join(), index);
    const key = keyOf(compared, cells, fold);
    if (!index.first.has(key)) index.first.set(key, number);
  });

  const searched = [...indexes.values()];
  return (values) => {
    let found = Infinity;
    for (const { compared, first } of searched)
      found = Math.min(found, first.get(keyOf(compared, values, fold)) ?? Infinity);
    return rows[found];
  };
}

function isComplete(cells: readonly (string | undefined)[]): cells is readonly string[] {
  return !cells.includes(undefined);
}

/** The lengths distinguish values that would be equal when joined. */
function keyOf(compared: readonly number[], cells: readonly string[], fold: (text: string) => string): string {
  if (compared.length === 1) return fold(cells[compared[0]]);
  let key = "";
  for (const at of compared) {
    const cell = fold(cells[at]);
    key += `${cell.length}:${cell}`;
  }
  return key;
}

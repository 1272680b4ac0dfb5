import type { Implementations } from "../run/implementation";
import { isTrue, type Dict, type Value } from "../run/values";
import { csvFormat, csvRows } from "./csv-rows";
import { columnNames, fieldNames, textOf } from "./options";
import { Table, tableOf } from "./table";

export const TABLES: Implementations = {
  /**
   * `tab_parse_csv(data, sep=",", quote='"', lstrip=True, headers=None, case_insensitive=True)`: makes a table of CSV
   * text. The first row names the columns, unless `headers` does, a list or a text with commas. `case_insensitive` is how
   * cells are compared where the table is searched. Fails where the separator or the quote is not one character.
   */
  tab_parse_csv: {
    pure: (
      data: Value,
      sep?: Value,
      quote?: Value,
      lstrip?: Value,
      headers?: Value,
      caseInsensitive?: Value,
    ): Value => {
      const format = csvFormat("tab_parse_csv", sep ?? ",", quote ?? '"', lstrip ?? true);
      const rows = csvRows(textOf(data), format);
      const named = headers === undefined || headers === null || headers === "" ? undefined : headers;
      const columns = named === undefined ? rows.shift() : columnNames("tab_parse_csv", "headers", named);
      return new Table(columns ?? [], rows, isTrue(caseInsensitive ?? true));
    },
  },
  /**
   * `tab_to_dict(table, key_field, value_field, key_join=",", value_join=",")`: makes a dict of a table's columns; where
   * a list of columns is given, their cells are joined. Of rows with the same key the last one counts. Fails where a
   * column is missing.
   */
  tab_to_dict: {
    pure: (data: Value, keyField: Value, valueField: Value, keyJoin?: Value, valueJoin?: Value): Value => {
      const table = tableOf("tab_to_dict", data);
      const keys = columnsOf(table, "key_field", keyField);
      const values = columnsOf(table, "value_field", valueField);
      const joined = (row: readonly (string | undefined)[], columns: readonly number[], separator: Value | undefined) =>
        columns.map((column) => row[column] ?? "").join(textOf(separator ?? ","));
      const entries = table.rows.map((row) => [joined(row, keys, keyJoin), joined(row, values, valueJoin)] as const);
      return new Map(entries) satisfies Dict;
    },
  },
};

function columnsOf(table: Table, parameter: string, value: Value): readonly number[] {
  return fieldNames("tab_to_dict", parameter, value).map((name) => table.column("tab_to_dict", parameter, name));
}

import { group } from "../define";
import { joined } from "../../run/length";
import { isTrue, type Dict, type Value } from "../../run/values";
import { csvRows } from "../../python/csv";
import { csvFormat, columnNames, fieldNames, textOf } from "../common/options";
import { Table, tableOf } from "./table";

export const TABLE = group("Table", {
  tab_parse_csv: {
    parameters: `data, sep:delimiter=",", quote:delimiter='"', lstrip:bool?=True, headers=None, case_insensitive:bool?=True`,
    doc:
      "creates a table from CSV text. The first row contains the column names, unless `headers` does: a list " +
      "or a text with commas. `case_insensitive` determines how cells are compared in look-ups. Fails if the " +
      "separator or the quote is not one character.",
    noneIsDefault: true,
    pure: (data: Value, sep: Value, quote: Value, lstrip: Value, headers: Value, caseInsensitive: Value): Value => {
      const format = csvFormat("tab_parse_csv", { sep, quote, lstrip });
      const rows = csvRows(textOf(data), format);
      const named = headers === null || headers === "" ? undefined : headers;
      const columns = named === undefined ? rows.shift() : columnNames("tab_parse_csv", "headers", named);
      return new Table(columns ?? [], rows, isTrue(caseInsensitive));
    },
  },

  tab_to_dict: {
    parameters: 'table, key_field, value_field, key_join=",", value_join=","',
    doc:
      "creates a dict from a table's columns; for a list of columns, their cells are joined. If several rows " +
      "have the same key, the last one applies. Fails if a column is missing.",
    noneIsDefault: true,
    pure: (data: Value, keyField: Value, valueField: Value, keyJoin: Value, valueJoin: Value): Value => {
      const table = tableOf("tab_to_dict", data);
      const keys = columnsOf(table, "key_field", keyField);
      const values = columnsOf(table, "value_field", valueField);
      const cellsOf = (row: readonly (string | undefined)[], columns: readonly number[], separator: Value) =>
        joined(
          columns.map((column) => row[column] ?? ""),
          textOf(separator),
        );
      const entries = table.rows.map((row) => [cellsOf(row, keys, keyJoin), cellsOf(row, values, valueJoin)] as const);
      return new Map(entries) satisfies Dict;
    },
  },
});

function columnsOf(table: Table, parameter: string, value: Value): readonly number[] {
  return fieldNames("tab_to_dict", parameter, value).map((name) => table.column("tab_to_dict", parameter, name));
}

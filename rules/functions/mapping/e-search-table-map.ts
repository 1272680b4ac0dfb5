import type { BoundCall, Step } from "../../run/implementation";
import { writer, type Mode } from "../../run/mode";
import { joined } from "../../run/length";
import { isTrue, type Value } from "../../run/values";
import { optionsOf, textOf } from "../common/options";
import { tableOf, type Row, type Table } from "../table/table";
import { fieldPairs, missingValues } from "./arguments";
import { search, searchRules, type SearchRules } from "./search-map";

export function searchTableMap(call: BoundCall): Step {
  const data = call.argument("data");
  const tables = call.derive(data, (value) => tableOf(call.name, value));
  const settings = optionsOf(call, ["inpt", "output_fields", "multi_match", "multi_join", "missing"], (options) => {
    const outputs = fieldPairs(call.name, "output_fields", options.output_fields);
    return {
      rules: cached((table: Table) => tableRules(table, textOf(options.inpt))),
      cells: cached((table: Table) => outputs.map(({ from }) => table.column(call.name, "output_fields", from))),
      targets: outputs.map(({ to }) => to),
      multiMatch: isTrue(options.multi_match),
      join: textOf(options.multi_join),
      missing: missingValues(call.name, options.missing, outputs.length),
    };
  });
  // Errors in a constant table are reported at compile time, not at the first event.
  if (data.constant && settings.constant) {
    const table = tableOf(call.name, data.constant.value);
    settings.constant.made.rules(table);
    settings.constant.made.cells(table);
  }
  const write = writer(call.constant("mode") as Mode);

  return (event, run) => {
    const { rules, cells, targets, multiMatch, join, missing } = settings(event, run);
    const table = tables(event, run);
    const columns = cells(table);
    const found = search(rules(table), event, multiMatch);
    targets.forEach((target, at) => write(event, target, cellsOf(found, columns[at], join) ?? missing[at]));
    return event;
  };

  function tableRules(table: Table, column: string): SearchRules<Row> {
    const queries = table.column(call.name, "inpt", column);
    return searchRules(
      call,
      table.rows.flatMap((row) => (row[queries] ? [[row[queries], row] as const] : [])),
    );
  }
}

/** The joined cells of the matching rows; undefined if there are none. */
function cellsOf(rows: readonly Row[], column: number, join: string): Value | undefined {
  return rows.length === 0
    ? undefined
    : joined(
        rows.map((row) => row[column] ?? ""),
        join,
      );
}

/** Caches a value derived from a table until the table changes. */
function cached<T>(make: (table: Table) => T): (table: Table) => T {
  let last: { readonly table: Table; readonly made: T } | undefined;
  return (table) => {
    if (last?.table !== table) last = { table, made: make(table) };
    return last.made;
  };
}

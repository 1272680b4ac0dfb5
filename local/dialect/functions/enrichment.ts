import { change, expression, type Definitions } from "../definition";
import { parseJson } from "../json";
import { splitSeparated } from "../separated";
import { RowFailure, type Value } from "../values";

/** Functions that look up a field, and the tables they use. Fact: docs/design/facts/rules.md#dialect-enrichment. */
export const ENRICHMENT: Definitions = {
  enrich_table: change("data fields output mode?", (row, args) => {
    const [header, ...lines] = args
      .text("data")
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "")
      .map(cells);
    const columnOf = (name: string): number => {
      const column = header?.indexOf(name) ?? -1;
      if (column === -1) throw new RowFailure(`enrich_table: columns must be of the table, got ${name}`);
      return column;
    };
    const keys = args.names("fields").map((name) => [columnOf(name), row.get(name)] as const);
    const line = lines.find((one) => keys.every(([column, value]) => value !== null && one[column] === value));
    if (!line) return;
    for (const name of args.names("output")) row.write(name, line[columnOf(name)] ?? null, args.mode());
  }),
  enrich_dict: change("data fields output mode?", (row, args) => {
    const dict = parseJson(args.text("data"));
    if (!(dict instanceof Map)) throw new RowFailure("enrich_dict: data must be a JSON object");
    const known = dict as ReadonlyMap<string, Value>;
    const found = args
      .names("fields")
      .map((name) => known.get(row.get(name) ?? ""))
      .find((value) => value !== undefined);
    for (const name of args.names("output")) row.write(name, found ?? null, args.mode());
  }),
  t_table_map: change("data field output_fields missing? mode?", () => noDatabase("t_table_map")),
  /** A variable of the task; `auto` parses JSON. */
  res_local: expression("param default? type?", (args) => {
    const value = args.run.variables.get(args.text("param"));
    if (value === undefined) return args.value("default");
    return args.text("type", "auto") === "auto" ? (parseJson(value) ?? value) : value;
  }),
  res_rds_mysql: expression(
    "alias database? sql? refresh_interval? base_retry_back_off? max_retry_back_off? update_time_key? use_ssl?",
    () => noDatabase("res_rds_mysql"),
  ),
};

function cells(line: string): string[] {
  return splitSeparated(line, ",", '"').map((cell) => cell.trim());
}

function noDatabase(name: string): never {
  throw new RowFailure(`${name} needs a MySQL data source, which the local cloud has none of`);
}

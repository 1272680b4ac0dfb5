import { operation, type Definitions } from "../definition";
import { select } from "../jmes";
import { parseJson } from "../json";
import { splitSeparated } from "../separated";
import { textOf, type Value } from "../values";

/** Functions that output, split and drop rows. Fact: docs/design/facts/rules.md#dialect-rows. */
export const ROWS: Definitions = {
  log_output: operation("alias", (row, args) => {
    args.run.emit({ alias: args.text("alias") }, row);
    return [];
  }),
  log_auto_output: operation(
    "topic_name logset_name? index_options? period? storage_type? hot_period?",
    (row, args) => {
      const logsetName = args.text("logset_name");
      args.run.emit(
        { topicName: args.text("topic_name"), logsetName: logsetName === "" ? undefined : logsetName },
        row,
      );
      return [];
    },
  ),
  /** The source field is removed if the parts get another field. */
  log_split: operation("field sep? quote? jmes? output?", (row, args) => {
    const field = args.text("field");
    const text = row.get(field);
    if (text === null) return [row];
    const jmes = args.text("jmes");
    const json = parseJson(text);
    const found = jmes !== "" ? (json === undefined ? null : select(jmes, json)) : Array.isArray(json) ? json : text;
    if (found === null) return [row];
    const parts: readonly Value[] = Array.isArray(found)
      ? (found as readonly Value[])
      : splitSeparated(textOf(found), args.text("sep", ","), args.text("quote", '"'));
    const output = args.text("output", field) || field;
    return parts.map((part) => {
      const one = row.copy();
      if (output !== field) one.fields.delete(field);
      one.fields.set(output, textOf(part));
      return one;
    });
  }),
  log_drop: operation("condition", (row, args) => (args.flag("condition", false) ? [] : [row])),
  log_keep: operation("condition", (row, args) => (args.flag("condition", false) ? [row] : [])),
  log_split_jsonarray_jmes: operation("field jmes? prefix?", (row, args) => {
    const json = parseJson(row.get(args.text("field")) ?? "");
    const jmes = args.text("jmes");
    const items = json === undefined || jmes === "" ? json : select(jmes, json);
    if (!Array.isArray(items)) return [row];
    return (items as readonly Value[]).map((item) => {
      const one = row.copy();
      const members = item instanceof Map ? [...(item as ReadonlyMap<string, Value>)] : [];
      for (const [name, value] of members) one.write(`${args.text("prefix")}${name}`, value);
      return one;
    });
  }),
};

import type { BoundCall, Step } from "../../run/implementation";
import { writer, type Mode } from "../../run/mode";
import { isTrue } from "../../run/values";
import { readCsvRow } from "../../python/csv";
import { csvFormat, columnNames, fieldNames, optionsOf } from "../common/options";

/** `e_csv`, `e_tsv` and `e_psv`, which only differ in their separator. */
export function separatedValues(call: BoundCall): Step {
  const source = optionsOf(call, ["field"], ({ field }) => fieldNames(call.name, "field", field));
  const names = optionsOf(call, ["fields"], ({ fields }) => columnNames(call.name, "fields", fields));
  const settings = optionsOf(call, ["sep", "quote", "lstrip", "restrict"], (options) => ({
    format: csvFormat(call.name, options, call.default("sep")),
    restrict: isTrue(options.restrict),
  }));
  const write = writer(call.constant("mode") as Mode);

  return (event, run) => {
    const { format, restrict } = settings(event, run);
    const columns = names(event, run);
    for (const field of source(event, run)) {
      const text = event.get(field);
      if (text === undefined) continue;
      const { values } = readCsvRow(text, 0, format);
      if (restrict && values.length !== columns.length) continue;
      const count = Math.min(values.length, columns.length);
      for (let column = 0; column < count; column++) write(event, columns[column], values[column]);
    }
    return event;
  };
}

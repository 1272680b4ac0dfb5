import type { Implementation } from "../../run/implementation";
import { writer, type Mode } from "../../run/mode";
import { isTrue } from "../../run/values";
import { csvFormat, readCsvRow } from "../csv-rows";
import { columnNames, fieldNames, optionsOf } from "../options";

/** `e_csv`, `e_tsv` and `e_psv`, which differ in their separator. */
export function separatedValues(name: string, separator: string): Implementation {
  return {
    step: (call) => {
      const source = optionsOf(call, { field: null }, ({ field }) => fieldNames(name, "field", field));
      const names = optionsOf(call, { fields: null }, ({ fields }) => columnNames(name, "fields", fields));
      const settings = optionsOf(call, { sep: separator, quote: '"', lstrip: true, restrict: false }, (options) => ({
        format: csvFormat(name, options.sep, options.quote, options.lstrip, separator),
        restrict: isTrue(options.restrict),
      }));
      const write = writer(call.constant("mode", "fill-auto") as Mode);

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
    },
  };
}

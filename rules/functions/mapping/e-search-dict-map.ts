import type { BoundCall, Step } from "../../run/implementation";
import { writer, type Mode } from "../../run/mode";
import { joined } from "../../run/length";
import { isTrue } from "../../run/values";
import { fieldNames, optionsOf, textOf } from "../common/options";
import { dictEntries } from "./arguments";
import { search, searchRules } from "./search-map";

export function searchDictMap(call: BoundCall): Step {
  const data = call.argument("data");
  const rules = call.derive(data, (value) => searchRules(call, dictEntries(call.name, value)));
  const targets = optionsOf(call, ["output_field"], (options) =>
    fieldNames(call.name, "output_field", options.output_field),
  );
  const settings = optionsOf(call, ["multi_match", "multi_join", "missing"], (options) => ({
    multiMatch: isTrue(options.multi_match),
    join: textOf(options.multi_join),
    missing: options.missing,
  }));
  const write = writer(call.constant("mode") as Mode);

  return (event, run) => {
    const { multiMatch, join, missing } = settings(event, run);
    const found = search(rules(event, run), event, multiMatch);
    const value = found.length > 1 ? joined(found.map(textOf), join) : (found[0] ?? missing);
    for (const target of targets(event, run)) write(event, target, value);
    return event;
  };
}

import type { BoundCall, Derived, Step } from "../../run/implementation";
import { writer, type Mode } from "../../run/mode";
import type { Value } from "../../run/values";
import { optionsOf, type Options } from "../common/options";
import { tableOf, type RowFinder, type Table } from "../table/table";
import { fieldPairs, missingValues, type FieldPair } from "./arguments";

export function tableMap(call: BoundCall): Step {
  const settings = optionsOf(call, ["field", "output_fields", "missing"], (options) => {
    const outputs = fieldPairs(call.name, "output_fields", options.output_fields);
    return {
      inputs: fieldPairs(call.name, "field", options.field),
      outputs,
      missing: missingValues(call.name, options.missing, outputs.length),
    };
  });
  const plan = searchPlan(call, settings);
  const write = writer(call.constant("mode") as Mode);

  return (event, run) => {
    const { inputs, find, cells, outputs, missing } = plan(event, run);
    const values: string[] = [];
    for (const { from } of inputs) {
      const text = event.get(from);
      if (text === undefined) return event;
      values.push(text);
    }
    const row = find(values);
    outputs.forEach(({ to }, at) => write(event, to, row ? row[cells[at]] : missing[at]));
    return event;
  };
}

interface Settings {
  readonly inputs: readonly FieldPair[];
  readonly outputs: readonly FieldPair[];
  readonly missing: readonly Value[];
}

/** The settings, applied to the current table. */
interface Plan extends Settings {
  readonly find: RowFinder;
  /** The column of each output. */
  readonly cells: readonly number[];
}

/** The plan is created again if the table or the settings have changed since the previous event. */
function searchPlan(call: BoundCall, settings: Options<Settings>): Derived<Plan> {
  const data = call.argument("data");
  if (data.constant && settings.constant) {
    const plan = planFor(call, tableOf(call.name, data.constant.value), settings.constant.made);
    return () => plan;
  }
  const tables = call.derive(data, (value) => tableOf(call.name, value));
  let last: { readonly table: Table; readonly wanted: Settings; readonly plan: Plan } | undefined;
  return (event, run) => {
    const table = tables(event, run);
    const wanted = settings(event, run);
    if (last?.table !== table || last.wanted !== wanted) last = { table, wanted, plan: planFor(call, table, wanted) };
    return last.plan;
  };
}

function planFor(call: BoundCall, table: Table, settings: Settings): Plan {
  const find = table.finder(settings.inputs.map(({ to }) => table.column(call.name, "field", to)));
  return {
    ...settings,
    find,
    cells: settings.outputs.map(({ from }) => table.column(call.name, "output_fields", from)),
  };
}

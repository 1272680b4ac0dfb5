import type { Event } from "../../run/event";
import type { BoundCall, Step } from "../../run/implementation";
import { tryParseJson } from "../../run/json";
import { checkCopies } from "../../run/steps";
import { fail, isList, type Value } from "../../run/values";
import { onlyCsvRow, type CsvFormat } from "../../python/csv";
import { jmesSelection, type Select } from "../common/jmes-part";
import { csvFormat, fieldNames, optionsOf, quoted, textOf } from "../common/options";

export function split(call: BoundCall): Step {
  const source = optionsOf(call, ["field"], ({ field }) => fieldNames("e_split", "field", field)[0]);
  const target = optionsOf(call, ["output"], ({ output }) => textOf(output));
  const format = optionsOf(call, ["sep", "quote", "lstrip"], (options) => csvFormat(call.name, options));
  const selection = jmesSelection(call);

  return (event, run) => {
    const field = source(event, run);
    const text = event.get(field);
    if (text === undefined) return event;
    const select = selection?.(event, run);
    const elements = select ? selectedElements(text, select, format(event, run)) : elementsOf(text, format(event, run));
    return copies(event, target(event, run) || field, elements);
  };
}

function selectedElements(text: string, select: Select, format: CsvFormat): readonly Value[] {
  const value = tryParseJson(text);
  const selected = value === undefined ? undefined : select(value);
  if (typeof selected === "string") return elementsOf(selected, format);
  return isList(selected) ? selected : [];
}

/** The elements of a JSON list, otherwise the values of a CSV row. */
function elementsOf(text: string, format: CsvFormat): readonly Value[] {
  const value = /^\s*\[/.test(text) ? tryParseJson(text) : undefined;
  if (isList(value)) return value;
  return onlyCsvRow(text, format, () => fail(`e_split must get a JSON list or one row of CSV, got ${quoted(text)}`));
}

function copies(event: Event, field: string, elements: readonly Value[]): Event | readonly Event[] {
  if (elements.length === 0) return event;
  if (elements.length === 1) {
    event.set(field, textOf(elements[0]));
    return event;
  }
  checkCopies(elements.length, event, field);
  return elements.map((element) => {
    const copy = event.clone();
    copy.set(field, textOf(element));
    return copy;
  });
}

import type { Event } from "../../run/event";
import type { Implementation } from "../../run/implementation";
import { tryParseJson } from "../../run/json";
import { checkCount } from "../../run/steps";
import { fail, isList, type Value } from "../../run/values";
import { csvFormat, readCsvRow, type CsvFormat } from "../csv-rows";
import { jmesSelection, type Select } from "../jmes-part";
import { fieldNames, optionsOf, quoted, textOf } from "../options";

export const split: Implementation = {
  step: (call) => {
    const source = optionsOf(call, { field: null }, ({ field }) => fieldNames("e_split", "field", field)[0]);
    const target = optionsOf(call, { output: null }, ({ output }) => textOf(output));
    const format = optionsOf(call, { sep: ",", quote: '"', lstrip: true }, ({ sep, quote, lstrip }) =>
      csvFormat("e_split", sep, quote, lstrip),
    );
    const selection = jmesSelection(call);

    return (event, run) => {
      const field = source(event, run);
      const text = event.get(field);
      if (text === undefined) return event;
      const select = selection?.(event, run);
      const elements = select
        ? selectedElements(text, select, format(event, run))
        : elementsOf(text, format(event, run));
      return copies(event, target(event, run) || field, elements);
    };
  },
};

function selectedElements(text: string, select: Select, format: CsvFormat): readonly Value[] {
  const value = tryParseJson(text);
  const selected = value === undefined ? undefined : select(value);
  if (typeof selected === "string") return elementsOf(selected, format);
  return isList(selected) ? selected : [];
}

/** The elements of a JSON list, else the values of a row of CSV. */
function elementsOf(text: string, format: CsvFormat): readonly Value[] {
  const value = /^\s*\[/.test(text) ? tryParseJson(text) : undefined;
  if (isList(value)) return value;
  const { values, next } = readCsvRow(text, 0, format);
  // Python's reader takes line ends behind the row, any number of them, and nothing else.
  if (/[^\r\n]/.test(text.slice(next))) fail(`e_split must get a JSON list or one row of CSV, got ${quoted(text)}`);
  return values;
}

function copies(event: Event, field: string, elements: readonly Value[]): Event | readonly Event[] {
  if (elements.length === 0) return event;
  if (elements.length === 1) {
    event.set(field, textOf(elements[0]));
    return event;
  }
  checkCount(elements.length);
  return elements.map((element) => {
    const copy = event.clone();
    copy.set(field, textOf(element));
    return copy;
  });
}

import type { Definitions } from "../define";
import type { BoundCall } from "../../run/implementation";
import { randomUUID } from "node:crypto";

import { tryParseJson } from "../../run/json";
import { asList, asText, describe } from "../../python/arguments";
import { csvLine, onlyCsvRow, type CsvFormat } from "../../python/csv";
import { compileTemplate } from "../../python/format";
import { reversed, sorted } from "../../python/points";
import { strip } from "../../python/split";
import { csvFormat } from "../common/options";
import { joined } from "../../run/length";
import { fail, isList, isTrue, type Value } from "../../run/values";

/** Separator between the items of a pair. */
const COMBINE_SEP = "#";

/** Functions that build strings from several values. */
export const MAKING = {
  str_format: {
    parameters: "format, *values?",
    doc:
      "formats the values like Python's `str.format`: `{}`, `{0}`, `{1:>8.2f}`, `{0[key]!r}`. Fails if a value " +
      "is missing, or its type does not match the format, and for attributes and names.",
    thunk(call) {
      const template = call.derive(call.argument("format"), (value) => compileTemplate(asText(value)));
      const thunks = call.rest.map(({ evaluate }) => evaluate);
      warnOfMissingValues(call);
      return (event, run) => {
        const values = thunks.map((thunk) => thunk(event, run));
        return template(event, run)(values);
      };
    },
  },

  str_join: {
    parameters: "sep, *values?",
    doc: "joins the values as texts with a separator. A single list stands for its items.",
    pure(separator: Value, values: readonly Value[]) {
      const items = values.length === 1 && isList(values[0]) ? values[0] : values;
      return joined(texts(items), asText(separator));
    },
  },

  str_zip: {
    parameters: `value1|v1, value2|v2, combine_sep="${COMBINE_SEP}", sep:delimiter?=",", quote:delimiter?='"', lparse=(",", '"'), rparse=(",", '"')`,
    doc:
      "reads two texts as CSV or JSON lists, joins their items pair by pair with `combine_sep`, and writes the " +
      "result as CSV with `sep` and `quote`; `lparse` and `rparse` are the separator and the quote of each " +
      "text; the shorter list determines the length. None if a text is None. Fails for separators and quotes " +
      "that are not one character.",
    noneIsDefault: true,
    pure(left: Value, right: Value, combine: Value, sep: Value, quote: Value, leftParse: Value, rightParse: Value) {
      if (left === null || right === null) return null;
      const written = formatOf(sep, quote);
      // As in the reference, an empty value counts as omitted.
      const between = isTrue(combine) ? asText(combine) : COMBINE_SEP;
      const others = listItems(asText(right), parsedFormat(rightParse, "rparse"));
      const pairs = listItems(asText(left), parsedFormat(leftParse, "lparse"))
        .slice(0, others.length)
        .map((item, index) => itemText(item) + between + itemText(others[index]));
      return strip(csvLine(pairs, written), undefined, true, true);
    },
  },

  str_uuid: {
    parameters: "lower:bool?=True",
    doc: "a random UUID (version 4).",
    impure: (_run, lower: Value) => (isTrue(lower) ? randomUUID() : randomUUID().toUpperCase()),
  },

  str_sort: {
    parameters: "value|x, reverse:bool?=False",
    doc: "sorts the characters by their code points.",
    pure(value: Value, reverse: Value) {
      return sorted(asText(value), isTrue(reverse));
    },
  },

  str_reverse: {
    parameters: "value|x",
    doc: "reverses the characters.",
    pure: (value: Value) => reversed(asText(value)),
  },
} satisfies Definitions;

/** A constant format that needs more values than the call passes fails for every event. */
function warnOfMissingValues(call: BoundCall): void {
  const format = call.argument("format");
  if (!format.constant) return;
  const { least } = compileTemplate(asText(format.constant.value));
  const count = call.rest.length;
  if (count < least) {
    call.warn(`every event that comes here fails: the format asks for ${least} values, got ${count}`, format.span);
  }
}

function* texts(values: readonly Value[]): Generator<string> {
  for (const value of values) yield asText(value);
}

function formatOf(sep: Value, quote: Value): CsvFormat {
  return csvFormat("str_zip", {
    sep: isTrue(sep) ? asText(sep) : "",
    quote: isTrue(quote) ? asText(quote) : "",
    lstrip: true,
  });
}

function parsedFormat(value: Value, name: string): CsvFormat {
  const pair = asList(value, `${name} of str_zip`);
  if (pair.length !== 2) fail(`${name} of str_zip must have a separator and a quote, got ${describe(value)}`);
  return csvFormat("str_zip", { sep: asText(pair[0]), quote: asText(pair[1]), lstrip: true });
}

function listItems(text: string, format: CsvFormat): readonly Value[] {
  const list = text.trimStart().startsWith("[") ? tryParseJson(text) : undefined;
  if (isList(list)) return list;
  return onlyCsvRow(text, format, () => fail(`str_zip must get a JSON list or one row of CSV, got ${describe(text)}`));
}

function itemText(item: Value): string {
  return item === null ? "" : asText(item);
}

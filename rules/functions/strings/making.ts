import { randomUUID } from "node:crypto";

import type { Implementations } from "../../run/implementation";
import { tryParseJson } from "../../run/json";
import { asList, asText, checkLength, describe } from "../../python/arguments";
import { csvDialect, csvLine, parseCsvLine, type CsvDialect } from "../../python/csv";
import { compileTemplate } from "../../python/format";
import { strip } from "../../python/split";
import { fail, isList, isTrue, type Value } from "../../run/values";

/** Texts made of several values. */
export const MAKING: Implementations = {
  /**
   * `str_format(format, v1, v2, ...)`: the values in the places of `{}`, `{0}`, `{1:>8.2f}`, `{0[key]!r}`, as Python's
   * `str.format`. Fails where a value is missing, or its type does not fit the format, and for attributes and names.
   */
  str_format: {
    thunk(call) {
      const template = call.derive(call.argument("format")!, (value) => compileTemplate(asText(value)));
      const thunks = call.rest.map(({ evaluate }) => evaluate);
      return (event, run) => {
        const values = thunks.map((thunk) => thunk(event, run));
        return template(event, run)(values);
      };
    },
  },

  /** `str_join(sep, v1, v2, ...)`: the values as texts, with a separator between them. A list alone stands for its items. */
  str_join: {
    pure(separator: Value, values: readonly Value[]) {
      const items = values.length === 1 && isList(values[0]) ? values[0] : values;
      return items.map(asText).join(asText(separator));
    },
  },

  /**
   * `str_zip(v1, v2, combine_sep="#", sep=",", quote='"', lparse=(",", '"'), rparse=(",", '"'))`: reads two texts as CSV or
   * JSON lists, the separator and the quote of each in `lparse` and `rparse`, joins their items pair by pair with
   * `combine_sep`, and writes these as CSV with `sep` and `quote`; the shorter list ends it. None where a text is None.
   * Fails for separators and quotes that are not one character.
   */
  str_zip: {
    pure(
      left: Value,
      right: Value,
      combine?: Value,
      separator?: Value,
      quote?: Value,
      leftParse?: Value,
      rightParse?: Value,
    ) {
      if (left === null || right === null) return null;
      const written = csvDialect(textOr(separator, ","), textOr(quote, '"'));
      const between = textOr(combine, "#");
      const others = listItems(asText(right), parseDialect(rightParse, "rparse"));
      const pairs = listItems(asText(left), parseDialect(leftParse, "lparse"))
        .slice(0, others.length)
        .map((item, index) => itemText(item) + between + itemText(others[index]));
      return strip(csvLine(pairs, written), undefined, true, true);
    },
  },

  /** `str_uuid(lower=True)`: a random UUID, of version 4. */
  str_uuid: {
    impure: (_run, lower: Value = true) => (isTrue(lower) ? randomUUID() : randomUUID().toUpperCase()),
  },

  /** `str_sort(x, reverse=False)`: the characters by their code points. */
  str_sort: {
    pure(value: Value, reverse: Value = false) {
      const points = Array.from(asText(value)).sort((a, b) => a.codePointAt(0)! - b.codePointAt(0)!);
      return (isTrue(reverse) ? points.reverse() : points).join("");
    },
  },

  /** `str_reverse(x)`: the characters from the end to the start. */
  str_reverse: { pure: (value: Value) => Array.from(asText(value)).reverse().join("") },
};

function textOr(value: Value | undefined, fallback: string): string {
  // As in the reference, what is empty counts as left out.
  return value === undefined || !isTrue(value) ? fallback : asText(value);
}

function parseDialect(value: Value | undefined, name: string): CsvDialect {
  if (value === undefined || value === null) return csvDialect(",", '"');
  const parts = asList(value, `${name} of str_zip`);
  if (parts.length !== 2) fail(`${name} of str_zip must have a separator and a quote, got ${describe(value)}`);
  return csvDialect(asText(parts[0]), asText(parts[1]));
}

function listItems(text: string, dialect: CsvDialect): readonly Value[] {
  checkLength(text.length, "str_zip");
  const list = text.trimStart().startsWith("[") ? tryParseJson(text) : undefined;
  return isList(list) ? list : parseCsvLine(text, dialect);
}

function itemText(item: Value): string {
  return item === null ? "" : asText(item);
}

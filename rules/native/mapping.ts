import { toJson, toText } from "../run/text";
import type { Expression } from "../language/syntax-tree";
import { isDict, isTrue, type Dict, type Value } from "../run/values";
import { fieldName } from "./arguments";
import { call, keyword, quote } from "./text";
import type { NativeCall, NativeSteps } from "./types";

/** Enrichment from dicts and tables in the rule text. */
export const mappingSteps: NativeSteps = {
  e_dict_map: (one) => {
    const dict = one.constantOf(one.given("data")!, "dict");
    if (!isDict(dict)) return one.refuse("e_dict_map of other than a dict in the text", one.given("data"));
    checkCase(one, dict);
    const field = fieldName(one, one.given("field")!);
    const output = fieldName(one, one.given("output_field")!);
    const mode = one.text("mode");
    const map = call("enrich_dict", quote(toJson(withoutDefault(dict))), quote(field), ...target(output, mode));
    const fallback = dict.get("*");
    const missing = one.constant("missing");
    if (fallback === undefined && missing === null) return [map];
    if (mode !== "overwrite")
      one.refuse('e_dict_map with a default in a mode other than "overwrite"', one.given("mode"));
    // The default first, then overwritten by the entry.
    const value = toText((fallback ?? missing) as Exclude<Value, null>);
    const preset = call("fields_set", quote(output), quote(value), keyword("mode", quote(mode)));
    const isForAll = fallback === undefined;
    return [isForAll ? preset : call("t_if", call("has_field", quote(field)), preset), map];
  },

  e_table_map: (one) => {
    const csv = csvOf(one, one.given("data")!);
    if (csv === undefined || /\*/.test(csv)) {
      return one.refuse("e_table_map of other than tab_parse_csv of a text without wildcards", one.given("data"));
    }
    if (one.given("missing")) one.refuse("e_table_map with missing", one.given("missing"));
    const fields = namesOf(one, one.given("field")!);
    const outputs = namesOf(one, one.given("output_fields")!);
    return [call("enrich_table", quote(csv), quote(fields.join(",")), ...target(outputs.join(","), one.text("mode")))];
  },
};

function target(output: string, mode: string): (string | undefined)[] {
  return [keyword("output", quote(output)), keyword("mode", quote(mode))];
}

/** CLS is case-sensitive, the rule language by default is not. */
function checkCase(one: NativeCall, dict: Dict): void {
  const isFolded = one.flag("case_insensitive");
  const hasLetters = [...dict.keys()].some((key) => typeof key === "string" && /\p{L}/u.test(key));
  if (isFolded && hasLetters) {
    const place = one.given("case_insensitive") ?? one.given("data");
    one.refuse("e_dict_map that takes upper and lower case as one; set case_insensitive=False", place);
  }
}

function withoutDefault(dict: Dict): Dict {
  return new Map([...dict].filter(([key]) => key !== "*"));
}

/** The text of `tab_parse_csv("...")`, if it has no options. */
function csvOf(one: NativeCall, data: Expression): string | undefined {
  if (data.kind !== "call" || data.name !== "tab_parse_csv" || data.positional.length !== 1) return undefined;
  const isPlain = data.keywords.every(
    ({ name, value }) => name === "case_insensitive" && !isTrue(one.constantOf(value, name)),
  );
  const csv = one.constantOf(data.positional[0], "table");
  if (!isPlain || typeof csv !== "string") return undefined;
  if (data.keywords.length === 0 && /\p{L}/u.test(csv.slice(csv.indexOf("\n")))) {
    one.note("CLS tells upper from lower case in tables");
  }
  return csv;
}

/** Names that are the same in the event and in the table. */
function namesOf(one: NativeCall, names: Expression): string[] {
  if (names.kind !== "sequence") return [fieldName(one, names)];
  return names.items.map((name) => {
    if (name.kind === "sequence") one.refuse("e_table_map that renames; use e_rename before or after", name);
    return fieldName(one, name);
  });
}

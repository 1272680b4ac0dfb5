import { toText } from "../run/text";
import { isDict, isList, type Value } from "../run/values";
import { BLANKS, fieldName, java_, optional } from "./arguments";
import { javaLiteral, javaRegex } from "./java-regex";
import { bool, call, keyword, quote } from "./text";
import type { NativeCall, NativeSteps } from "./types";

/** Extraction of values from the text of fields. */
export const extractionSteps: NativeSteps = {
  e_regex: (one) => {
    if (one.given("pack_json")) one.refuse("e_regex with pack_json", one.given("pack_json"));
    const field = quote(fieldName(one, one.given("field")!));
    const pattern = java_(one, one.given("regex")!);
    const mode = keyword("mode", quote(one.text("mode")));
    const extract = (regex: string, outputs: readonly string[]): string =>
      call("ext_regex", field, keyword("regex", quote(regex)), keyword("output", quote(outputs.join(","))), mode);
    const { groups } = javaRegex(one.text("regex"));
    const info = one.constant("fields_info");
    if (info === null) {
      if (groups.length === 0) return [];
      if (groups.some((name) => name === undefined)) {
        one.refuse("e_regex with groups of which some have no name; write (?:...) for those", one.given("regex"));
      }
      return [extract(pattern, groups as string[])];
    }
    if (groups.some((name) => name !== undefined)) {
      one.refuse("e_regex with named groups and fields_info", one.given("fields_info"));
    }
    if (typeof info === "string") return [extract(wrap(one, pattern), [info])];
    if (!isList(info)) return one.refuse("e_regex with a dict", one.given("fields_info"));
    return [
      extract(
        pattern,
        info.map((name) => toText(name ?? "")),
      ),
    ];
  },
  e_anchor: (one) => {
    if (one.flag("restrict")) one.refuse("e_anchor with restrict", one.given("restrict"));
    const rules = one.text("anchor_rules");
    const fields = list(one.constant("fields"));
    // A field `*` receives no capture.
    const kept = fields.filter((name) => name !== "*");
    let at = 0;
    const pieces = rules.split("*").map(javaLiteral);
    const pattern = pieces.slice(1).reduce((built, piece, index) => {
      const isLast = index === pieces.length - 2 && piece === "";
      const any = isLast ? ".*" : ".*?";
      const name = fields[at++];
      return `${built}${name === undefined || name === "*" ? any : `(${any})`}${piece}`;
    }, pieces[0]);
    const mode = keyword("mode", quote(one.text("mode")));
    const output = keyword("output", quote(kept.join(",")));
    const field = quote(fieldName(one, one.given("field")!));
    return [call("ext_regex", field, keyword("regex", quote(`(?s)${pattern}`)), output, mode)];
  },
  e_json: (one) => {
    const [jmes, output] = [one.text("jmes"), one.text("output")];
    const field = quote(fieldName(one, one.given("field")!));
    if (jmes !== "") {
      if (output === "" || one.flag("expand")) {
        one.refuse("e_json with jmes that expands what it finds", one.given(output === "" ? "jmes" : "expand"));
      }
      one.note(BLANKS);
      const mode = keyword("mode", quote(one.text("mode")));
      const ignore = keyword("ignore_null", bool(one.flag("jmes_ignore_none")));
      return [
        call("ext_json_jmes", field, keyword("jmes", quote(jmes)), keyword("output", quote(output)), ignore, mode),
      ];
    }
    if (one.text("fmt") !== "simple") one.refuse('e_json with a fmt other than "simple"', one.given("fmt"));
    if (one.given("fmt_array")) one.refuse("e_json with fmt_array", one.given("fmt_array"));
    for (const parameter of ["depth", "sep", "include_node", "exclude_node", "include_path", "exclude_path"]) {
      const given = one.given(parameter);
      if (given) one.refuse(`e_json with ${parameter}`, given);
    }
    if (one.flag("expand_array")) {
      one.refuse("e_json that expands arrays; set expand_array=False", one.given("expand_array"));
    }
    if (!one.text("mode").startsWith("overwrite")) {
      one.refuse('e_json that leaves fields as they are; set mode="overwrite"', one.given("mode"));
    }
    one.note("CLS writes null as a text, and JSON without blanks");
    return [
      call(
        "ext_json",
        field,
        keyword("prefix", optional(one, "prefix")),
        keyword("suffix", optional(one, "suffix")),
        keyword("expand_array", bool(false)),
      ),
    ];
  },
  e_kv: (one) => one.refuse("e_kv, which finds quoted values; use e_kv_delimit"),
  e_kv_delimit: (one) => {
    const [pairs, values] = [one.text("pair_sep"), one.text("kv_sep")];
    // CLS's documentation shows a single character, or a class of blanks.
    if (pairs !== "\\s" && !/^[\w,;:|&#/ ]$/.test(pairs)) {
      one.refuse("e_kv_delimit with a pair_sep of several characters", one.given("pair_sep"));
    }
    if (!/^[\w=:,;&#/ -]$/.test(values)) {
      one.refuse("e_kv_delimit with a kv_sep of several characters", one.given("kv_sep"));
    }
    one.note("CLS makes fields of keys too that begin with a digit or are not ASCII");
    return [
      call(
        "ext_kv",
        quote(fieldName(one, one.given("field_or_list") ?? one.given("field")!)),
        keyword("pair_sep", quote(pairs)),
        keyword("kv_sep", quote(values)),
        keyword("prefix", optional(one, "prefix")),
        keyword("suffix", optional(one, "suffix")),
        keyword("mode", quote(one.text("mode"))),
      ),
    ];
  },
  e_csv: separated,
  e_tsv: separated,
  e_psv: separated,
};

function separated(one: NativeCall): string[] {
  const fields = list(one.constant("fields"));
  const mode = one.text("mode");
  if (!mode.endsWith("-auto") && !one.flag("restrict")) {
    one.refuse(`${one.node.name} in a mode that writes empty values, without restrict`, one.given("mode"));
  }
  one.note("CLS takes quotes inside of a value for such around it");
  if (one.flag("lstrip")) one.note("CLS keeps blanks before a value");
  return [
    call(
      "ext_sep",
      quote(fieldName(one, one.given("field")!)),
      quote(fields.join(",")),
      keyword("sep", quote(one.text("sep"))),
      keyword("quote", quote(one.text("quote"))),
      keyword("restrict", bool(one.flag("restrict"))),
      keyword("mode", quote(mode)),
    ),
  ];
}

/** The pattern as one group; inner groups become non-capturing. */
function wrap(one: NativeCall, pattern: string): string {
  if (/\\\d/.test(pattern)) one.refuse("e_regex with back-references and one field", one.given("regex"));
  const [, flags = "", rest] = /^(\(\?[dU]+\))?([^]*)$/.exec(pattern)!;
  return `${flags}(${rest.replace(/(?<!\\)((?:\\\\)*)\((?!\?)/g, "$1(?:")})`;
}

function list(value: Value): string[] {
  if (typeof value === "string") return value.split(/\s*,\s*/);
  if (isDict(value) || !isList(value)) return [];
  return value.map((item) => (item === null ? "" : toText(item)));
}

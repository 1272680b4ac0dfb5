import type { Expression } from "../syntax-tree";
import { isDict, isList, type Value } from "../values";
import { toText } from "../text";
import { fieldName, java_ } from "./arguments";
import { javaLiteral, javaRegex } from "./java-regex";
import { mappingSteps } from "./mapping";
import { bool, call, keyword, quote } from "./text";
import type { NativeCall, NativeSteps } from "./types";

/** A field that is there for the length of a statement. */
const COPY = "__split__";

/** Operations that CLS has, or that can be made of those it has. Each gives calls that follow each other. */
export const STEPS: NativeSteps = {
  e_if: (one) => {
    if (one.rest.length % 2 === 1) one.refuse("e_if with a last operation of its own; use e_if_else", one.rest.at(-1));
    return pairs(one.rest).flatMap(([condition, operation]) => ifThen(one, condition, one.steps(operation)));
  },
  e_if_else: (one) => {
    const otherwise = one.given("op_false");
    const condition = one.condition(one.given("cond")!);
    return ifElse(condition, one.steps(one.given("op_true")!), otherwise ? one.steps(otherwise) : []);
  },
  // CLS's own switch discards what fits no case.
  e_switch: (one) => {
    const fallback = one.given("default");
    return pairs(one.rest).reduceRight<string[]>(
      (otherwise, [condition, operation]) => ifElse(one.condition(condition), one.steps(operation), otherwise),
      fallback ? one.steps(fallback) : [],
    );
  },
  e_compose: (one) => one.rest.flatMap((operation) => one.steps(operation)),

  e_drop: (one) => {
    const condition = one.given("condition");
    return [call("log_drop", condition ? one.condition(condition) : "True")];
  },
  e_keep: (one) => {
    const condition = one.given("condition");
    return condition ? [call("log_keep", one.condition(condition))] : [];
  },
  e_output: (one) => {
    for (const parameter of ["topic", "source", "tags"]) {
      const given = one.given(parameter);
      if (given) one.refuse(`e_output with ${parameter}`, given);
    }
    const name = one.constant("name") ?? one.defaultOutput;
    if (name === undefined || name === "dropped") return [call("log_drop", "True")];
    return [call("log_output", quote(toText(name)))];
  },
  e_coutput: (one) => one.refuse("e_coutput: a row cannot be copied and run on"),
  e_split: (one) => {
    const field = fieldName(one, one.given("field")!);
    const output = one.constant("output");
    const isKept = typeof output === "string" && output !== field;
    const split = (source: string): string =>
      call(
        "log_split",
        quote(source),
        keyword("sep", quote(one.text("sep", ","))),
        keyword("quote", quote(one.text("quote", '"'))),
        keyword("jmes", optional(one, "jmes")),
        keyword("output", isKept ? quote(output) : undefined),
      );
    one.note("CLS keeps blanks before a part, and does not say what becomes of rows without anything to split");
    if (!isKept) return [split(field)];
    // CLS takes the source field away where the parts go to another: a copy of it is split.
    const copy = call("fields_set", quote(COPY), call("v", quote(field)));
    const isEmpty = call("op_str_eq", call("v", quote(field)), quote(""));
    const isSplit = call("op_and", call("has_field", quote(field)), call("op_not", isEmpty));
    return [call("t_if", isSplit, together([copy, split(COPY), call("fields_drop", quote(COPY))]))];
  },

  e_drop_fields: (one) => [call("fields_drop", ...names(one))],
  e_keep_fields: (one) => [call("fields_keep", ...names(one))],
  e_rename: (one) =>
    pairs(one.rest).map(([from, to]) => {
      const [field, name] = [fieldName(one, from), quote(fieldName(one, to))];
      const isPattern = one.flag("regex", true) && isRegex(field);
      const pattern = isPattern ? java_(one, from) : field;
      return call("fields_rename", quote(pattern), name, isPattern ? keyword("regex", "True") : undefined);
    }),
  e_pack_fields: (one) => {
    const exclude = one.constant("exclude");
    one.note("CLS writes JSON without blanks");
    return [
      call(
        "fields_pack",
        quote(fieldName(one, one.given("output_field")!)),
        keyword("include", quote(one.text("include", ".*"))),
        keyword("exclude", typeof exclude === "string" ? quote(exclude) : undefined),
        keyword("drop_packed", bool(one.flag("drop_packed", false))),
      ),
    ];
  },
  e_set: (one) => {
    const mode = keyword("mode", quote(one.text("mode", "overwrite")));
    return pairs(one.rest).flatMap(([key, value]) => {
      const constant = one.isConstant(value) ? one.constantOf(value, "value") : undefined;
      if (constant === null) return [];
      // CLS writes constants that are no texts in forms of its own.
      const text = constant === undefined ? one.value(value).text : quote(toText(constant));
      const set = [call("fields_set", quote(fieldName(one, key)), text, mode)];
      // What is None is not assigned: a field that is absent.
      const absent = fieldOf(one, value);
      return absent === undefined ? set : [call("t_if", call("has_field", quote(absent)), ...set)];
    });
  },

  e_regex: (one) => {
    if (one.given("pack_json")) one.refuse("e_regex with pack_json");
    const field = quote(fieldName(one, one.given("field")!));
    const pattern = java_(one, one.given("regex")!);
    const mode = keyword("mode", quote(one.text("mode", "fill-auto")));
    const extract = (regex: string, outputs: readonly string[]): string =>
      call("ext_regex", field, keyword("regex", quote(regex)), keyword("output", quote(outputs.join(","))), mode);
    const { groups } = javaRegex(one.text("regex"));
    const info = one.constant("fields_info") ?? null;
    if (info === null) {
      if (groups.length === 0) return [];
      if (groups.some((name) => name === undefined)) {
        one.refuse("e_regex with groups of which some have no name; write (?:...) for those");
      }
      return [extract(pattern, groups as string[])];
    }
    if (groups.some((name) => name !== undefined)) one.refuse("e_regex with named groups and fields_info");
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
    if (one.flag("restrict", false)) one.refuse("e_anchor with restrict");
    const rules = one.text("anchor_rules");
    const fields = list(one.constant("fields") ?? null);
    // A field `*` takes no capture.
    const kept = fields.filter((name) => name !== "*");
    let at = 0;
    const pieces = rules.split("*").map(javaLiteral);
    const pattern = pieces.slice(1).reduce((built, piece, index) => {
      const isLast = index === pieces.length - 2 && piece === "";
      const any = isLast ? ".*" : ".*?";
      const name = fields[at++];
      return `${built}${name === undefined || name === "*" ? any : `(${any})`}${piece}`;
    }, pieces[0]);
    const mode = keyword("mode", quote(one.text("mode", "overwrite")));
    const output = keyword("output", quote(kept.join(",")));
    const field = quote(fieldName(one, one.given("field")!));
    return [call("ext_regex", field, keyword("regex", quote(`(?s)${pattern}`)), output, mode)];
  },
  e_json: (one) => {
    const [jmes, output] = [one.text("jmes", ""), one.text("output", "")];
    const field = quote(fieldName(one, one.given("field")!));
    if (jmes !== "") {
      if (output === "" || one.flag("expand", false)) one.refuse("e_json with jmes that expands what it finds");
      const mode = keyword("mode", quote(one.text("mode", "fill-auto")));
      const ignore = keyword("ignore_null", bool(one.flag("jmes_ignore_none", true)));
      return [
        call("ext_json_jmes", field, keyword("jmes", quote(jmes)), keyword("output", quote(output)), ignore, mode),
      ];
    }
    if (one.text("fmt", "simple") !== "simple") one.refuse('e_json with a fmt other than "simple"', one.given("fmt"));
    if (one.given("fmt_array")) one.refuse("e_json with fmt_array", one.given("fmt_array"));
    for (const parameter of ["depth", "sep", "include_node", "exclude_node", "include_path", "exclude_path"]) {
      const given = one.given(parameter);
      if (given) one.refuse(`e_json with ${parameter}`, given);
    }
    if (one.flag("expand_array", true)) one.refuse("e_json that expands arrays; set expand_array=False");
    if (!one.text("mode", "fill-auto").startsWith("overwrite")) {
      one.refuse('e_json that leaves fields as they are; set mode="overwrite"');
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
    const [pairs, values] = [one.text("pair_sep", "\\s"), one.text("kv_sep", "=")];
    // CLS's documentation shows one character, or a class of blanks.
    if (pairs !== "\\s" && !/^[\w,;:|&#/ ]$/.test(pairs))
      one.refuse("e_kv_delimit with a pair_sep of several characters");
    if (!/^[\w=:,;&#/ -]$/.test(values)) one.refuse("e_kv_delimit with a kv_sep of several characters");
    one.note("CLS extracts pairs whose value holds the separator again");
    return [
      call(
        "ext_kv",
        quote(fieldName(one, one.given("field_or_list") ?? one.given("field")!)),
        keyword("pair_sep", quote(pairs)),
        keyword("kv_sep", quote(values)),
        keyword("prefix", optional(one, "prefix")),
        keyword("suffix", optional(one, "suffix")),
        keyword("mode", quote(one.text("mode", "fill-auto"))),
      ),
    ];
  },
  e_csv: separated(","),
  e_tsv: separated("\t"),
  e_psv: separated("|"),
  ...mappingSteps,
};

function separated(separator: string) {
  return (one: NativeCall): string[] => {
    const fields = list(one.constant("fields") ?? null);
    const mode = one.text("mode", "fill-auto");
    if (!mode.endsWith("-auto") && !one.flag("restrict", false)) {
      one.refuse(`${one.node.name} in a mode that writes empty values, without restrict`);
    }
    one.note("CLS takes quotes inside of a value for such around it");
    if (one.flag("lstrip", true)) one.note("CLS keeps blanks before a value");
    return [
      call(
        "ext_sep",
        quote(fieldName(one, one.given("field")!)),
        quote(fields.join(",")),
        keyword("sep", quote(one.text("sep", separator))),
        keyword("quote", quote(one.text("quote", '"'))),
        keyword("restrict", bool(one.flag("restrict", false))),
        keyword("mode", quote(mode)),
      ),
    ];
  };
}

function ifThen(one: NativeCall, condition: Expression, steps: readonly string[]): string[] {
  const test = one.condition(condition);
  return steps.length === 0 ? [] : [call("t_if", test, together(steps))];
}

function ifElse(condition: string, yes: readonly string[], no: readonly string[]): string[] {
  if (yes.length === 0 && no.length === 0) return [];
  if (no.length === 0) return [call("t_if", condition, together(yes))];
  if (yes.length === 0) return [call("t_if_not", condition, together(no))];
  return [call("t_if_else", condition, together(yes), together(no))];
}

/** Several calls where one must stand. */
function together(steps: readonly string[]): string {
  return steps.length === 1 ? steps[0] : call("compose", ...steps);
}

function pairs(rest: readonly Expression[]): (readonly [Expression, Expression])[] {
  return rest.flatMap((item, at) => (at % 2 === 0 && at + 1 < rest.length ? [[item, rest[at + 1]] as const] : []));
}

/** Names for dropping and keeping: patterns of whole names unless they are said to be none. */
function names(one: NativeCall): (string | undefined)[] {
  const fields = one.rest.map((name) => fieldName(one, name));
  const isPattern = one.flag("regex", true) && fields.some(isRegex);
  if (!isPattern) return fields.map(quote);
  return [...one.rest.map((name) => quote(java_(one, name))), keyword("regex", "True")];
}

function isRegex(name: string): boolean {
  return /[\\^$.|?*+()[\]{}]/.test(name);
}

function optional(one: NativeCall, parameter: string): string | undefined {
  const value = one.constant(parameter);
  return typeof value === "string" && value !== "" ? quote(value) : undefined;
}

/** The field whose absence makes a value None: `v` of one field, without a default. */
function fieldOf(one: NativeCall, value: Expression): string | undefined {
  if (value.kind !== "call" || value.name !== "v" || value.positional.length !== 1) return undefined;
  return value.keywords.length > 0 ? undefined : fieldName(one, value.positional[0]);
}

/** The pattern as one group, the groups inside of it left out. */
function wrap(one: NativeCall, pattern: string): string {
  if (/\\\d/.test(pattern)) one.refuse("e_regex with back-references and one field");
  const [, flags = "", rest] = /^(\(\?[dU]+\))?([^]*)$/.exec(pattern)!;
  return `${flags}(${rest.replace(/(?<!\\)((?:\\\\)*)\((?!\?)/g, "$1(?:")})`;
}

function list(value: Value): string[] {
  if (typeof value === "string") return value.split(/\s*,\s*/);
  if (isDict(value) || !isList(value)) return [];
  return value.map((item) => (item === null ? "" : toText(item)));
}

import { parseQuery } from "../query/parse";
import { nativeDate } from "./dates";
import { javaRegex } from "./java-regex";
import { nativeQuery } from "./query";
import { call, keyword, quote } from "./text";
import type { NativeCall, NativeExpressions } from "./types";
import {
  FLOATS,
  UTF16,
  BLANKS,
  text,
  number,
  boolean,
  fieldName,
  java_,
  positional,
  first,
  texts,
  readable,
  isEmptyOrUnknown,
  textOf,
  itemOf,
  untyped,
  strip,
  search,
  optionalInteger,
} from "./arguments";
import {
  numbers,
  matches,
  fieldMatches,
  pairMatches,
  joined,
  folded,
  firstNotNull,
  equal,
  comparison,
  arithmetic,
  contains,
} from "./operators";

/** Expression functions that CLS has, or that can be composed from its functions. */
export const EXPRESSIONS: NativeExpressions = {
  v: (one) => {
    const names = one.rest.map((name) => call("v", quote(fieldName(one, name))));
    const fallback = one.given("default");
    const value = names.length === 1 ? names[0] : call("ext_first_notnull", ...names);
    if (names.length > 1 || fallback) one.note("CLS takes an empty field for an absent one");
    return text(fallback ? call("op_ifnull", value, one.value(fallback).text) : value);
  },
  e_has: (one) => boolean(call("has_field", quote(fieldName(one, one.given("field")!)))),
  e_not_has: (one) => boolean(call("not_has_field", quote(fieldName(one, one.given("field")!)))),
  e_search: (one) => {
    const query = parseQuery(one.text("query"));
    return boolean(nativeQuery(query, (reason) => one.refuse(reason, one.given("query"))));
  },
  e_match: (one) => boolean(fieldMatches(one, one.given("field")!, one.given("regex")!, one.flag("full"))),
  e_match_all: (one) => boolean(joined("op_and", pairMatches(one))),
  e_match_any: (one) => boolean(joined("op_or", pairMatches(one))),

  op_and: (one) => boolean(joined("op_and", one.rest.map(one.condition))),
  op_or: (one) => boolean(joined("op_or", one.rest.map(one.condition))),
  op_not: (one) => boolean(call("op_not", one.condition(one.given("a")!))),
  op_if: (one) => {
    const [yes, no] = [one.value(one.given("a")!), one.value(one.given("b")!)];
    const type = yes.type === no.type ? yes.type : "any";
    return { text: call("op_if", one.condition(one.given("cond")!), yes.text, no.text), type };
  },
  op_ifnull: firstNotNull,
  op_coalesce: firstNotNull,
  op_eq: (one) => boolean(equal(one)),
  op_ne: (one) => boolean(call("op_not", equal(one))),
  op_gt: comparison("op_gt"),
  op_ge: comparison("op_ge"),
  op_lt: comparison("op_lt"),
  op_le: comparison("op_le"),
  op_len: (one) => {
    one.note(UTF16);
    return number(call("str_len", itemOf(one, first(one))));
  },
  op_in: (one) => boolean(contains(one)),
  op_not_in: (one) => boolean(call("op_not", contains(one))),
  op_add: (one) => {
    const values = one.rest.map(one.value);
    if (values.every(({ type }) => type === "number")) return number(folded("op_add", values));
    if (values.every(({ type }) => type === "text")) return text(call("str_join", quote(""), ...texts(values)));
    const other = one.rest.find((_, at) => values[at].type === "any" || values[at].type !== values[0].type);
    return one.refuse("op_add of values whose types only the event tells; make them one with ct_int or ct_str", other);
  },
  op_sum: (one) => number(call("op_sum", ...texts(one.rest.map(one.value)))),
  op_sub: arithmetic("op_sub"),
  op_mul: (one) => {
    const values = positional(one).map(one.value);
    const repeated = positional(one).find((_, at) => values[at].type === "text" || values[at].type === "any");
    if (repeated) one.refuse("op_mul of texts, which repeats them", repeated);
    return number(folded("op_mul", values));
  },
  // The remainder has the sign of the divisor, in CLS that of the dividend.
  op_mod: (one) => {
    const [a, b] = numbers(one, "op_mod");
    return number(call("op_mod", call("op_add", call("op_mod", a.text, b.text), b.text), b.text));
  },
  op_div_true: (one) => {
    const [a, b] = positional(one).map(one.value);
    const divisor = one.isConstant(positional(one)[1]) ? one.constantOf(positional(one)[1], "divisor") : null;
    if (divisor === null || Number(divisor) === 0) one.refuse("op_div_true by what may be 0", positional(one)[1]);
    one.note(FLOATS);
    return number(call("op_div", call("ct_float", a.text), b.text));
  },

  ct_int: (one) => {
    const base = one.given("base");
    return number(
      call("ct_int", one.value(readable(one, first(one))).text, base && keyword("base", one.value(base).text)),
    );
  },
  ct_float: (one) => {
    one.note(FLOATS);
    return number(call("ct_float", one.value(readable(one, first(one))).text));
  },
  ct_str: (one) => text(call("ct_str", one.value(readable(one, first(one))).text)),

  str_lower: (one) => text(call("str_lowercase", textOf(one, first(one)))),
  str_upper: (one) => text(call("str_uppercase", textOf(one, first(one)))),
  str_join: (one) => text(call("str_join", one.value(first(one)).text, ...one.rest.map((item) => itemOf(one, item)))),
  str_replace: (one) => {
    const [value, old, replacement, count] = positional(one);
    const times = count ? one.constantOf(count, "count") : -1n;
    if (typeof times === "bigint" && times === 0n) return text(textOf(one, value));
    const limit = typeof times === "bigint" && times > 0n ? keyword("count", String(times)) : undefined;
    if (isEmptyOrUnknown(one, old)) one.refuse("str_replace of a text that may be empty", old);
    const [from, to] = [one.value(old).text, one.value(replacement).text];
    return text(call("str_replace", textOf(one, value), keyword("old", from), keyword("new", to), limit));
  },
  str_strip: strip("str_strip", String.raw`(?U)\A\s+|\s+\z`),
  str_lstrip: strip("str_lstrip", String.raw`(?U)\A\s+`),
  str_rstrip: strip("str_rstrip", String.raw`(?U)\s+\z`),
  str_find: search("str_find", number),
  str_count: search("str_count", number),
  str_startswith: search("str_start_with", boolean),
  str_endswith: search("str_end_with", boolean),
  str_format: (one) => {
    const format = one.constantOf(first(one), "format");
    if (typeof format !== "string" || /\{[^}]*[^}\d][^}]*\}|\{\{|\}\}/.test(format)) {
      return one.refuse("str_format with more than {} and {0} in its format", first(one));
    }
    let count = 0;
    const numbered = format.replaceAll("{}", () => `{${count++}}`).replaceAll("'", "''");
    return text(call("str_format", quote(numbered), ...one.rest.map((item) => itemOf(one, item))));
  },

  regex_match: (one) => {
    const [value, pattern] = positional(one);
    return boolean(matches(one, textOf(one, value), pattern, one.flag("full")));
  },
  regex_select: (one) => {
    const [value, pattern] = positional(one);
    const [index, group] = [optionalInteger(one, "mi"), optionalInteger(one, "gi")];
    const java = keyword("regex", quote(java_(one, pattern)));
    const place = [keyword("index", String(index ?? 0)), keyword("group", String(group === undefined ? 0 : group + 1))];
    return text(call("regex_select", textOf(one, value), java, ...place));
  },
  regex_replace: (one) => {
    const [value, pattern] = positional(one);
    const template = one.text("replace");
    if (/\\g</.test(template)) {
      one.refuse("regex_replace with \\g<...>; use \\1", one.given("replace"));
    }
    const replace = template.replaceAll("$", "\\$").replace(/\\(\d)/g, "$$$1");
    const count = optionalInteger(one, "count") ?? 0;
    const named = [keyword("replace", quote(replace)), keyword("count", String(count))];
    return text(call("regex_replace", textOf(one, value), keyword("regex", quote(java_(one, pattern))), ...named));
  },
  regex_findall: (one) => {
    refuseGroups(one);
    one.note(BLANKS);
    const [value, pattern] = positional(one);
    return untyped(call("regex_findall", textOf(one, value), keyword("regex", quote(java_(one, pattern)))));
  },
  regex_split: (one) => {
    const [value, pattern] = positional(one);
    if (one.given("maxsplit")) one.refuse("regex_split with maxsplit", one.given("maxsplit"));
    refuseGroups(one);
    one.note("CLS leaves out empty texts at the end of what it splits");
    one.note(BLANKS);
    return untyped(call("regex_split", textOf(one, value), keyword("regex", quote(java_(one, pattern)))));
  },

  xml_to_json: (one) => one.refuse("xml_to_json with the root and @ before attributes, which CLS's own leaves out"),
  json_select: (one) => {
    const [value] = positional(one);
    const unknown = one.given("default") ?? (one.flag("restrict") ? one.given("restrict") : undefined);
    if (unknown) one.refuse("json_select with default or restrict", unknown);
    one.note(BLANKS);
    return untyped(call("json_select", textOf(one, value), keyword("jmes", quote(one.text("jmes")))));
  },

  dt_strftime: nativeDate,
  dt_str: nativeDate,
  dt_parsetimestamp: nativeDate,
  dt_fromtimestamp: nativeDate,

  md5_encoding: (one) => {
    if (one.text("format").toLowerCase() !== "hex") {
      one.refuse('md5_encoding with a format other than "hex"', one.given("format"));
    }
    return text(call("md5_encoding", textOf(one, first(one))));
  },
  url_decoding: (one) => text(call("decode_url", textOf(one, first(one)))),
  str_uuid: (one) => {
    if (!one.flag("lower")) one.refuse("str_uuid in upper case", one.given("lower"));
    return text(call("uuid"));
  },
  ip_cidrmatch: (one) => {
    const [network, address] = positional(one);
    if (one.given("default")) one.refuse("ip_cidrmatch with a default", one.given("default"));
    return boolean(call("is_subnet_of", one.value(network).text, one.value(address).text));
  },
};

function refuseGroups(one: NativeCall): void {
  if (javaRegex(one.text("regex")).groups.length === 0) return;
  one.refuse(`${one.node.name} of a pattern with groups`, one.given("regex"));
}

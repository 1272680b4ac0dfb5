import { compileNative } from "../../../rules/native/compile";
import { parts } from "../support";
import { DEFAULT, native } from "./support";

/** What CLS cannot do, and what the message says of it. */
const REFUSED: readonly [string, string][] = [
  ['e_coutput("errors")', "e_coutput: a row cannot be copied and run on"],
  ['e_output("errors", topic="t")', "e_output with topic"],
  ['e_if(e_has("a"), e_set("x", "1"), e_set("y", "1"))', "e_if with a last operation of its own"],
  ['e_kv("t")', "e_kv, which finds quoted values"],
  ['e_kv_delimit("t", pair_sep="&?")', "e_kv_delimit with a pair_sep of several characters"],
  ['e_kv_delimit("t", kv_sep="=>")', "e_kv_delimit with a kv_sep of several characters"],
  ['e_json("j")', "e_json that expands arrays; set expand_array=False"],
  ['e_json("j", expand_array=False)', 'e_json that leaves fields as they are; set mode="overwrite"'],
  ['e_json("j", fmt="full")', 'e_json with a fmt other than "simple"'],
  ['e_json("j", expand_array=False, mode="overwrite", depth=2)', "e_json with depth"],
  ['e_json("j", jmes="a")', "e_json with jmes that expands what it finds"],
  ['e_regex("t", "(a)(?P<b>b)")', "groups of which some have no name"],
  ['e_regex("t", "(a)", {"k": "v"})', "e_regex with a dict"],
  ['e_regex("t", "(?x)a b", "c")', "the flags (?x) of a pattern"],
  ['e_anchor("t", "a*", "b", restrict=True)', "e_anchor with restrict"],
  ['e_csv("t", "a,b", mode="overwrite")', "e_csv in a mode that writes empty values"],
  ['e_dict_map({"Ok": "1"}, "a", "b")', "takes upper and lower case as one"],
  ['e_dict_map({"1": "1", "*": "2"}, "a", "b", mode="fill")', "with a default in a mode other than"],
  ['e_table_map(tab_parse_csv("a,b\\n*,1"), "a", "b")', "without wildcards"],
  ['e_search_dict_map({"a: 1": "x"}, "b")', "e_search_dict_map"],
  ['e_set("x", v("__time__"))', "the field __time__, which CLS keeps under another name"],
  ['e_set(v("a"), "1")', "a field name that the event gives"],
  ['e_set("x", op_if(e_has("a"), [1, 2], "b"))', "a list or a dict as a value"],
  ['e_drop(e_search("word"))', "a query of all fields"],
  ['e_set("x", op_eq(v("a"), 1))', "op_eq of text and number"],
  ['e_drop(op_gt(v("a"), 1))', "op_gt of what is not known to be numbers"],
  ['e_set("x", op_sub(v("a"), 1))', "op_sub of what is not known to be numbers"],
  ['e_set("x", op_mul(v("a"), 2))', "op_mul of texts"],
  ['e_set("x", op_div_true(1, ct_int(v("a"))))', "op_div_true by what may be 0"],
  ['e_set("x", str_find(v("a"), "b", 1))', "str_find with a range"],
  ['e_set("x", str_replace(v("a"), v("b"), "c"))', "str_replace of a text that may be empty"],
  ['e_set("x", str_format("{:>5}", v("a")))', "str_format with more than {} and {0}"],
  ['e_set("x", regex_findall(v("a"), "(b)"))', "regex_findall of a pattern with groups"],
  ['e_set("x", regex_replace(v("a"), "b", replace=r"\\g<0>"))', "regex_replace with \\g<...>"],
  ['e_set("x", json_select(v("a"), "b", default="c"))', "json_select with default or restrict"],
  ['e_set("x", md5_encoding(v("a"), format="binary"))', "md5_encoding with a format"],
  ['e_set("x", base64_encoding(v("a")))', "base64_encoding"],
  ['e_set("x", dt_strftime(dt_now(), "%Y"))', "dt_strftime of other than dt_parse(...)"],
  ['e_set("x", dt_strftime(dt_parse(v("a")), "%z"))', "the directive %z in a format"],
  ['e_set("x", dt_str(v("a"), fmt="%H", tz="Asia/Tokyo"))', "dt_str with tz"],
  ['e_set("x", dt_fromtimestamp(ct_int(v("a")), tz="Asia/Tokyo"))', "dt_fromtimestamp with tz"],
  ['e_set("x", lst_make(v("a")))', "lst_make"],
  ['e_drop(e_search("__topic__==a"))', "CLS has no counterpart of the field __topic__; run it in a function"],
  ['e_dict_map(res_local("MAP"), "a", "b")', "a dict that res_local gives"],
  [
    'e_table_map(tab_parse_csv(res_oss_file(endpoint="ap-guangzhou", bucket="b-1250000000", file="f")), "a", "b")',
    "a table that res_oss_file gives",
  ],
  ['e_set("x", xml_to_json(v("a")))', "which CLS's own leaves out"],
  ['e_rename("left", "right", "right", "left")', "e_rename that renames right, the new name of a pair before it"],
  ['e_rename("a", "b_1", "b_.*", "c")', "e_rename that renames b_1, the new name of a pair before it"],
  ['e_drop(e_search("a: 1 and not __source__: *"))', "the field __source__, which CLS keeps under another name"],
  ['e_keep(json_select(v("a"), "length([*])"))', "a condition whose type only the event tells"],
  ['e_keep(op_not(regex_findall(v("a"), "b")))', "a condition whose type only the event tells"],
  ['e_drop(op_eq(json_select(v("a"), "b"), "200"))', "op_eq of values whose types only the event tells"],
  ['e_set("x", op_add(json_select(v("a"), "b"), "c"))', "op_add of values whose types only the event tells"],
  ['e_set("x", op_mul(json_select(v("a"), "b"), 2))', "op_mul of texts, which repeats them"],
  ['e_set("x", op_len(regex_findall(v("a"), "b")))', "op_len of a value whose type only the event tells"],
  ['e_set("x", str_join("-", regex_split(v("a"), "b")))', "str_join of a value whose type only the event tells"],
  ['e_set("x", str_format("{}", json_select(v("a"), "b")))', "str_format of a value whose type only the event tells"],
];

it.each(REFUSED)("%s is refused: %s", (text, reason) => {
  const { problems } = native(text);
  expect(problems.join("\n")).toContain(reason);
});

it.each([
  ['e_set("x", v("a") == 1)', "1:22"],
  ['e_set("x", 1 < v("a"))', "1:16"],
  ['e_set("x", op_mod(ct_int(v("a")), v("b")))', "1:35"],
  ['e_set("x", op_add(v("a"), 1))', "1:27"],
  ['e_set("x", op_in(v("a"), 1))', "1:26"],
  ['e_set("x", op_div_true(1, ct_int(v("a"))))', "1:27"],
  ['e_set("x", str_find(v("a"), "b", 1))', "1:34"],
  ['e_set("x", str_replace(v("a"), v("b"), "c"))', "1:32"],
  ['e_set("x", str_format("{:>5}", v("a")))', "1:23"],
  ['e_set("x", regex_findall(v("a"), "(b)"))', "1:34"],
  ['e_set("x", regex_split(v("a"), "b", maxsplit=1))', "1:46"],
  ['e_set("x", json_select(v("a"), "b", restrict=True))', "1:46"],
  ['e_set("x", md5_encoding(v("a"), format="binary"))', "1:40"],
  ['e_set("x", str_uuid(lower=False))', "1:27"],
  ['e_set("x", dt_strftime(dt_parse(v("a")), "%z"))', "1:42"],
  ['e_keep(e_search("a: b or word"))', "1:17"],
  ['e_regex("t", "(?<a>.)", pack_json="p")', "1:35"],
  ['e_regex("t", "(a)(?<b>c)")', "1:14"],
  ['e_anchor("t", "a*", "b", restrict=True)', "1:35"],
  ['e_json("t", expand_array=True, mode="overwrite")', "1:26"],
  ['e_json("t", expand_array=False, mode="add")', "1:38"],
  ['e_kv_delimit("t", kv_sep="::")', "1:26"],
  ['e_rename("a", "b", "b", "a")', "1:20"],
  ['e_csv("t", "a", mode="overwrite")', "1:22"],
  ['e_dict_map({"a": "b"}, "t", "u")', "1:12"],
])("%s is refused at its argument, %s", (text, place) => {
  expect(native(text).problems[0]).toMatch(new RegExp(`^${place} `));
});

it("all that CLS cannot do is told at once, each with its line", () => {
  const text = REFUSED.map(([statement]) => statement).join("\n");
  const { problems } = native(text);
  const nested = native('e_if(e_search("word"), e_coutput("errors"), e_search("other"), e_kv("t"))').problems;
  expect(nested).toHaveLength(4);
  const lines = new Set(problems.map((problem) => Number(problem.split(":")[0])));
  expect([...lines]).toEqual(REFUSED.map((_, at) => at + 1));
});

it.each([
  ['e_set("x", str_upper(v("a")))', "CLS does not say what functions make of an absent field"],
  ['e_set("x", ct_float(v("a")))', "CLS writes floats of ten million or more"],
  ['e_set("x", op_ifnull(v("a"), "b"))', "CLS takes an empty text for None"],
  ['e_pack_fields("x")', "CLS writes JSON without blanks"],
  ['e_json("t", jmes="a", output="b", expand=False)', "CLS writes JSON without blanks"],
  ['e_set("x", ct_str(v("a")))', "CLS does not say what functions make of an absent field"],
  ['e_csv("t", "a,b")', "CLS keeps blanks before a value"],
  ['e_split("t")', "does not say what becomes of rows without anything to split"],
])("%s is noted: %s", (text, note) => {
  const { compiled, problems } = native(text);
  expect(problems).toEqual([]);
  expect(compiled.notes.map(({ message }) => message).join("\n")).toContain(note);
});

it("events without an output go to the default one, or nowhere", () => {
  expect(native('e_set("x", "1")').compiled.text).toMatch(new RegExp(`\nlog_output\\("${DEFAULT}"\\)\n$`));
  expect(compileNative('e_set("x", "1")', { parts }).text).toBe(
    'fields_set("x", "1", mode="overwrite")\nlog_drop(True)\n',
  );
});

it("patterns are written as Java reads them", () => {
  const compiled = (pattern: string): string =>
    /regex=(.*), full/.exec(native(`e_drop(regex_match(v("t", default=""), r"${pattern}"))`).compiled.text)?.[1] ?? "";
  expect(compiled("a+")).toBe('"a+"');
  expect(compiled(String.raw`^\w.$`)).toBe(String.raw`r"(?dU)^\w.$"`);
  expect(compiled("(?i)a")).toBe('"(?iu)a"');
  expect(compiled("[]&[]a{x}b{,2}")).toBe(String.raw`r"[\]\&\[]a\{x}b{0,2}"`);
  expect(compiled(String.raw`(?P<n>a)[\b]\v\Z`)).toBe(String.raw`r"(a)[\x08]\x0B\z"`);
  expect(compiled("(?<n>a)(?<m_1>b)")).toBe('"(a)(b)"');
});

it("tells all that is refused in the order of the text", () => {
  const { problems } = native('e_switch(e_has("__topic__"), e_kv("a"),\n  e_has("__source__"), e_kv("b"))');
  expect(problems.map((problem) => problem.split(" ")[0])).toEqual(["1:16", "1:30", "2:9", "2:24"]);
});

it("leaves out a text that stands alone", () => {
  const { compiled, problems } = native('"""Step one"""\ne_drop()');
  expect(problems).toEqual([]);
  expect(compiled.text).toBe('log_drop(True)\nlog_output("default")\n');
});

/**
 * Rule texts over all that compiles to CLS's dialect; both engines run them on the same events. The fields that they read
 * are those of the generated events: `a`, `b`, `status`, `path`, `text`, `list`, `json`, `kv`, `csv`.
 */
export const TEXTS: readonly string[] = [
  // Assignment and values
  'e_set("x", "1")',
  'e_set("x", "1", "y", v("a"))',
  'e_set("x", v("a"), "y", v("x"))',
  'e_set("a", "new", mode="fill")',
  'e_set("a", "new", mode="add")',
  'e_set("a", "", mode="overwrite-auto")',
  'e_set("x", 5, "y", 2.0, "z", True)',
  'e_set("x", str_join("-", ct_str(1), "b"))',
  String.raw`e_set("x", "a\"b\\c\n${"$"}{d} %{e} 'f' 你")`,
  // Conditions and flow
  'e_if(e_has("a"), e_set("x", "1"))',
  'e_if(e_not_has("a"), e_set("x", "1"), e_has("b"), e_set("y", "2"))',
  'e_if_else(v("a"), e_set("x", "yes"), e_set("x", "no"))',
  'e_if_else(v("a"), e_compose(e_set("x", "1"), e_drop_fields("a")))',
  'e_switch(e_match("a", "0|1"), e_set("x", "low"), e_has("a"), e_set("x", "some"))',
  'e_switch(e_search("status: 5?"), e_output("errors"), e_search("path: health"), DROP, default=e_set("x", "d"))',
  'e_compose(e_set("x", "1"), e_compose(e_set("y", "2"), e_drop(e_has("b"))))',
  'e_if(op_and(v("a"), v("b")), e_set("x", "1"))',
  'e_if(op_or(v("a"), v("b")), e_set("x", "1"))',
  'e_if(op_not(v("a")), e_set("x", "1"))',
  'e_if(e_has("a") and v("b"), e_set("x", "1"))',
  'e_if(e_has("a") or op_eq(v("b"), "0"), e_set("x", "1"))',
  'e_set("x", op_if(e_has("a"), "has", "none"))',
  // Events
  'e_drop(e_search("status >= 500"))',
  'e_keep(e_search("status < 500"))',
  'e_if(e_has("a"), DROP)',
  'e_if(e_has("a"), KEEP)',
  'e_if(e_has("a"), e_output("errors"))\ne_set("x", "1")',
  'e_if_else(e_search("path: /"), e_output(name="requests"), e_output("errors"))',
  'e_output("dropped")',
  'e_split("list")',
  'e_split("list", sep="|")\ne_set("x", v("list"))',
  'e_split("list", output="item")\ne_if(e_search("item: 1"), e_output("errors"))',
  'e_split("json", jmes="items", output="item")',
  // Fields
  'e_drop_fields("a")',
  'e_drop_fields("a", "st.*")',
  'e_drop_fields("st.*", regex=False)',
  'e_keep_fields("a", "b|path")',
  'e_rename("a", "x")',
  'e_rename("a", "x", "b", "y")',
  'e_rename("stat.*", "code")',
  'e_pack_fields("p", include="a|b")',
  'e_pack_fields("p", include="a|b|text", exclude="b", drop_packed=True)',
  // Queries
  'e_if(e_search("a: 1"), e_set("x", "1"))',
  'e_if(e_search("text: bar and not a: 1"), e_set("x", "1"))',
  'e_if(e_search("text == bar or a: *"), e_set("x", "1"))',
  'e_if(e_search("status: [200, 299]"), e_set("x", "1"))',
  'e_if(e_search("status > 399 and status <= 500"), e_set("x", "1"))',
  'e_if(e_search("status = 0"), e_set("x", "1"))',
  String.raw`e_if(e_search('text ~= "^b\\w+$"'), e_set("x", "1"))`,
  'e_if(e_search("path: /a*z?"), e_set("x", "1"))',
  // Matches
  String.raw`e_if(e_match("text", r"\w+"), e_set("x", "1"))`,
  String.raw`e_if(e_match("text", r"\d", full=False), e_set("x", "1"))`,
  'e_if(e_match_all("a", "1", "b", ".*"), e_set("x", "1"))',
  'e_if(e_match_any("a", "1", "text", "b.r"), e_set("x", "1"))',
  String.raw`e_if(regex_match(v("text", default=""), r"^\s|b$"), e_set("x", "1"))`,
  // Comparisons and sums
  'e_if(e_has("status"), e_if(op_gt(ct_int(v("status")), 400), e_set("x", "1")))',
  'e_if(e_has("status"), e_set("x", op_add(ct_int(v("status")), 1)))',
  'e_if(e_has("status"), e_set("x", op_sub(ct_int(v("status")), 100), "y", op_mul(ct_int(v("status")), 2)))',
  'e_if(e_has("status"), e_set("x", op_sum(ct_int(v("status")), 1, 2), "y", op_neg(1)))',
  'e_if(e_has("status"), e_set("x", op_div_true(ct_int(v("status")), 4)))',
  'e_if(e_has("status"), e_set("x", op_mod(ct_int(v("status")), 7)))',
  'e_if(e_has("status"), e_set("x", ct_int(v("status")), "y", ct_float(v("status"))))',
  'e_if(e_has("status"), e_set("x", op_eq(ct_int(v("status")), 200)))',
  'e_if(e_has("a"), e_set("x", op_eq(v("a"), "0"), "y", op_ne(v("a"), "a|b")))',
  'e_if(op_and(e_has("a"), e_has("b")), e_set("x", op_eq(v("a"), v("b"))))',
  // Texts
  'e_if(e_has("text"), e_set("x", str_upper(v("text")), "y", str_lower(v("text"))))',
  'e_if(e_has("text"), e_set("x", str_join("-", v("text"), "z")))',
  'e_if(e_has("text"), e_set("x", str_replace(v("text"), "b", "c"), "y", str_replace(v("text"), "a", "", 1)))',
  'e_if(e_has("text"), e_set("x", str_strip(v("text")), "y", str_lstrip(v("text"), "ba"), "z", str_rstrip(v("text"), "r")))',
  'e_if(e_has("text"), e_set("x", str_startswith(v("text"), "b"), "y", str_endswith(v("text"), "r")))',
  'e_if(e_has("text"), e_set("x", str_format("<{}> it\'s {}", v("text"), "z")))',
  'e_if(e_has("text"), e_set("x", op_in(v("text"), "a")))',
  'e_if(e_has("text"), e_set("x", op_add(v("text"), "!")))',
  String.raw`e_if(e_has("text"), e_set("x", regex_replace(v("text"), r"([a-z])(\d)", replace=r"\2$\1")))`,
  String.raw`e_if(e_search('text ~= "\\w"'), e_set("x", regex_select(v("text"), r"(\w)\w*", mi=0, gi=0)))`,
  String.raw`e_if(e_has("text"), e_set("x", regex_findall(v("text"), r"[a-z]+")))`,
  'e_if(e_has("text"), e_set("x", md5_encoding(v("text"))))',
  'e_if(e_match("a", "[0-9.]+"), e_set("x", ip_cidrmatch("10.0.0.0/8", "10.1.2.3")))',
  // Extraction
  String.raw`e_regex("text", r"(?P<head>\w)(?P<tail>\w*)")`,
  String.raw`e_regex("text", r"(\w)(\w*)", ["head", "tail"])`,
  String.raw`e_regex("text", r"\w+", "word")`,
  String.raw`e_regex("path", r"^/(?P<a>[^/]+)", mode="overwrite")`,
  'e_anchor("path", "/*/*", ["x", "y"])',
  'e_anchor("path", "/*/*", ["*", "y"])',
  'e_json("json", expand_array=False, mode="overwrite")',
  'e_json("json", jmes="user.name", output="name")',
  'e_csv("csv", "c1,c2,c3")',
  'e_csv("csv", ["c1", "c2"], restrict=True)',
  'e_psv("csv", "c1,c2", mode="overwrite", restrict=True)',
  'e_tsv("csv", "c1,c2", sep=",", lstrip=False)',
  'e_kv_delimit("kv", pair_sep=";")',
  // Mapping
  'e_dict_map({"200": "ok", "500": "bad"}, "status", "word")',
  'e_dict_map({"200": "ok", "*": "other"}, "status", "word")',
  'e_dict_map({"200": "ok"}, "status", "word", missing="none")',
  'e_table_map(tab_parse_csv("a,team\\n0,web\\n1,db"), "a", "team")',
  // Several statements
  String.raw`e_if(e_search("path: health"), DROP)
e_set("service", "web")
e_regex("path", r"^/(?P<section>\w+)")
e_if(e_search("status >= 500"), e_compose(e_set("level", "error"), e_output("errors")))
e_switch(e_match("section", "a.*"), e_set("kind", "a"), default=e_set("kind", "other"))
e_drop_fields("kv", "csv|list")
e_output("requests")`,
];

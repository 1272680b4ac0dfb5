import { DEFINITIONS } from "../../../local/dialect/functions";
import { Program } from "../../../local/dialect/program";

type Fields = Readonly<Record<string, unknown>>;

/** What a row becomes, outputs first. */
function run(text: string, row: Fields): Fields[] {
  const { outputs, rest, failure } = new Program(text).run(row, {
    now: () => Date.UTC(2026, 0, 15, 8, 30, 5, 7),
    variables: new Map([
      ["team", "web"],
      ["limits", '{"a":1}'],
    ]),
  });
  if (failure !== undefined) throw new Error(failure);
  return [...outputs.map((output) => output.row), ...rest].map((left) => left.toJSON());
}

const valueOf = (expression: string, row: Fields = {}): unknown => run(`fields_set("r", ${expression})`, row)[0].r;

const NESTED = '{"a":1,"b":{"c":[1,2],"d":{"e":"x"}}}';

/** Statements, a row, and the fields that it gains or loses. */
const CHANGES: readonly [string, Fields, Fields][] = [
  ['ext_sep("t", "a,b,c", sep=";")', { t: "1;2" }, { a: "1", b: "2", c: "" }],
  ['ext_sep("t", "a,b", sep="|", mode="fill")', { t: "1|2", a: "old" }, { b: "2" }],
  ['ext_sepstr("t", "a,b", sep="--")', { t: "1--2--3" }, { a: "1", b: "2" }],
  [String.raw`ext_sepstr("t", "a,b", sep="\|\|", restrict=True)`, { t: "1||2" }, { a: "1", b: "2" }],
  ['ext_json("j")', { j: NESTED }, { a: "1", c: "[1,2]", e: "x" }],
  ['ext_json("j", prefix="p_", suffix="_s")', { j: '{"n":1.50}' }, { p_n_s: "1.5" }],
  ['ext_json("j", depth=1)', { j: '{"a":true,"b":{"c":1}}' }, { a: "true", b: '{"c":1}' }],
  ['ext_json("j", format="full", exclude_node="a")', { j: '{"a":1,"b":"2"}' }, { b: "2" }],
  ['ext_json("j", format="full", sep=".")', { j: '{"a":{"b":2}}' }, { ".j.a.b": "2" }],
  ['ext_json("j", include_node="a|c")', { j: '{"a":1,"b":2,"x":{"c":3}}' }, { a: "1", c: "3" }],
  ['ext_json("j", exclude_path="x\\.c")', { j: '{"a":1,"x":{"c":3}}' }, { a: "1" }],
  [String.raw`ext_json("j", retain="\n,\t")`, { j: String.raw`{"a":"x\ny\tz"}` }, { a: String.raw`x\ny\tz` }],
  ['ext_json("j", escape=False)', { j: String.raw`{"p":"[{\"q\":1}]"}` }, { p: '[{"q":1}]' }],
  ['ext_json("j")', { j: "no json" }, {}],
  ['ext_json_jmes("j", jmes="b.d.e", output="o")', { j: NESTED }, { o: "x" }],
  ['ext_json_jmes("j", jmes="b.none", output="o")', { j: NESTED }, {}],
  ['ext_json_jmes("j", jmes="b.none", output="o", ignore_null=False)', { j: NESTED }, { o: "" }],
  ['ext_kv("t", pair_sep="&", kv_sep="=")', { t: "a=1&b=2&c" }, { a: "1", b: "2" }],
  [String.raw`ext_kv("t", pair_sep=r"\s", kv_sep=":", prefix="p_")`, { t: "a:1  b:x:y" }, { p_a: "1", p_b: "x:y" }],
  ['ext_regex("t", regex="(?<user>[a-z]+)@(.*)", output="host")', { t: "ann@x.org" }, { user: "ann", host: "x.org" }],
  ['ext_regex("t", regex="none(.)", output="o")', { t: "ann" }, {}],
  ['ext_grok("t", grok="%{WORD:verb} %{NUMBER:ms}")', { t: "took 1.5 s" }, { verb: "took", ms: "1.5" }],
  ['ext_grok(v("t"), grok="%{QS:q}")', { t: 'say "hi there"' }, { q: "hi there" }],
  ['ext_grok("t", grok="%{A:a},%{B:b}", extend="A=%{WORD}-%{INT},B=%{WORD}")', { t: "x-1,yy" }, { a: "x-1", b: "yy" }],
  ['enrich_table("id,team\\n1,web\\n2,db", "id", output="team")', { id: "2" }, { team: "db" }],
  ['enrich_table("id,team\\n1,web", "id", output="team")', { id: "9" }, {}],
  ['enrich_dict("{\\"1\\":\\"one\\"}", "n", output="w", mode="fill")', { n: "1", w: "kept" }, {}],
  ['t_if_not(v("c"), fields_set("n", "1"))', { c: "0" }, { n: "1" }],
  ['t_if_not(v("c"), fields_set("n", "1"))', { c: "1" }, {}],
  ['t_if_else(has_field("c"), fields_set("n", "1"), fields_set("n", "2"))', {}, { n: "2" }],
  ['t_if(not_has_field("c"), fields_set("n", True))', {}, { n: "TRUE" }],
  ['fields_set("a", "1", "b", v("a"))', {}, { a: "1", b: "1" }],
  ['fields_set("a", v("none"))', { a: "kept" }, {}],
  ['fields_drop("a.*", regex=True)', { a1: "1", b: "2" }, { a1: undefined }],
  ['fields_drop("j.b.d", nest=True)', { j: NESTED }, { j: '{"a":1,"b":{"c":[1,2]}}' }],
  ['fields_keep("b")', { a: "1", b: "2" }, { a: undefined }],
  [
    'fields_pack("p", include="a.*", exclude="a2", drop_packed=True)',
    { a1: "1", a2: "2" },
    { a1: undefined, p: '{"a1":"1"}' },
  ],
  ['fields_rename("a", "b", "c", "d")', { a: "1", c: "2" }, { a: undefined, b: "1", c: undefined, d: "2" }],
];

test.each(CHANGES)("%s changes a row as CLS documents it", (text, row, changed) => {
  expect(run(text, row)).toEqual([JSON.parse(JSON.stringify({ ...row, ...changed }))]);
});

/** Expressions and what they write to a field. */
const VALUES: readonly [string, string | undefined, Fields?][] = [
  ['ext_first_notnull(v("a"), v("b"), "c")', "c", { a: null, b: "" }],
  ['op_ifnull(v("a"), "c")', "c"],
  ['res_local("team")', "web"],
  ['res_local("none", default="x")', "x"],
  ['res_local("limits")', '{"a":1}'],
  ['json_select(v("j"), jmes="b.c")', "[1,2]", { j: NESTED }],
  ['json_select("no json", jmes="a")', undefined],
  ["xml_to_json(\"<n><to>B</to><to>C</to><x y='1'>t&amp;</x></n>\")", '{"to":["B","C"],"x":{"y":"1","":"t&"}}'],
  ['json_to_xml("{\\"to\\":\\"B\\",\\"n\\":[1,2]}")', "<ObjectNode><to>B</to><n>1</n><n>2</n></ObjectNode>"],
  ['if_json("[1]")', "true"],
  ['if_json("word")', "false"],
  [String.raw`regex_match("10.0.0.1", regex="10\.0.*")`, "true"],
  ['regex_match("abc", regex="b")', "false"],
  ['regex_match("abc", regex="b", full=False)', "true"],
  [String.raw`regex_select("a1,b22", regex="([a-z])(\d+)", index=1, group=2)`, "22"],
  ['regex_select("abc", regex="x")', ""],
  [String.raw`regex_split("a1b2c", regex="\d", limit=2)`, '["a","b2c"]'],
  [String.raw`regex_replace("13912345678", regex="(\d{3})\d{4}(\d{4})", replace="$1****$2")`, "139****5678"],
  [String.raw`regex_replace("aaa", regex="a", replace="b", count=2)`, "bba"],
  [String.raw`regex_findall("a1b22", regex="\d+")`, '["1","22"]'],
  ['dt_str("2014-04-26 13:13:44 +09:00", format="yyyy-MM-dd HH:mm:ss", zone="UTC+8")', "2014-04-26 12:13:44"],
  ['dt_str("1700000000", format="EEE, dd MMM yy hh:mm a xx", zone="Asia/Tokyo")', "Wed, 15 Nov 23 07:13 AM +0900"],
  ['dt_to_timestamp("15/Jan/2026:08:30:05 +0100")', "1768462205000"],
  ['dt_to_timestamp("2026-01-15T08:30:05.250", zone="UTC-5")', "1768483805250"],
  ['dt_from_timestamp("1635234495000", zone="+05:30")', "2021-10-26 13:18:15"],
  [`dt_now(format="yyyy'T'HH.SSS", zone="UTC")`, "2026T08.007"],
  ['str_count("banana", sub="an")', "2"],
  ['str_count("banana", sub="an", start=2, end=5)', "1"],
  ['str_len("ab c")', "4"],
  ['str_uppercase("ab")', "AB"],
  ['str_lowercase("AB")', "ab"],
  ['str_join("-", "a", 1, "b")', "a-1-b"],
  ['str_replace("aaa", old="a", new="b", count=1)', "baa"],
  ['str_replace("aaa", old="a", new="b")', "bbb"],
  [`str_format("{1}{0} it''s '{x}'", "a", "b")`, "ba it's {x}"],
  ['str_strip("\\t a\\n")', " a"],
  ['str_lstrip("xxaxx", chars="x")', "axx"],
  ['str_rstrip("xxaxx", chars="x")', "xxa"],
  ['str_find("banana", sub="n", start=3)', "4"],
  ['str_find("banana", sub="x")', "-1"],
  ['str_start_with("banana", sub="na", start=2)', "true"],
  ['str_end_with("banana", sub="ana")', "true"],
  ['ct_int("AB", 16)', "171"],
  ["ct_int(2.9)", "2"],
  ['ct_float("123")', "123.0"],
  ["ct_str(1.0)", "1.0"],
  ['ct_bool("0.0")', "false"],
  ["op_if(False, 1, 2)", "2"],
  ['op_and(1, "x")', "true"],
  ['op_or("0", "")', "false"],
  ["op_not(0)", "true"],
  ['op_eq("1.0", 1)', "true"],
  ['op_eq("10", "11")', "false"],
  ['op_ge("20", "9")', "true"],
  ["op_gt(1, 1)", "false"],
  ["op_le(1.5, 2)", "true"],
  ["op_lt(3, 2)", "false"],
  ['op_add("a", 1)', "a1"],
  ['op_sub("1", "2")', "-1"],
  ['op_mul("2", "1.5")', "3.0"],
  ['op_div("7", "2")', "3"],
  ["op_div(-7, 2)", "-3"],
  ['op_sum("1.0", "10")', "11.0"],
  ["op_mod(-7, 3)", "-1"],
  ['op_null("null")', "true"],
  ['op_notnull(v("x"))', "false"],
  ['op_str_eq("CLS", "etl|cls", ignore_upper=True)', "true"],
  ['op_str_eq("cls", "clsx")', "false"],
  ["random(3, 3)", "3"],
  ['decode_url("a%20%E4%BD%A0")', "a 你"],
  ['md5_encoding("")', "d41d8cd98f00b204e9800998ecf8427e"],
  ['str_encode("a你", encoding="ASCII", errors="xmlcharrefreplace")', "a&#20320;"],
  ['str_encode("aé你", encoding="latin1", errors="replace")', "aé?"],
  [String.raw`str_decode(str_encode("x编\u1234", "unicode-escape"), "unicode-escape")`, "x编ሴ"],
  ['is_subnet_of("10.0.0.0/8, fe80::/10", "fe80::1")', "true"],
  ['is_subnet_of("10.0.0.0/8", "11.0.0.1")', "false"],
  ["1.0E10", "1.0E10"],
  ["0.0001", "1.0E-4"],
];

test.each(VALUES)("%s gives %s", (expression, value, row = {}) => {
  expect(valueOf(expression, row)).toBe(value);
});

test("uuid gives another one each time", () => {
  const [a, b] = [valueOf("uuid()"), valueOf("uuid()")];
  expect(a).toMatch(/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/);
  expect(a).not.toBe(b);
});

describe("rows", () => {
  it("log_output sends a row by its alias and ends it", () => {
    const { outputs, rest } = new Program('t_if(v("e"), log_output("errors")) fields_set("x", 1)').run({ e: "1" });
    expect(outputs.map(({ destination, row }) => [destination, row.toJSON()])).toEqual([
      [{ alias: "errors" }, { e: "1" }],
    ]);
    expect(rest).toEqual([]);
  });

  it("log_auto_output names the topic", () => {
    const text = 'log_auto_output(v("pd"), logset_name="products", period=3)';
    expect(new Program(text).run({ pd: "COS" }).outputs[0].destination).toEqual({
      topicName: "COS",
      logsetName: "products",
    });
  });

  it.each<[string, Fields, Fields[]]>([
    ['log_split("f")', { f: "a,b" }, [{ f: "a" }, { f: "b" }]],
    [
      'log_split("f", sep=";", output="g")',
      { f: '"a;b";c', s: "1" },
      [
        { g: "a;b", s: "1" },
        { g: "c", s: "1" },
      ],
    ],
    ['log_split("f", jmes="x", output="f")', { f: '{"x":[1,{"y":2}]}' }, [{ f: "1" }, { f: '{"y":2}' }]],
    [
      'log_split_jsonarray_jmes("f", jmes="x", prefix="p_") fields_drop("f")',
      { f: '{"x":[{"a":1},{"b":"2"}]}', s: "1" },
      [
        { s: "1", p_a: "1" },
        { s: "1", p_b: "2" },
      ],
    ],
    ['log_keep(op_eq(v("s"), 500))', { s: "200" }, []],
    ['log_drop(op_eq(v("s"), 500))', { s: "200" }, [{ s: "200" }]],
    ['t_switch(op_str_eq(v("s"), "1"), fields_set("a", 1))', { s: "2" }, []],
    [
      'compose(fields_set("a", 1), log_split("f"), fields_set("b", v("f")))',
      { f: "x,y" },
      [
        { f: "x", a: "1", b: "x" },
        { f: "y", a: "1", b: "y" },
      ],
    ],
  ])("%s leaves the rows that CLS documents", (text, row, rows) => {
    expect(run(text, row)).toEqual(rows);
  });

  it.each([
    ['fields_set("x", op_div(1, 0))', "line 1: there is no division by 0"],
    ['\nfields_set("x", ct_int("x"))', 'line 2: ct_int must get an integer of base 10, got "x"'],
    ['fields_set("x", op_gt(v("none"), 1))', "line 1: a comparison or sum must get a number"],
    ['fields_set("x", geo_parse("1.1.1.1"))', "line 1: geo_parse needs CLS's own database"],
    ['t_table_map(res_rds_mysql("db"), "a", "b")', "line 1: t_table_map needs a MySQL data source"],
    ['fields_set("x", res_rds_mysql("db"))', "line 1: res_rds_mysql needs a MySQL data source"],
    ['fields_set("x", "1", mode="never")', "line 1: fields_set: mode must be one of CLS's"],
    ['fields_set("x", regex_match("a", regex="(?>a)"))', "line 1: "],
  ])("%s drops the row with its reason", (text, reason) => {
    const { outputs, rest, failure } = new Program(text).run({ a: "1" });
    expect([outputs, rest]).toEqual([[], []]);
    expect(failure).toContain(reason);
  });
});

test("every function is in a test", () => {
  const tested = [...CHANGES, ...VALUES].map(([text]) => text).join("\n");
  const others = ["uuid", "log_", "t_switch", "compose", "geo_parse", "t_table_map", "res_rds_mysql", "t_if", "v"];
  const untested = Object.keys(DEFINITIONS).filter(
    (name) => !tested.includes(`${name}(`) && !others.some((other) => name.startsWith(other)),
  );
  expect([Object.keys(DEFINITIONS).length, untested]).toEqual([89, []]);
});

import { failureOf, runRules, valueOf } from "./support";

describe("json_select", () => {
  const row = {
    j: '{"n": 3, "f": 2.0, "big": 12345678901234567890, "e": 1e5, "l": ["b", "a"], "o": {"2": "x", "1": "y"}, "p": [{"k": "u", "v": 1}, {"k": "w", "v": 2.5}], "t": "名😀"}',
  };

  test.each([
    ["n", "3"],
    ["f", "2.0"],
    ["big", "12345678901234567890"],
    ["e", "100000.0"],
    ["o", '{"2": "x", "1": "y"}'],
    ["l[-1]", "a"],
    ["l[::-1]", '["a", "b"]'],
    ["sort(l)", '["a", "b"]'],
    ["p[*].v", "[1, 2.5]"],
    ["p[?v > `1`].k", '["w"]'],
    ["p[].[k, v]", '[["u", 1], ["w", 2.5]]'],
    ["{first: p[0].k, all: length(p)}", '{"first": "u", "all": 2}'],
    ["o.*", '["x", "y"]'],
    ["keys(o)", '["2", "1"]'],
    ["sum(p[].v)", "3.5"],
    ["avg([n, n])", "3.0"],
    ["ceil(f)", "2"],
    ["max_by(p, &v).k", "w"],
    ["sort_by(p, &to_number(v))[0].k", "u"],
    ["map(&k, p) | join(', ', @)", "u, w"],
    ["length(t)", "2"],
    ["reverse(t)", "😀名"],
    ["to_string(p[0])", '{"k":"u","v":1}'],
    ["to_number('1e3')", "1000.0"],
    ["n == f || l", '["b", "a"]'],
    ["!n", "false"],
    ["`text`", "text"],
    ["merge(o, {a: n})", '{"2": "x", "1": "y", "a": 3}'],
    ["not_null(none, n)", "3"],
    ["type(o)", "object"],
  ])("selects with %s", (expression, text) => {
    expect(valueOf(`json_select(v("j"), "${expression}")`, row)).toBe(text);
  });

  it("gives the default where nothing is selected, the expression fails, or the text is no JSON", () => {
    expect(valueOf(`json_select(v("j"), "none", default="-")`, row)).toBe("-");
    expect(valueOf(`json_select(v("j"), "length(n)", default=0)`, row)).toBe("0");
    expect(valueOf(`json_select("{", "a", default="-")`)).toBe("-");
    expect(valueOf(`json_select(v("gone"), "a")`)).toBeUndefined();
  });

  it("fails with restrict where the text is no JSON", () => {
    expect(failureOf(`e_set("o", json_select("{", "a", restrict=True))`)).toContain(
      'json_select must get JSON, got "{"',
    );
  });

  it("takes lists and dicts, and expressions of events", () => {
    expect(valueOf(`json_select({"a": [1, 2]}, "a[1]")`)).toBe("2");
    expect(valueOf(`json_select({"a": "x"}, v("e"))`, { e: "a" })).toBe("x");
    expect(failureOf(`e_set("o", json_select({"a": "x"}, v("e")))`, { e: "a b" })).toContain(
      "b must not stand here in a JMESPath expression",
    );
  });
});

describe("json_parse", () => {
  test.each([
    [`json_parse('{"b": 1.0, "a": [true, null, 1e-7]}')`, '{"b": 1.0, "a": [true, null, 1e-07]}'],
    [`json_parse("text", default="-")`, "-"],
    [`json_parse([1, 2])`, "[1, 2]"],
    [`op_add(json_parse("2"), 1)`, "3"],
  ])("%s is %s", (expression, text) => {
    expect(valueOf(expression)).toBe(text);
  });

  it("fails with restrict where the text is no JSON", () => {
    expect(failureOf(`e_set("o", json_parse("[1,", restrict=True))`)).toContain('json_parse must get JSON, got "[1,"');
  });
});

describe("xml_to_json", () => {
  test.each([
    ["<a/>", '{"a": null}'],
    ["<a> x </a>", '{"a": "x"}'],
    ['<a id="1" n="&lt;">t<b/></a>', '{"a": {"@id": "1", "@n": "<", "b": null, "#text": "t"}}'],
    ["<?xml version='1.0'?><l><i>1</i><j/><i>2</i><i>3</i></l>", '{"l": {"i": ["1", "2", "3"], "j": null}}'],
    ["<a><![CDATA[<x> &]]> y</a><!-- end -->", '{"a": "<x> & y"}'],
    ['<__proto__ __proto__="p"><constructor/></__proto__>', '{"__proto__": {"@__proto__": "p", "constructor": null}}'],
    ['<a n="1\r\n2">x\r\ny</a>', String.raw`{"a": {"@n": "1 2", "#text": "x\ny"}}`],
  ])("%j is %s", (xml, text) => {
    expect(valueOf(`xml_to_json(v("x"))`, { x: xml })).toBe(text);
  });

  test.each(["", "text", "<a>", "<a></b>", "<a/><b/>", '<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "<a>".repeat(5000)])(
    "%.40j fails",
    (x) => {
      expect(failureOf(`e_set("o", xml_to_json(v("x")))`, { x })).toMatch(/xml_to_json must get an XML document, got /);
    },
  );

  it("goes on to be expanded", () => {
    const rules = `e_set("j", xml_to_json(v("x")))\ne_json("j")\ne_drop_fields("x", "j")`;
    expect(runRules(rules, [{ x: "<a><b>1</b><c>2</c></a>" }])).toEqual([{ b: "1", c: "2" }]);
  });
});

import fc from "fast-check";
import { failureOf, problemsOf, runRules, valueOf, type Row } from "./support";

type Example = [rule: string, event: Row, added: Row];

function expectAdded(rule: string, event: Row, added: Row): void {
  expect(runRules(rule, [event])).toEqual([{ ...event, ...added }]);
}

describe("e_dict_map", () => {
  const dict = `{"a": "first", "B": "second", "*": "other"}`;
  test.each<Example>([
    [`e_dict_map(${dict}, "k", "o")`, { k: "A" }, { o: "first" }],
    [`e_dict_map(${dict}, "k", "o", case_insensitive=False)`, { k: "A" }, { o: "other" }],
    [`e_dict_map(${dict}, "k", "o", missing="none")`, { k: "z" }, { o: "other" }],
    [`e_dict_map(${dict}, "k", "o")`, { l: "a" }, {}],
    [`e_dict_map(${dict}, "k", "o", missing="none")`, { l: "a" }, { o: "none" }],
    [`e_dict_map({"a": "lower", "A": "upper"}, "k", "o")`, { k: "A" }, { o: "upper" }],
    [`e_dict_map({"a": 1}, "k", "o", missing="none")`, { k: "b" }, { o: "none" }],
    [`e_dict_map({"a": 1.0}, "k", "o")`, { k: "a" }, { o: "1.0" }],
    [`e_dict_map({"a": "1", "b": "2"}, ["k", "l"], "o")`, { k: "a", l: "b" }, { o: "2" }],
    [`e_dict_map({"a": "1", "b": "2"}, ["k", "l"], "o", mode="fill")`, { k: "a", l: "b" }, { o: "1" }],
    [`e_dict_map('{"a": {"x": [1]}}', "k", "o")`, { k: "a" }, { o: '{"x": [1]}' }],
    [`e_dict_map(v("d"), "k", "o")`, { k: "a", d: '{"a": "event"}' }, { o: "event" }],
    [`e_dict_map({"__proto__": "p", "constructor": "c"}, "k", "o")`, { k: "constructor" }, { o: "c" }],
    [`e_dict_map({"a": "1"}, "k", "o")`, { k: "toString" }, {}],
  ])("%s of %j", expectAdded);

  it("refuses data that is no dict", () => {
    expect(problemsOf(`e_dict_map("[1]", "k", "o")`)).toEqual([
      expect.stringContaining("e_dict_map must get a dict as data"),
    ]);
  });
});

describe("e_table_map", () => {
  const table = `tab_parse_csv("city,zone,tax,note\\nBonn,eu,19,\\nOslo,*,25,no\\n*,eu,20,any\\nOslo,eu,0,late")`;
  test.each<Example>([
    [`e_table_map(${table}, ["city", "zone"], "tax")`, { city: "bonn", zone: "EU" }, { tax: "19" }],
    [
      `e_table_map(${table}, ["city", "zone"], ["tax", ("note", "why")])`,
      { city: "Oslo", zone: "eu" },
      { tax: "25", why: "no" },
    ],
    [`e_table_map(${table}, ["city", "zone"], "tax")`, { city: "Rome", zone: "eu" }, { tax: "20" }],
    [`e_table_map(${table}, ["city", "zone"], "tax")`, { city: "Rome", zone: "us" }, {}],
    [`e_table_map(${table}, ["city", "zone"], "tax", missing="-")`, { city: "Rome", zone: "us" }, { tax: "-" }],
    [`e_table_map(${table}, "city", ["tax", "note"], missing=["0", "?"])`, { city: "" }, { tax: "20", note: "any" }],
    [`e_table_map(${table}, [("town", "city"), "zone"], "tax")`, { town: "Bonn", zone: "eu" }, { tax: "19" }],
    [`e_table_map(${table}, ["city", "zone"], "tax", missing="-")`, { city: "Bonn" }, {}],
    [`e_table_map(${table}, "city", "note")`, { city: "Bonn", note: "mine" }, {}],
    [`e_table_map(${table}, "city", "note", mode="overwrite")`, { city: "Bonn", note: "mine" }, { note: "" }],
    [`e_table_map(tab_parse_csv(v("t")), "k", "w")`, { k: "1", t: "k,w\n1,x" }, { w: "x" }],
    [`e_table_map(tab_parse_csv("a|b", sep="|", headers="k, w", case_insensitive=False), "k", "w")`, { k: "A" }, {}],
  ])("%s of %j", expectAdded);

  test.each([
    [`e_table_map(${table}, "town", "tax")`, 'got "town"'],
    [`e_table_map(${table}, "city", "taxes")`, 'got "taxes"'],
    [`e_table_map({"a": "b"}, "city", "tax")`, "a table as tab_parse_csv makes it"],
    [`e_table_map(${table}, "city", ["tax", "note"], missing=["0"])`, "as many values as output fields (2)"],
  ])("%s is refused when the rules are checked", (rule, reason) => {
    expect(problemsOf(rule)).toEqual([expect.stringContaining(reason)]);
  });

  it("finds the row that a search from the first row on finds", () => {
    const cell = fc.constantFrom("a", "A", "b", "*", "1:a");
    const rows = fc.array(fc.tuple(cell, cell), { maxLength: 8 });
    fc.assert(
      fc.property(rows, cell, cell, fc.boolean(), (cells, x, y, folds) => {
        const csv = ["x,y,n", ...cells.map((row, at) => [...row, `row${at}`].join(","))].join("\\n");
        const fold = (text: string) => (folds ? text.toLowerCase() : text);
        const fits = (have: string, want: string) => have === "*" || fold(have) === fold(want);
        const wanted = cells.findIndex((row) => fits(row[0], x) && fits(row[1], y));
        const rule = `e_table_map(tab_parse_csv("${csv}", case_insensitive=${folds ? "True" : "False"}), ["x", "y"], "n")`;
        expect(runRules(rule, [{ x, y }])).toEqual([{ x, y, ...(wanted >= 0 && { n: `row${wanted}` }) }]);
      }),
      { numRuns: 300 },
    );
  });
});

describe("e_search_dict_map", () => {
  const dict = `{"code:5??": "server", "code:4??": "client", "path~=\\"^/api\\"": "api", "*": "else"}`;
  test.each<Example>([
    [`e_search_dict_map(${dict}, "o")`, { code: "502", path: "/api/x" }, { o: "server" }],
    [`e_search_dict_map(${dict}, "o", multi_match=True)`, { code: "502", path: "/api/x" }, { o: "server api" }],
    [
      `e_search_dict_map(${dict}, "o", multi_match=True, multi_join="+")`,
      { code: "404", path: "/api" },
      { o: "client+api" },
    ],
    [`e_search_dict_map(${dict}, "o", missing="none")`, { code: "200" }, { o: "else" }],
    [`e_search_dict_map({"a==1": "one"}, "o", missing="none")`, { a: "2" }, { o: "none" }],
    [`e_search_dict_map({"a==1": "one"}, "o")`, { a: "2" }, {}],
    [`e_search_dict_map({"a==1": "one"}, "o", mode="fill")`, { a: "1", o: "mine" }, {}],
  ])("%s of %j", expectAdded);

  it("refuses a query that cannot be read", () => {
    expect(problemsOf(`e_search_dict_map({"a==": "one"}, "o")`)).toEqual([
      expect.stringContaining('e_search_dict_map must get queries as of e_search, got "a=="'),
    ]);
  });
});

describe("e_search_table_map", () => {
  const table = `tab_parse_csv("q,team,prio\\nhost:db,storage,1\\nhost:web,front,2\\n*,all,9")`;
  test.each<Example>([
    [`e_search_table_map(${table}, "q", "team")`, { host: "db-web" }, { team: "storage" }],
    [`e_search_table_map(${table}, "q", ["team", ("prio", "p")])`, { host: "web" }, { team: "front", p: "2" }],
    [
      `e_search_table_map(${table}, "q", ["team", "prio"], multi_match=True, multi_join="/")`,
      { host: "db-web" },
      { team: "storage/front", prio: "1/2" },
    ],
    [`e_search_table_map(${table}, "q", "team", missing="none")`, { host: "x" }, { team: "all" }],
    [
      `e_search_table_map(tab_parse_csv("q,team\\na==1,one"), "q", "team", missing="none")`,
      { a: "2" },
      { team: "none" },
    ],
  ])("%s of %j", expectAdded);

  it("refuses a table without the column of queries", () => {
    expect(problemsOf(`e_search_table_map(${table}, "query", "team")`)).toEqual([
      expect.stringContaining('got "query"'),
    ]);
  });
});

describe("tab_parse_csv and tab_to_dict", () => {
  test.each([
    [`tab_to_dict(tab_parse_csv("a,b\\n1,x\\n2,y"), "a", "b")`, '{"1": "x", "2": "y"}'],
    [
      `tab_to_dict(tab_parse_csv("a,b,c\\n1,x,p"), ["a", "b"], ["c", "a"], key_join="-", value_join="+")`,
      '{"1-x": "p+1"}',
    ],
    [`tab_to_dict(tab_parse_csv("'a;b';c\\n\\n1; 2", sep=";", quote="'"), "a;b", "c")`, '{"1": "2"}'],
    [`tab_to_dict(tab_parse_csv("1, 2", headers=["a", "b"], lstrip=False), "a", "b")`, '{"1": " 2"}'],
    [`tab_to_dict(tab_parse_csv('a,b\\n"x\\ny",2'), "a", "b")`, String.raw`{"x\ny": "2"}`],
    [`tab_parse_csv("a,b\\n1,2\\n3")`, '[{"a": "1", "b": "2"}, {"a": "3", "b": null}]'],
  ])("%s is %s", (expression, text) => {
    expect(valueOf(expression)).toBe(text);
  });

  it("fail for a column that is missing and for what is no table", () => {
    expect(failureOf(`e_set("o", tab_to_dict(tab_parse_csv("a,b"), "a", "c"))`)).toContain('got "c"');
    expect(failureOf(`e_set("o", tab_to_dict("a,b", "a", "b"))`)).toContain("tab_to_dict must get a table");
  });
});

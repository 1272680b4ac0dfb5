import fc from "fast-check";
import { failureOf, problemsOf, runRules, valueOf, type Row } from "./support";

type Example = [does: string, rule: string, event: Row, added: Row];

function expectAdded(rule: string, event: Row, added: Row): void {
  expect(runRules(rule, [event])).toEqual([{ ...event, ...added }]);
}

describe("e_dict_map", () => {
  const dict = `{"a": "first", "B": "second", "*": "other"}`;
  test.each<Example>([
    ["finds a key in either case", `e_dict_map(${dict}, "k", "o")`, { k: "A" }, { o: "first" }],
    [
      "minds the case where told to, and * stands for the rest",
      `e_dict_map(${dict}, "k", "o", case_insensitive=False)`,
      { k: "A" },
      { o: "other" },
    ],
    [
      "prefers * to what is said for the missing",
      `e_dict_map(${dict}, "k", "o", missing="none")`,
      { k: "z" },
      { o: "other" },
    ],
    ["does nothing without the field", `e_dict_map(${dict}, "k", "o")`, { l: "a" }, {}],
    [
      "writes what is said for the missing without the field",
      `e_dict_map(${dict}, "k", "o", missing="none")`,
      { l: "a" },
      { o: "none" },
    ],
    [
      "prefers the key of the same case",
      `e_dict_map({"a": "lower", "A": "upper"}, "k", "o")`,
      { k: "A" },
      { o: "upper" },
    ],
    [
      "writes what is said for the missing where no key fits",
      `e_dict_map({"a": 1}, "k", "o", missing="none")`,
      { k: "b" },
      { o: "none" },
    ],
    ["writes a float as Python does", `e_dict_map({"a": 1.0}, "k", "o")`, { k: "a" }, { o: "1.0" }],
    [
      "takes the last of several fields that is found",
      `e_dict_map({"a": "1", "b": "2"}, ["k", "l"], "o")`,
      { k: "a", l: "b" },
      { o: "2" },
    ],
    [
      "takes the first where the mode fills only",
      `e_dict_map({"a": "1", "b": "2"}, ["k", "l"], "o", mode="fill")`,
      { k: "a", l: "b" },
      { o: "1" },
    ],
    [
      "reads a dict from a JSON text, and writes a value as JSON",
      `e_dict_map('{"a": {"x": [1]}}', "k", "o")`,
      { k: "a" },
      { o: '{"x": [1]}' },
    ],
    ["takes a dict from the event", `e_dict_map(v("d"), "k", "o")`, { k: "a", d: '{"a": "event"}' }, { o: "event" }],
    [
      "knows keys that JavaScript knows otherwise",
      `e_dict_map({"__proto__": "p", "constructor": "c"}, "k", "o")`,
      { k: "constructor" },
      { o: "c" },
    ],
    ["finds no key that the dict has not", `e_dict_map({"a": "1"}, "k", "o")`, { k: "toString" }, {}],
  ])("%s", (_, ...example) => expectAdded(...example));

  it("refuses data that is no dict", () => {
    expect(problemsOf(`e_dict_map("[1]", "k", "o")`)).toEqual([
      expect.stringContaining("e_dict_map must get a dict as data"),
    ]);
  });
});

describe("e_table_map", () => {
  const table = `tab_parse_csv("city,zone,tax,note\\nBonn,eu,19,\\nOslo,*,25,no\\n*,eu,20,any\\nOslo,eu,0,late")`;
  test.each<Example>([
    [
      "finds the row in which all columns fit, in either case",
      `e_table_map(${table}, ["city", "zone"], "tax")`,
      { city: "bonn", zone: "EU" },
      { tax: "19" },
    ],
    [
      "writes several columns, under other names where told to",
      `e_table_map(${table}, ["city", "zone"], ["tax", ("note", "why")])`,
      { city: "Oslo", zone: "eu" },
      { tax: "25", why: "no" },
    ],
    [
      "takes * in a row for any value",
      `e_table_map(${table}, ["city", "zone"], "tax")`,
      { city: "Rome", zone: "eu" },
      { tax: "20" },
    ],
    [
      "does nothing where no row fits",
      `e_table_map(${table}, ["city", "zone"], "tax")`,
      { city: "Rome", zone: "us" },
      {},
    ],
    [
      "writes what is said for the missing where no row fits",
      `e_table_map(${table}, ["city", "zone"], "tax", missing="-")`,
      { city: "Rome", zone: "us" },
      { tax: "-" },
    ],
    [
      "finds an empty field by *",
      `e_table_map(${table}, "city", ["tax", "note"], missing=["0", "?"])`,
      { city: "" },
      { tax: "20", note: "any" },
    ],
    [
      "takes the field of one name for the column of another",
      `e_table_map(${table}, [("town", "city"), "zone"], "tax")`,
      { town: "Bonn", zone: "eu" },
      { tax: "19" },
    ],
    [
      "does nothing without one of the fields, whatever is said for the missing",
      `e_table_map(${table}, ["city", "zone"], "tax", missing="-")`,
      { city: "Bonn" },
      {},
    ],
    ["does not write an empty cell", `e_table_map(${table}, "city", "note")`, { city: "Bonn", note: "mine" }, {}],
    [
      "writes an empty cell where the mode replaces",
      `e_table_map(${table}, "city", "note", mode="overwrite")`,
      { city: "Bonn", note: "mine" },
      { note: "" },
    ],
    [
      "takes a table from the event",
      `e_table_map(tab_parse_csv(v("t")), "k", "w")`,
      { k: "1", t: "k,w\n1,x" },
      { w: "x" },
    ],
    [
      "minds the case where the table does",
      `e_table_map(tab_parse_csv("a|b", sep="|", headers="k, w", case_insensitive=False), "k", "w")`,
      { k: "A" },
      {},
    ],
  ])("%s", (_, ...example) => expectAdded(...example));

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
    [
      "writes the value of the first query that fits",
      `e_search_dict_map(${dict}, "o")`,
      { code: "502", path: "/api/x" },
      { o: "server" },
    ],
    [
      "joins the values of all that fit",
      `e_search_dict_map(${dict}, "o", multi_match=True)`,
      { code: "502", path: "/api/x" },
      { o: "server api" },
    ],
    [
      "joins them with a text of its own",
      `e_search_dict_map(${dict}, "o", multi_match=True, multi_join="+")`,
      { code: "404", path: "/api" },
      { o: "client+api" },
    ],
    [
      "takes * for what no other query finds",
      `e_search_dict_map(${dict}, "o", missing="none")`,
      { code: "200" },
      { o: "else" },
    ],
    [
      "writes what is said for the missing where no query fits",
      `e_search_dict_map({"a==1": "one"}, "o", missing="none")`,
      { a: "2" },
      { o: "none" },
    ],
    ["does nothing where no query fits", `e_search_dict_map({"a==1": "one"}, "o")`, { a: "2" }, {}],
    [
      "leaves what is there where the mode fills only",
      `e_search_dict_map({"a==1": "one"}, "o", mode="fill")`,
      { a: "1", o: "mine" },
      {},
    ],
  ])("%s", (_, ...example) => expectAdded(...example));

  it("refuses a query that cannot be read", () => {
    expect(problemsOf(`e_search_dict_map({"a==": "one"}, "o")`)).toEqual([
      expect.stringContaining('e_search_dict_map must get queries as of e_search, got "a=="'),
    ]);
  });
});

describe("e_search_table_map", () => {
  const table = `tab_parse_csv("q,team,prio\\nhost:db,storage,1\\nhost:web,front,2\\n*,all,9")`;
  test.each<Example>([
    [
      "writes the first row whose query fits",
      `e_search_table_map(${table}, "q", "team")`,
      { host: "db-web" },
      { team: "storage" },
    ],
    [
      "writes several columns, under other names where told to",
      `e_search_table_map(${table}, "q", ["team", ("prio", "p")])`,
      { host: "web" },
      { team: "front", p: "2" },
    ],
    [
      "joins each column of all rows that fit",
      `e_search_table_map(${table}, "q", ["team", "prio"], multi_match=True, multi_join="/")`,
      { host: "db-web" },
      { team: "storage/front", prio: "1/2" },
    ],
    [
      "takes the row of * for what no other query finds",
      `e_search_table_map(${table}, "q", "team", missing="none")`,
      { host: "x" },
      { team: "all" },
    ],
    [
      "writes what is said for the missing where no query fits",
      `e_search_table_map(tab_parse_csv("q,team\\na==1,one"), "q", "team", missing="none")`,
      { a: "2" },
      { team: "none" },
    ],
  ])("%s", (_, ...example) => expectAdded(...example));

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

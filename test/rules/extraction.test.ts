import fc from "fast-check";
import { failureOf, problemsOf, runRules, type Row } from "./support";

type Example = [does: string, rule: string, event: Row, added: Row];

function expectAdded(rule: string, event: Row, added: Row): void {
  expect(runRules(rule, [event])).toEqual([{ ...event, ...added }]);
}

describe("e_csv, e_tsv, e_psv", () => {
  test.each<Example>([
    [
      "gives each column its value, without spaces before it",
      `e_csv("line", "host, code,ms")`,
      { line: "web-1, 200, 12" },
      { host: "web-1", code: "200", ms: "12" },
    ],
    [
      "keeps spaces before a value where told to",
      `e_csv("line", ["host", "code"], lstrip=False)`,
      { line: "web-1, 200" },
      { host: "web-1", code: " 200" },
    ],
    [
      "takes another separator and quote; a doubled quote stands for one",
      `e_csv("line", "a,b", sep=";", quote="'")`,
      { line: "'x;y';'it''s'" },
      { a: "x;y", b: "it's" },
    ],
    ["leaves out values beyond the last column", `e_csv("line", "a,b")`, { line: "1,2,3" }, { a: "1", b: "2" }],
    ["leaves out columns beyond the last value", `e_csv("line", "a,b,c")`, { line: "1,2" }, { a: "1", b: "2" }],
    [
      "writes nothing where columns and values must match and do not",
      `e_csv("line", "a,b", restrict=True)`,
      { line: "1,2,3" },
      {},
    ],
    ["reads the first line only", `e_csv("line", "a,b")`, { line: "1,2\n3,4" }, { a: "1", b: "2" }],
    ["does nothing without the field", `e_csv("line", "a,b")`, { other: "1,2" }, {}],
    ["does nothing where the field is empty", `e_csv("line", "a,b")`, { line: "" }, {}],
    ["writes no empty value, and leaves what is there", `e_csv("line", "a,b")`, { line: ",2", a: "kept" }, { b: "2" }],
    [
      "replaces what is there where told to",
      `e_csv("line", "a", mode="overwrite")`,
      { line: "new", a: "old" },
      { a: "new" },
    ],
    ["reads tabs as e_tsv", `e_tsv("line", "a,b")`, { line: "x y\t z" }, { a: "x y", b: "z" }],
    ["reads bars as e_psv", `e_psv("line", "a,b", restrict=True)`, { line: 'x|"y|z"' }, { a: "x", b: "y|z" }],
  ])("%s", (_, ...example) => expectAdded(...example));

  it("refuse a separator of several characters when the rules are checked", () => {
    expect(problemsOf(`e_csv("line", "a,b", sep="||")`)).toEqual([
      expect.stringContaining('sep must be one character, got "||"'),
    ]);
  });
});

describe("e_kv", () => {
  test.each<Example>([
    [
      "finds pairs anywhere in a text",
      `e_kv("q")`,
      { q: "GET /find?term=tea&page=2 done" },
      { term: "tea", page: "2" },
    ],
    [
      "takes quoted values, spaces around the separator, and no pair without a value",
      `e_kv("q")`,
      { q: 'user="Ann Lee" , role = "ops" x=' },
      { user: "Ann Lee", role: "ops" },
    ],
    [
      "takes another separator and quote; a quote that never ends is no value",
      `e_kv("q", sep=":", quote="'")`,
      { q: "a:'x y' b:%7E~ c:'open" },
      { a: "x y", b: "%7E~" },
    ],
    [
      "takes a pattern with a group as the separator",
      `e_kv("q", sep="(?:=>|=)")`,
      { q: "a=>1 b=2" },
      { a: "1", b: "2" },
    ],
    [
      "takes a word as the separator",
      `e_kv("q", sep=" is ")`,
      { q: "sky is blue, sea is deep" },
      { sky: "blue", sea: "deep" },
    ],
    [
      "takes a pattern with spaces as the separator",
      `e_kv("q", sep=r"\\s*:\\s*")`,
      { q: "a : 1, b:2" },
      { a: "1", b: "2" },
    ],
    [
      "takes names of letters of any script, and none that begins with a digit",
      `e_kv("q")`,
      { q: "1=2 3k=4 __9__=5 名字=小明 __k__=6" },
      { 名字: "小明", __k__: "6" },
    ],
    ["ends a value at an escaped quote", `e_kv("q")`, { q: String.raw`a="x\"y" b=1` }, { a: "x\\", b: "1" }],
    [
      "goes on behind an escaped quote where told to",
      `e_kv("q", escape=True)`,
      { q: String.raw`a="x\"y" b=1` },
      { a: 'x"y', b: "1" },
    ],
    [
      "goes on behind an escaped quote with a pattern as the separator too",
      `e_kv("q", escape=True, sep=r"\\s?=")`,
      { q: String.raw`a="x\"y" b=1` },
      { a: 'x"y', b: "1" },
    ],
    ["writes a prefix and a suffix around names", `e_kv("q", prefix="p_", suffix="_s")`, { q: "a=1" }, { p_a_s: "1" }],
    [
      "reads several fields, and the last value of a name wins",
      `e_kv(["q", "r"])`,
      { q: "a=1", r: "a=2 b=3" },
      { a: "1", b: "3" },
    ],
    [
      "lets the last value of a name win, and replaces what is there",
      `e_kv("q", mode="overwrite")`,
      { q: "a=1 a=2", a: "0" },
      { a: "2" },
    ],
    ["writes no value of spaces", `e_kv("q")`, { q: 'a=" "', a: "" }, {}],
  ])("%s", (_, ...example) => expectAdded(...example));

  it("takes time linear to the text, whatever the text", () => {
    const texts = ['a="', "a ", 'a="\\"', "a", "a= ", "= ="].map((part) => part.repeat(200_000 / part.length));
    const started = performance.now();
    for (const q of texts) {
      for (const escape of ["True", "False"]) runRules(`e_kv("q", escape=${escape})`, [{ q }]);
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("finds with the scanner what a pattern finds", () => {
    const part = fc.constantFrom("a", "b1", "=", " ", '"', "\\", ",", "名", ".", "%");
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), fc.boolean(), (parts, escape) => {
        const q = parts.join("");
        const options = `escape=${escape ? "True" : "False"}, prefix="f_", mode="add"`;
        // A group around a class is more than the scanner reads.
        const [scanned, matched] = ["=", "(?:[=])"].map((sep) =>
          runRules(`e_kv("q", sep="${sep}", ${options})`, [{ q }]),
        );
        expect(scanned).toEqual(matched);
      }),
      { numRuns: 200 },
    );
  });
});

describe("e_kv_delimit", () => {
  test.each<Example>([
    [
      "cuts pairs at spaces, and leaves out what is no pair",
      `e_kv_delimit("q")`,
      { q: "a=1  b=2\tc=3 d e=" },
      { a: "1", b: "2", c: "3" },
    ],
    [
      "takes a pattern between pairs, and leaves out an empty value",
      `e_kv_delimit("q", pair_sep=r"&?")`,
      { q: "a=1&b=2?c=&d=4" },
      { a: "1", b: "2", d: "4" },
    ],
    [
      "takes texts between pairs and in them, spaces included",
      `e_kv_delimit("q", pair_sep="|", kv_sep=" eats ")`,
      { q: "cat eats fish, rice|cow eats hay|" },
      { cat: "fish, rice", cow: "hay" },
    ],
    ["takes a pattern in pairs", `e_kv_delimit("q", kv_sep="(?:=|:)")`, { q: "a=1 b:2" }, { a: "1", b: "2" }],
    [
      "keeps no space before a value where the separator ends with one",
      `e_kv_delimit("q", kv_sep=": ")`,
      { q: "a: 1 b: 2" },
      { a: "1", b: "2" },
    ],
    [
      "drops spaces around the separator where the pattern takes them",
      `e_kv_delimit("q", pair_sep=";", kv_sep=r"\\s*=\\s*")`,
      { q: "a=  1;b=2" },
      { a: "1", b: "2" },
    ],
    [
      "splits a pair at its first separator, and leaves out what has no name",
      `e_kv_delimit("q", pair_sep="&")`,
      { q: 'a="x=1"&b=2&c==&=d=1' },
      { a: '"x=1"', b: "2", c: "=" },
    ],
    [
      "takes a run of separators as one where the pattern does",
      `e_kv_delimit("q", kv_sep="(?:=+|:)")`,
      { q: "a==1=2 b:2:3" },
      { a: "1=2", b: "2:3" },
    ],
    [
      "takes the first alternative that stands first",
      `e_kv_delimit("q", kv_sep="=>|=")`,
      { q: "a=>1=2 b=2=>3" },
      { a: "1=2", b: "2=>3" },
    ],
    [
      "takes a separator beyond ASCII between pairs",
      `e_kv_delimit("q", pair_sep="，")`,
      { q: "a=1，b=2" },
      { a: "1", b: "2" },
    ],
    [
      "reads several fields, and writes a prefix and a suffix around names",
      `e_kv_delimit(["q", "r"], prefix="p.", suffix="!")`,
      { q: "a=1", r: "b=2" },
      { "p.a!": "1", "p.b!": "2" },
    ],
  ])("%s", (_, ...example) => expectAdded(...example));
});

describe("e_json", () => {
  const nested = { j: '{"a": 1, "b": {"c": [2.0, {"d": null, "e": true}], "f": "x"}}' };
  test.each<Example>([
    [
      "expands objects and lists, down to their leaves",
      `e_json("j")`,
      nested,
      { a: "1", c_0: "2.0", e: "true", f: "x" },
    ],
    [
      "writes empty values where the mode says so",
      `e_json("j", mode="fill")`,
      nested,
      { a: "1", c_0: "2.0", d: "", e: "true", f: "x" },
    ],
    [
      "stops at a depth",
      `e_json("j", depth=1)`,
      nested,
      { a: "1", b: '{"c": [2.0, {"d": null, "e": true}], "f": "x"}' },
    ],
    [
      "leaves lists as they are where told to",
      `e_json("j", expand_array=False)`,
      nested,
      { a: "1", c: '[2.0, {"d": null, "e": true}]', f: "x" },
    ],
    [
      "writes whole paths as names",
      `e_json("j", fmt="full")`,
      nested,
      { "j.a": "1", "j.b.c.c_0": "2.0", "j.b.c.c_1.e": "true", "j.b.f": "x" },
    ],
    [
      "writes the parent before a name",
      `e_json("j", fmt="parent", sep="/")`,
      nested,
      { "j/a": "1", "c/c_0": "2.0", "c_1/e": "true", "b/f": "x" },
    ],
    [
      "writes the root before a name, with a prefix and a suffix",
      `e_json("j", fmt="root", prefix="<", suffix=">")`,
      nested,
      { "j.<a>": "1", "j.<c_0>": "2.0", "j.<e>": "true", "j.<f>": "x" },
    ],
    [
      "takes a format of names; a leaf without such a parent is left out",
      `e_json("j", fmt="{parent_list[1]}-{current}")`,
      nested,
      { "b-c_0": "2.0", "b-e": "true", "b-f": "x" },
    ],
    [
      "takes a format of the names of items",
      `e_json("j", fmt_array="{parent_list[0]}{index}")`,
      nested,
      { a: "1", j0: "2.0", e: "true", f: "x" },
    ],
    ["takes the nodes whose names match", `e_json("j", include_node="[ae]")`, nested, { a: "1", e: "true" }],
    ["leaves out the nodes whose names match", `e_json("j", exclude_node="a|c_.*")`, nested, { e: "true", f: "x" }],
    ["takes the nodes whose paths match", `e_json("j", include_path=r"j\\.b\\.c")`, nested, { c_0: "2.0", e: "true" }],
    ["leaves out the nodes whose paths match", `e_json("j", exclude_path=r"j\\.b")`, nested, { a: "1" }],
    ["writes what an expression selects to one field", `e_json("j", jmes="b.f", output="o")`, nested, { o: "x" }],
    ["writes an item that an expression selects", `e_json("j", jmes="b.c[0]", output="o")`, nested, { o: "2.0" }],
    ["expands what an expression selects", `e_json("j", jmes="b")`, nested, { c_0: "2.0", e: "true", f: "x" }],
    [
      "writes what is selected, and expands it as well",
      `e_json("j", jmes="b", output="o", expand=True, depth=1)`,
      nested,
      { o: '{"c": [2.0, {"d": null, "e": true}], "f": "x"}', c: '[2.0, {"d": null, "e": true}]', f: "x" },
    ],
    [
      "leaves the field where an expression selects nothing",
      `e_json("j", jmes="nothing", output="a")`,
      { ...nested, a: "0" },
      {},
    ],
    [
      "empties the field where nothing that is selected counts",
      `e_json("j", jmes="nothing", output="a", jmes_ignore_none=False, mode="overwrite")`,
      { ...nested, a: "0" },
      { a: "" },
    ],
    ["does nothing where an expression fails", `e_json("j", jmes="length(a)", output="o")`, nested, {}],
    ["does nothing with what is no JSON", `e_json("j")`, { j: "no JSON" }, {}],
    [
      "writes names that JavaScript knows otherwise, large numbers whole, and no name that is a number",
      `e_json("j")`,
      { j: '{"1": 1, "__proto__": 2, "constructor": 3, "k": 12345678901234567890}' },
      JSON.parse('{"__proto__": "2", "constructor": "3", "k": "12345678901234567890"}') as Row,
    ],
  ])("%s", (_, rule, event, added) => {
    const [result] = runRules(rule, [event]);
    expect(Object.entries(result)).toEqual(
      expect.arrayContaining([...Object.entries(event).filter(([name]) => !(name in added)), ...Object.entries(added)]),
    );
    expect(Object.keys(result).length).toBe(new Set([...Object.keys(event), ...Object.keys(added)]).size);
  });

  it("refuses a name format with a placeholder that it does not know", () => {
    expect(problemsOf(`e_json("j", fmt="{leaf}")`)).toEqual([expect.stringContaining('as fmt, got "{leaf}"')]);
  });

  it("tells where an expression of JMESPath is wrong", () => {
    expect(problemsOf(`e_json("j", jmes="a..b")`)[0]).toMatch(/^1:21 error RULES_JMES/);
  });
});

describe("e_syslogrfc", () => {
  const labels = { _severitylabel_: "Error: error conditions", _facilitylabel_: "local use 2 (local2)" };
  test.each<Example>([
    [
      "tells facility and severity with their labels",
      `e_syslogrfc("pri", "SYSLOGRFC5424")`,
      { pri: "147" },
      { _facility_: "18", _severity_: "3", ...labels },
    ],
    [
      "takes other names for fields",
      `e_syslogrfc("pri", "SYSLOGRFC3164", {"_facility_": "fac"})`,
      { pri: "147" },
      { fac: "18", _severity_: "3", ...labels },
    ],
    ["does nothing beyond the last facility", `e_syslogrfc("pri", "SYSLOGRFC5424")`, { pri: "192" }, {}],
    ["does nothing with what is no number", `e_syslogrfc("pri", "SYSLOGRFC5424")`, { pri: "high" }, {}],
  ])("%s", (_, ...example) => expectAdded(...example));

  it("refuses an RFC that it does not know", () => {
    expect(problemsOf(`e_syslogrfc("pri", "RFC5424")`)).toEqual([
      expect.stringContaining('rfc must be one of SYSLOGRFC3164, SYSLOGRFC5424, got "RFC5424"'),
    ]);
  });
});

it("options of e_kv and e_csv may come from the event", () => {
  expectAdded(`e_kv("q", sep=v("s"))`, { q: "a=1 b:2", s: ":" }, { b: "2" });
  expectAdded(`e_csv("q", v("names"))`, { q: "1,2", names: "a,b" }, { a: "1", b: "2" });
  expect(failureOf(`e_csv("q", "a", sep=v("s"))`, { q: "1", s: "ab" })).toContain("must get one character as sep");
});

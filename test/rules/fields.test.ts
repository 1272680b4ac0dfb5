import { failureOf, problemsOf, runRules } from "./support";

const row = { a1: "1", a2: "2", "b.c": "3", bxc: "4", __topic__: "t", "__tag__:host": "h" };

it.each([
  ['e_drop_fields("a1", "nothing")', { a2: "2", "b.c": "3", bxc: "4", __topic__: "t", "__tag__:host": "h" }],
  ['e_drop_fields("a1|bxc", F_META)', { a2: "2", "b.c": "3" }],
  [String.raw`e_drop_fields(r"a\d", "b.c")`, { __topic__: "t", "__tag__:host": "h" }],
  ['e_drop_fields("b.c", regex=False)', { a1: "1", a2: "2", bxc: "4", __topic__: "t", "__tag__:host": "h" }],
  ['e_drop_fields(str_regex_escape("b.c"), "a", "a.", "__.*")', { bxc: "4" }],
  ['e_keep_fields("a1", "b.c")', { a1: "1", "b.c": "3", bxc: "4" }],
  ['e_keep_fields("b.c", F_TAGS, regex=False)', { "b.c": "3" }],
  ['e_rename("a1", "a2", "a2", "a3", "a2", "a4")\ne_keep_fields("a.")', { a2: "1", a3: "2" }],
  [
    String.raw`e_rename(r"b\.c", "d", "none", "e")
e_keep_fields("[b-e].*")`,
    { d: "3", bxc: "4" },
  ],
  [
    'e_pack_fields("all", include="[ab].*", exclude="a2", drop_packed=True)\ne_keep_fields("a.*|b.*")',
    {
      a2: "2",
      all: '{"a1": "1", "b.c": "3", "bxc": "4"}',
    },
  ],
  [
    'e_pack_fields("all")\ne_keep_fields("all")',
    { all: '{"a1": "1", "a2": "2", "b.c": "3", "bxc": "4", "__topic__": "t", "__tag__:host": "h"}' },
  ],
])("%s leaves what it should", (text, expected) => {
  expect(runRules(text, [row])).toEqual([expected]);
});

it("names of fields that events bring are patterns as well", () => {
  expect(runRules('e_drop_fields(v("which"))', [{ which: "x.", x1: "", y: "" }])).toEqual([{ which: "x.", y: "" }]);
});

it("renames nothing to a name that is none", () => {
  expect(problemsOf('e_rename("a", "")').join()).toContain("e_rename must get a name as the new one");
  expect(failureOf('e_rename("a", v("to"))', { a: "1" })).toContain("e_rename must get a name as the new one");
});

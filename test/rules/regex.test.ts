import { failureOf, problemsOf, runRules, valueOf, type Row } from "./support";

const row = { line: "id=7 user=eve id=12 user=中文😀" };

it.each([
  [String.raw`regex_select(v("line"), r"\d+")`, "7"],
  [String.raw`regex_select(v("line"), r"\d+", mi=1)`, "12"],
  [String.raw`regex_select(v("line"), r"user=(\w+)", gi=0)`, "eve"],
  [String.raw`regex_select(v("line"), r"(\w+)=(\w+)", mi=3, gi=1)`, "中文"],
  [String.raw`regex_select(v("line"), r"\d+", mi=9)`, undefined],
  [String.raw`regex_select(v("none"), r"\d+")`, undefined],
  [String.raw`regex_select(12345, r"3.")`, "34"],
  [String.raw`regex_findall(v("line"), r"id=\d+")`, '["id=7", "id=12"]'],
  [String.raw`regex_findall(v("line"), r"id=(\d+)")`, '["7", "12"]'],
  [String.raw`regex_findall("a1 b", r"(\w)(\d)?")`, '[["a", "1"], ["b", ""]]'],
  [String.raw`regex_match(v("line"), r"user=\w+")`, "true"],
  [String.raw`regex_match(v("line"), r"user=\w+", full=True)`, "false"],
  [String.raw`regex_match(v("none"), r".*")`, "false"],
  [String.raw`regex_replace(v("line"), r"id=(\d+)", replace=r"<\1>")`, "<7> user=eve <12> user=中文😀"],
  [String.raw`regex_replace(v("line"), r"\d+", "N", count=1)`, "id=N user=eve id=12 user=中文😀"],
  [String.raw`regex_replace("abc", r"x*", "-")`, "-a-b-c-"],
  [String.raw`regex_replace("a1b2", r"\d")`, "ab"],
  [String.raw`regex_split("a1b22c", r"\d+")`, '["a", "b", "c"]'],
  [String.raw`regex_split("a1b2c", r"(\d)", maxsplit=1)`, '["a", "1", "b2c"]'],
])("%s gives %s", (expression, expected) => {
  expect(valueOf(expression, row)).toBe(expected);
});

it("regex_select fails for a group that the pattern does not have", () => {
  expect(failureOf(String.raw`e_set("x", regex_select("a1", r"(\d)", gi=2))`)).toContain("number of groups, 1, got 2");
});

it("e_match tests a whole field, or a part of it", () => {
  const events = [{ a: "12" }, { a: "12x" }, { b: "12" }] as Row[];
  expect(runRules(String.raw`e_keep(e_match("a", r"\d+"))`, events)).toEqual([{ a: "12" }]);
  expect(runRules(String.raw`e_keep(e_match("a", r"\d+", full=False))`, events)).toEqual(events.slice(0, 2));
});

it("e_match_all and e_match_any test several fields", () => {
  const events = [{ a: "1", b: "x" }, { a: "1" }, { b: "x" }] as Row[];
  expect(runRules(String.raw`e_keep(e_match_all("a", r"\d", "b", "[x-z]"))`, events)).toEqual([{ a: "1", b: "x" }]);
  expect(runRules(String.raw`e_keep(e_match_any("a", r"\d", "b", "y"))`, events)).toEqual(events.slice(0, 2));
});

it("shows the place of a fault in a constant pattern, and who needs the other engine", () => {
  expect(problemsOf('e_keep(e_match("a", "x(y"))').join()).toMatch(/1:23 error RULES_REGEX: the pattern has a \(/);
  expect(problemsOf('e_keep(e_match("a", "x(?=y)"))').join()).toContain('regexEngine to "backtracking"');
  expect(problemsOf('e_keep(e_match("a", "x(?=y)"))', { regexEngine: "backtracking" }).join()).toMatch(/^1:23 warning/);
});

it("a pattern that an event brings fails that event alone", () => {
  const rules = 'e_keep(regex_match(v("text"), v("pattern")))';
  expect(failureOf(rules, { text: "a", pattern: "(" })).toContain("the pattern has a (");
  expect(runRules(rules, [{ text: "abc", pattern: "b" }])).toHaveLength(1);
});

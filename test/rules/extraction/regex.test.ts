import { problemsOf, runRules } from "../support";

const text = "GET /a?x=1&y=2 HTTP/1.1";

it.each([
  [String.raw`e_regex("q", r"^(?P<verb>\w+) (?P<path>[^? ]+)")`, { verb: "GET", path: "/a" }],
  [String.raw`e_regex("q", r"(?i)http/(?P<version>[\d.]+)(?P<rest>x)?", mode="overwrite")`, { version: "1.1" }],
  [String.raw`e_regex("q", r"\d", "first")`, { first: "1" }],
  [String.raw`e_regex("q", r"\d", ["one", "two"])`, { one: "1", two: "2" }],
  [String.raw`e_regex("q", r"(\w)=(\d)", ["key", "value", "more"])`, { key: "x", value: "1" }],
  [String.raw`e_regex("q", r"(\w)=(\d)", {r"p_\1": r"<\2>", r"\2": "no name"})`, { p_x: "<1>", p_y: "<2>" }],
  [String.raw`e_regex("q", r"(\w)=(\d)", {r"\1": r"\2"}, pack_json="json")`, { json: '{"x": "1", "y": "2"}' }],
  [String.raw`e_regex("q", r"nothing(?P<x>.)", "y")`, {}],
  [String.raw`e_regex("absent", r"(?P<x>.)")`, {}],
  [String.raw`e_regex(["absent", "q"], r"/(?P<x>\w)")`, { x: "a" }],
  [String.raw`e_regex("q", r"(?P<q>\d)")`, {}],
])("%s extracts what it should", (rule, extracted) => {
  expect(runRules(rule, [{ q: text }])).toEqual([{ q: text, ...extracted }]);
});

it.each([
  ['e_anchor("q", "GET * HTTP/*", "path, version")', { path: "/a?x=1&y=2", version: "1.1" }],
  ['e_anchor("q", "*?*=*&", ["*", "key", "value"])', { key: "x", value: "1" }],
  ['e_anchor("q", "x=*&y=* ", "x", restrict=True)', {}],
  ['e_anchor("q", "x=*&y=* ", "x")', { x: "1" }],
  ['e_anchor("q", "POST *", "path")', {}],
])("%s extracts what it should", (rule, extracted) => {
  expect(runRules(rule, [{ q: text }])).toEqual([{ q: text, ...extracted }]);
});

it("tells what fields_info must be", () => {
  expect(problemsOf('e_regex("q", "a", 3)').join()).toContain("e_regex must get a name, a list or a dict");
});

import { checkRegex } from "../../../rules/regex/check";
import { compileRegex } from "../../../rules/regex/compile";
import { RegexError } from "../../../rules/regex/regex";

it.each([
  ["a(b", 1, "( that no ) closes"],
  ["ab)", 2, ") that no ( opens"],
  ["[a-", 0, "[ that no ] closes"],
  ["*a", 0, "nothing before it to repeat"],
  ["a**", 2, "repeats a repetition"],
  ["^*", 1, "a place between characters"],
  ["[z-a]", 1, "bad character range z-a"],
  ["\\q", 0, "unknown escape \\q"],
  ["\\x1", 0, "broken escape \\x"],
  ["a\\", 1, "ends with a backslash"],
  ["x{3,1}", 1, "end is less than its start"],
  ["(?<n", 3, "that no > closes"],
  ["(?z)", 0, "unknown kind (?z)"],
  ["(a)\\2", 3, "the group 2"],
  ["(?<=a+)b", 0, "texts of different lengths"],
  ["a{5000}", 1, "must count to 1000 at most, got 5000; lower it"],
  ["((a{100}){100}){100}", 0, "must make 30000 steps at most, got 3040401; lower its counts"],
  ["(".repeat(300), 200, "groups must nest 200 deep at most"],
])("tells what is wrong with %s, and where", (pattern, offset, message) => {
  const error = checkRegex(pattern, "backtracking");
  expect(error).toMatchObject({ offset, needsBacktracking: false });
  expect(error?.message).toContain(message);
  expect(() => compileRegex(pattern, "backtracking")).toThrow(RegexError);
});

it.each([
  ["a(?=b)", 1, "a look-ahead (?="],
  ["(?<!x)y", 0, "a look-behind (?<!"],
  ["(a)\\1", 3, "a reference to the group 1"],
  ["(?P<n>a)(?P=n)", 8, "a reference to the group 1"],
  ["x(?>a)", 1, "an atomic group"],
  ["a++", 0, "a possessive repetition"],
  ["(a)?(?(1)b|c)", 4, "a conditional group"],
])("takes %s with the backtracking engine alone", (pattern, offset, what) => {
  const error = checkRegex(pattern);
  expect(error).toMatchObject({ offset, needsBacktracking: true });
  expect(error?.message).toContain(what);
  expect(checkRegex(pattern, "backtracking")).toBeUndefined();
});

it("matches look-around, references, atomic groups and conditions with the backtracking engine", () => {
  const groups = (pattern: string, text: string) => compileRegex(pattern, "backtracking").search(text)?.groups;
  expect(groups("(\\w+)(?= =)", "a bc =")).toEqual(["bc"]);
  expect(groups("(?<!\\d)(\\d\\d)(?!\\d)", "123 45")).toEqual(["45"]);
  expect(groups("(?P<q>['\"])(.*?)(?P=q)", `x "it's"`)).toEqual(['"', "it's"]);
  expect(groups("(?>(a+))a", "aaa")).toBeUndefined();
  expect(groups("(<)?(a)(?(1)>|!)", "a> <a>")).toEqual(["<", "a"]);
});

it("stops a catastrophic pattern in time, with the pattern and a remedy", () => {
  const regex = compileRegex("^(a+)+\\1!$", "backtracking");
  const start = performance.now();
  expect(() => regex.search("a".repeat(60))).toThrow(/\^\(a\+\)\+.*did not come to an end within 100 ms.*; write it/);
  expect(performance.now() - start).toBeLessThan(1_000);
});

it("runs what both engines can on the linear one", () => {
  expect(compileRegex("^(a+)+$", "backtracking").test(`${"a".repeat(5_000)}!`)).toBe(false);
});

import { MOST_READ, MOST_STEPS } from "../../../rules/regex/bounds";
import { generator } from "../fuzz";
import { failureOf } from "../support";

const REAL = { ...MOST_STEPS };
const REALLY_READ = { ...MOST_READ };

/** Bounds that a test reaches in a moment. */
beforeAll(() => {
  Object.assign(MOST_STEPS, { text: 2 ** 20, event: 2 ** 18 });
  Object.assign(MOST_READ, { text: 2 ** 22, event: 2 ** 20 });
});
afterAll(() => {
  Object.assign(MOST_STEPS, REAL);
  Object.assign(MOST_READ, REALLY_READ);
});

/** Each character makes another state of this pattern's automaton, so that the Pike machine takes over. */
const PATTERN = "(?:a|b)*a(?:a|b){200}c";
const random = generator(20261129);
const textOf = (length: number): string => Array.from({ length }, () => (random() < 0.5 ? "a" : "b")).join("");
const TEXT = textOf(20_000);

it("takes fewer steps for a pattern that an event brings", () => {
  expect(REAL).toEqual({ text: 2 ** 28, event: 2 ** 26 });
  const event = { a: TEXT, p: PATTERN, q: `a ~= "${PATTERN}"` };
  const failed = (most: number) =>
    expect.stringContaining(`must take ${most} at most on a text, got more on one of 20000`);
  expect(failureOf(`e_set("o", regex_match(v("a"), "${PATTERN}"))`, event)).toEqual(failed(2 ** 20));
  expect(failureOf('e_set("o", regex_match(v("a"), v("p")))', event)).toEqual(failed(2 ** 18));
  expect(failureOf('e_regex("a", v("p"), "o")', event)).toEqual(failed(2 ** 18));
  expect(failureOf('e_if(e_search(v("q")), e_set("o", "1"))', event)).toEqual(failed(2 ** 18));
});

it("keeps the bound of the rule text for a pattern that stands in it, though an event brings it too", () => {
  const event = { a: TEXT, p: PATTERN };
  const rules = `e_if(op_eq(v("x"), "1"), e_regex("a", "${PATTERN}", "o"))\ne_set("o", regex_match(v("a"), v("p")))`;
  expect(failureOf(rules, event)).toContain(`must take ${2 ** 20} at most`);
});

it("bounds what is read for all matches of a text, each of which reads it to its end", () => {
  expect(REALLY_READ).toEqual({ text: 2 ** 32, event: 2 ** 30 });
  const event = { a: "(中".repeat(10_000), short: "(中".repeat(500), p: "\\([^)]*\\)|[^x]" };
  const failed = (most: number) =>
    expect.stringContaining(`must read ${most} characters at most to find all its matches`);
  expect(failureOf(`e_set("o", regex_findall(v("a"), r"${event.p}"))`, event)).toEqual(failed(2 ** 22));
  expect(failureOf('e_set("o", regex_replace(v("a"), v("p"), "-"))', event)).toEqual(failed(2 ** 20));
  expect(failureOf('e_set("o", regex_split(v("a"), v("p")))', event)).toEqual(failed(2 ** 20));
  expect(failureOf('e_set("o", regex_findall(v("short"), v("p")))', event)).toBeUndefined();
});

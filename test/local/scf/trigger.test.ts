import { matchesTrigger, overlaps, parseCosTrigger, type CosTrigger } from "../../../local/scf/trigger";
import { triggerDescription } from "../support/plan";

function trigger(prefix = "cls/", suffix = ".gz", event = "cos:ObjectCreated:*", enabled = true): CosTrigger {
  return parseCosTrigger("logs-1250000000.cos.ap-guangzhou.myqcloud.com", triggerDescription(prefix, suffix, event), {
    functionName: "f",
    enabled,
    qualifier: "$DEFAULT",
  });
}

describe("matchesTrigger", () => {
  test.each<[string, CosTrigger, string, string, boolean]>([
    ["prefix and suffix", trigger(), "cos:ObjectCreated:Put", "cls/a.gz", true],
    ["another prefix", trigger(), "cos:ObjectCreated:Put", "other/a.gz", false],
    ["another suffix", trigger(), "cos:ObjectCreated:Put", "cls/a.json", false],
    ["another event", trigger(), "cos:ObjectRemove:Delete", "cls/a.gz", false],
    ["one event by its name", trigger("", "", "cos:ObjectCreated:Put"), "cos:ObjectCreated:Put", "a", true],
    ["another event of the kind", trigger("", "", "cos:ObjectCreated:Post"), "cos:ObjectCreated:Put", "a", false],
    ["no filter", trigger("", ""), "cos:ObjectCreated:Put", "anything", true],
    ["a trigger that is closed", trigger("cls/", ".gz", undefined, false), "cos:ObjectCreated:Put", "cls/a.gz", false],
  ])("judges %s", (_name, given, event, key, expected) => {
    expect(matchesTrigger(given, event, key)).toBe(expected);
  });
});

describe("overlaps", () => {
  test.each<[string, CosTrigger, CosTrigger, boolean]>([
    ["the same", trigger(), trigger(), true],
    ["a prefix inside another", trigger("Log"), trigger("Lo"), true],
    ["prefixes beside each other", trigger("a/"), trigger("b/"), false],
    ["suffixes inside each other", trigger("a", ".gz"), trigger("a", ".json.gz"), true],
    ["suffixes beside each other", trigger("a", ".gz"), trigger("a", ".json"), false],
    ["no filter beside a filter", trigger("", ""), trigger(), true],
    ["all events beside one", trigger("a"), trigger("a", ".gz", "cos:ObjectCreated:Put"), true],
    ["different events", trigger("a"), trigger("a", ".gz", "cos:ObjectRemove:*"), false],
  ])("judges %s", (_name, one, other, expected) => {
    expect(overlaps(one, other)).toBe(expected);
    expect(overlaps(other, one)).toBe(expected);
  });
});

test.each([
  ["trigger_name must be <bucket>.cos.<region>.myqcloud.com", "logs-1250000000", triggerDescription("a", "")],
  ['filter.Suffix must start with a dot, got "gz"', "b-1.cos.r.myqcloud.com", triggerDescription("a", "gz")],
  [
    'event must be one of COS\'s, got "cos:Nothing"',
    "b-1.cos.r.myqcloud.com",
    triggerDescription("a", "", "cos:Nothing"),
  ],
])("a trigger is refused: %s", (message, name, description) => {
  expect(() => parseCosTrigger(name, description, { functionName: "f", enabled: true, qualifier: "q" })).toThrow(
    message,
  );
});

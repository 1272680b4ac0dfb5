import { compileRegex } from "../../../rules/regex/compile";
import { escapeRegex } from "../../../rules/regex/escape";
import { compileTemplate } from "../../../rules/regex/template";

const regex = compileRegex("(?P<key>\\w+)=(\\d+)?");

function fill(template: string, text = "size=42"): string {
  return compileTemplate(template, regex)(regex.search(text)!);
}

it.each([
  ["\\1", "size"],
  ["<\\g<key>:\\g<2>>", "<size:42>"],
  ["\\g<0>!", "size=42!"],
  ["a\\\\b\\n\\t", "a\\b\n\t"],
  ["\\x", undefined],
  ["\\.\\-", "\\.\\-"],
  ["\\101\\0", "A\0"],
  ["\\3", undefined],
  ["\\g<none>", undefined],
  ["end\\", undefined],
])("reads the replacement %s as Python does", (template, expected) => {
  if (expected === undefined) expect(() => fill(template)).toThrow(/the replacement/);
  else expect(fill(template)).toBe(expected);
});

it("fills in nothing for a group that took no part", () => {
  expect(fill("[\\2]", "size=")).toBe("[]");
});

it("escapes texts so that they match themselves alone", () => {
  const text = "a.b*(c)[d]{e}^$|\\ #~&\n-";
  expect(compileRegex(escapeRegex(text)).testFull(text)).toBe(true);
  expect(escapeRegex("k8s.pod-1")).toBe("k8s\\.pod\\-1");
});

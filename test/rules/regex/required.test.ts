import { needsOfField, needsOfPattern, requiredLiterals } from "../../../rules";
import { compileLinePattern } from "../../../rules/regex/javascript";

const textsOf = (lists: readonly (readonly { readonly text: string }[])[]): string[][] =>
  lists.map((list) => list.map(({ text }) => text));

describe("what a match of a pattern must hold", () => {
  it.each([
    ["panic", [["panic"]]],
    ["panic|fatal", [["panic", "fatal"]]],
    ["a.b", [["a"], ["b"]]],
    ["(kube|elb)-probe", [["kube-probe", "elb-probe"]]],
    ["x(abc)+y", [["xabc"], ["abc"], ["y"]]],
    ["(?:ab){2}c", [["ababc"]]],
    ["ab?c", [["a"], ["c"]]],
    ["[ab]c[^d]e", [["ac", "bc"], ["e"]]],
    [String.raw`^\d+ error$`, [[" error"]]],
    [String.raw`a\bc`, [["ac"]]],
    [".*", []],
    ["(a|)", []],
  ])("%s", (pattern, texts) => {
    expect(textsOf(requiredLiterals(pattern).holds)).toEqual(texts);
  });

  it.each([
    [String.raw`^5\d\d$`, false, ["5"], undefined],
    [String.raw`[45]\d\d`, true, ["4", "5"], undefined],
    ["GET|HEAD", true, ["GET", "HEAD"], ["GET", "HEAD"]],
    ["GET|HEAD", false, undefined, undefined],
    ["^(?:GET|HE.D)", false, ["GET", "HE"], undefined],
    [".*a", true, undefined, undefined],
  ])("%s, of all of it %s, starts with or is", (pattern, isFull, starts, is) => {
    const required = requiredLiterals(pattern, isFull);
    expect(required.starts?.map(({ text }) => text)).toEqual(starts);
    expect(required.is?.map(({ text }) => text)).toEqual(is);
  });

  it("letters in either case are lower-case, and said to be so", () => {
    expect(requiredLiterals("(?i:Panic)!").holds).toEqual([[{ text: "panic!", ignoreCase: true }]]);
    expect(requiredLiterals("(?i)Éa").holds).toEqual([[{ text: "a", ignoreCase: true }]]);
  });

  it("of a pattern of JavaScript's, as it is compiled", () => {
    const { pattern } = compileLinePattern(String.raw`OutOfMemory|panic:\s`, "i");
    expect(needsOfPattern(pattern)).toEqual([
      { text: "outofmemory", ignoreCase: true },
      { text: "panic", ignoreCase: true },
    ]);
  });
});

describe("what bytes of JSON need", () => {
  it("of several words the one that tells most, between what JSON writes in several ways", () => {
    expect(needsOfPattern('error in "module/Foo": .* at line')).toEqual([{ text: "error in " }]);
  });

  it("nothing for texts in which a number may stand, or that are in most lines", () => {
    expect(needsOfPattern("500")).toBeUndefined();
    expect(needsOfPattern("a")).toBeUndefined();
    expect(needsOfPattern("panic|5")).toBeUndefined();
  });

  it("a field that starts so, is it or holds it, where no word is long enough", () => {
    expect(needsOfField("status", String.raw`^5\d\d$`)).toEqual([{ field: "status", test: "starts", text: "5" }]);
    expect(needsOfField("status", "500|502", true)).toEqual([
      { field: "status", test: "is", text: "500" },
      { field: "status", test: "is", text: "502" },
    ]);
    expect(needsOfField("status", "50")).toEqual([{ field: "status", test: "holds", text: "50" }]);
    expect(needsOfField("agent", "^kube-probe")).toEqual([{ text: "kube-probe" }]);
  });
});

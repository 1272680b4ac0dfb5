import { Program } from "../../../local/dialect/program";

describe("a text", () => {
  it("holds comments, and statements with or without anything between them", () => {
    const text = `// what is "first"
      fields_set('a', 1)fields_set("b", "x // y"); fields_set("c", r"\\d")
      // the end`;
    expect(new Program(text).run({}).rest[0].toJSON()).toEqual({ a: "1", b: "x // y", c: "\\d" });
  });

  it("keeps escapes that are none, and decodes those that are", () => {
    const text = String.raw`fields_set("a", "\d\n\"\\\u4f60", "b", r"\n")`;
    expect(new Program(text).run({}).rest[0].toJSON()).toEqual({ a: '\\d\n"\\你', b: "\\n" });
  });

  it("tells whether it sends rows itself", () => {
    expect(new Program('fields_set("log_output", 1)').hasOutputs).toBe(false);
    expect(new Program('t_if(True, compose(log_output("a")))').hasOutputs).toBe(true);
  });

  it.each([
    ["e_set(1, 2)", "1:1 unknown function e_set"],
    ['\n  fields_set("a", constructor("b"))', "2:19 unknown function constructor"],
    ['v("a")', "1:1 a statement must give a log, v gives a value"],
    ['"a"', "1:1 a statement must be a call, got a"],
    ['log_drop(v("a")', "1:16 expected , or ), got the end"],
    ["log_drop(#)", '1:10 unexpected "#"'],
    ["log_drop()", "1:1 log_drop must get condition"],
    ["log_drop(1, 2)", "1:1 log_drop must get at most 1 arguments, got 2"],
    ["log_drop(1, when=2)", "1:1 log_drop has no parameter when"],
    ["log_drop(1, condition=2)", "1:1 log_drop must get condition once"],
    ['fields_set(mode="fill", "a", 1)', "1:25 expected arguments with names after those without, got a"],
    ["log_drop(".repeat(200), "expected fewer calls inside of each other"],
    ["log_drop", "1:9 expected (, got the end"],
  ])("%s is refused", (text, message) => {
    expect(() => new Program(text)).toThrow(message);
  });
});

describe("patterns are Java's", () => {
  const matches = (pattern: string, text: string): string | undefined => {
    const { rest, failure } = new Program(`fields_set("r", regex_match(v("t"), regex=r"${pattern}", full=False))`).run({
      t: text,
    });
    return failure ?? rest[0].get("r") ?? undefined;
  };

  it.each([
    ["^a.c$", "a\u0085c", "false"],
    ["(?d)^a.c$", "a\u0085c", "true"],
    ["(?s)a.c", "a\nc", "true"],
    ["a$", "a\n", "true"],
    ["a$", "a\n\n", "false"],
    [String.raw`a\z`, "a\n", "false"],
    [String.raw`^\w$`, "你", "false"],
    [String.raw`(?U)^\w$`, "你", "true"],
    [String.raw`(?U)\b你\b`, "说 你 好", "true"],
    [String.raw`[\w\-\]]+@`, "a-]@", "true"],
    ["(?i)ABC", "xabc", "true"],
    [String.raw`\Qa.b\E`, "a.b", "true"],
    [String.raw`\p{Alpha}{2}`, "ab", "true"],
    ["[{}/]", "{", "true"],
  ])("%s on %j gives %s", (pattern, text, expected) => {
    expect(matches(pattern, text)).toBe(expected);
  });

  it.each(["a++", "[a&&b]", "[a[b]]", "(?x)a"])("%s is one that the local cloud does not run", (pattern) => {
    expect(matches(pattern, "a")).toContain("holds what the local cloud cannot run");
  });
});

import { compileRules } from "../../rules/run/engine";
import { Event } from "../../rules/run/event";
import { failureOf, parts, runRules } from "./support";

describe("flow control", () => {
  it("e_if tries each pair on what the pairs before have left", () => {
    const rules = 'e_if(e_has("a"), e_set("b", "1"), e_has("b"), e_set("c", "2"), e_has("x"), DROP)';
    expect(runRules(rules, [{ a: "" }, { x: "" }, {}])).toEqual([{ a: "", b: "1", c: "2" }, {}]);
  });

  it("e_if runs a last operation of its own where the last condition is false", () => {
    const rules = 'e_if(e_has("a"), e_set("x", "yes"), e_set("x", "no"))';
    expect(runRules(rules, [{ a: "" }, {}])).toEqual([{ a: "", x: "yes" }, { x: "no" }]);
  });

  it("e_if_else runs one of two; without the second it keeps", () => {
    const rules = 'e_if_else(v("n") == "1", e_set("x", "one"), e_set("x", "other"))\ne_if_else(e_has("y"), DROP)';
    expect(runRules(rules, [{ n: "1" }, { n: "2" }, { n: "3", y: "" }])).toEqual([
      { n: "1", x: "one" },
      { n: "2", x: "other" },
    ]);
  });

  it("e_switch runs the first that holds, else the default", () => {
    const rules = 'e_switch(e_has("a"), e_set("x", "a"), e_has("b"), e_set("x", "b"), default=e_set("x", "none"))';
    expect(runRules(rules, [{ a: "", b: "" }, { b: "" }, {}])).toEqual([
      { a: "", b: "", x: "a" },
      { b: "", x: "b" },
      { x: "none" },
    ]);
    expect(runRules('e_switch(e_has("a"), DROP)', [{ a: "" }, { b: "" }])).toEqual([{ b: "" }]);
  });

  it("e_compose runs on each part of what it split, and ends where the event does", () => {
    const rules = 'e_compose(e_split("x"), e_set("y", v("x")), e_keep(v("x") != "b"), e_set("z", "1"))';
    expect(runRules(rules, [{ x: "a,b,c" }])).toEqual([
      { x: "a", y: "a", z: "1" },
      { x: "c", y: "c", z: "1" },
    ]);
  });

  it("e_drop and e_keep take a condition; DROP and KEEP are short for them", () => {
    expect(runRules('e_drop(e_has("a"))', [{ a: "" }, {}])).toEqual([{}]);
    expect(runRules('e_keep(e_has("a"))', [{ a: "" }, {}])).toEqual([{ a: "" }]);
    expect(runRules('e_keep()\ne_if(e_has("a"), KEEP, e_has("b"), DROP)', [{ a: "" }, { b: "" }])).toEqual([{ a: "" }]);
    expect(runRules("e_drop()", [{ a: "" }])).toEqual([]);
  });
});

describe("outputs", () => {
  const run = (text: string, row: Record<string, string>) =>
    compileRules(text, { parts, environment: {} })
      .run(new Event(row))
      .emitted.map(({ event, output }) => [output, { ...event.fields }]);

  it("e_output ends the event's way, e_coutput sends a copy and goes on", () => {
    const rules = 'e_coutput("copy")\ne_set("a", "2")\ne_if(e_has("b"), e_output(name="b"))\ne_set("a", "3")';
    expect(run(rules, { a: "1" })).toEqual([
      ["copy", { a: "1" }],
      [null, { a: "3" }],
    ]);
    expect(run(rules, { a: "1", b: "" })).toEqual([
      ["copy", { a: "1", b: "" }],
      ["b", { a: "2", b: "" }],
    ]);
  });

  it("labels the copy alone with topic, source and tags", () => {
    const rules = 'e_coutput("t", topic="T", source=v("ip"), tags={"k": v("a"), "n": 1})';
    expect(run(rules, { a: "1", ip: "10.0.0.1" })).toEqual([
      ["t", { a: "1", ip: "10.0.0.1", __topic__: "T", __source__: "10.0.0.1", "__tag__:k": "1", "__tag__:n": "1" }],
      [null, { a: "1", ip: "10.0.0.1" }],
    ]);
  });

  it("takes its name from the event where the text says so", () => {
    expect(run('e_output(name=v("to"))', { to: "x" })).toEqual([["x", { to: "x" }]]);
  });
});

describe("a step that fails", () => {
  it("ends the event and all that was split from it, and tells its line", () => {
    const rules = compileRules('e_coutput("c")\ne_split("x")\ne_set("n", ct_int(v("x")))', { parts, environment: {} });
    expect(rules.run(new Event({ x: "1,2,z" }))).toEqual({ emitted: [], failure: expect.stringMatching(/^line 3: /) });
    expect(rules.run(new Event({ x: "1,2" })).emitted).toHaveLength(3);
  });

  it("leaves the next event alone", () => {
    const rules = compileRules('e_set("n", ct_int(v("x")))', { parts, environment: {} });
    expect(rules.run(new Event({ x: "z" })).failure).toBeDefined();
    expect(rules.run(new Event({ x: "7" })).emitted).toHaveLength(1);
  });

  it("bounds what one event becomes", () => {
    const split = 'e_split("x", output="y")\n'.repeat(5);
    expect(failureOf(split, { x: JSON.stringify(Array.from({ length: 20 }, String)) })).toContain("more than 10000");
  });

  it("bounds the characters of all copies that go to outputs", () => {
    const text = `${'e_coutput("a")\n'.repeat(40)}DROP`;
    expect(failureOf(text, { x: "x".repeat(1_000_000) })).toBeUndefined();
    expect(failureOf(text, { x: "x".repeat(2_000_000) })).toContain(
      "more than 67108864 characters, got 80000040 in 40",
    );
  });

  it.each([
    'e_split("x")\ne_split("y")\ne_split("z")',
    'e_split("x")\ne_split("y")\ne_drop()',
    'e_compose(e_split("x"), e_split("y"), e_split("z"))',
  ])("bounds what is on its way, before it fills the memory: %j", (text) => {
    const list = "1,".repeat(300);
    const startedAt = performance.now();
    expect(failureOf(text, { x: list, y: list, z: list })).toMatch(
      /^line \d: an event must not become more than 10000/,
    );
    expect(performance.now() - startedAt).toBeLessThan(5000);
  });

  it("refuses a time that is no number", () => {
    expect(failureOf('e_set("__time__", "noon")')).toContain("__time__ must be seconds since 1970, got noon");
    expect(runRules("e_set(F_TIME, 1700000000)", [{}])).toEqual([{ __time__: "1700000000" }]);
  });
});

describe("an event", () => {
  it("has a field, be it empty, or has not", () => {
    const rules = 'e_set("x", e_has("a"), "y", e_not_has("a"), "z", e_not_has("b"))';
    expect(runRules(rules, [{ a: "" }])).toEqual([{ a: "", x: "true", y: "false", z: "true" }]);
  });

  it("may have fields with the names of what objects inherit", () => {
    expect(
      runRules('e_set("x", v("constructor"), "y", e_has("__proto__"), "z", v("toString", "a"))', [{ a: "1" }]),
    ).toEqual([{ a: "1", y: "false", z: "1" }]);
    const row = JSON.parse('{"__proto__": "p"}') as Record<string, string>;
    const [out] = runRules('e_set("x", v("__proto__"))\ne_set("__proto__", "q", "constructor", "c")', [row]);
    expect(JSON.stringify(out)).toBe('{"__proto__":"q","x":"p","constructor":"c"}');
    expect(({} as Record<string, unknown>).q).toBeUndefined();
  });

  it("reads what is no text in the record as its JSON, and leaves it as it is", () => {
    const row = { n: 5, o: { a: [1] }, t: true, z: null } as never;
    expect(runRules('e_set("x", str_join("|", v("n"), v("o"), v("t"), v("z")))', [row])).toEqual([
      { n: 5, o: { a: [1] }, t: true, z: null, x: '5|{"a":[1]}|true|' },
    ]);
  });
});

import { failureOf, runRules, type Row } from "./support";

describe("e_split", () => {
  test.each<[does: string, rule: string, value: string, parts: string[]]>([
    ["cuts a text at commas, without the spaces behind them", `e_split("f")`, "a,b, c", ["a", "b", "c"]],
    ["takes line ends behind the last value for none", `e_split("f")`, "a,b\n\r\n", ["a", "b"]],
    [
      "takes the items of a JSON list",
      `e_split("f")`,
      '["a", 1, 2.0, null, {"x": [1]}]',
      ["a", "1", "2.0", "", '{"x": [1]}'],
    ],
    ["keeps a comma within quotes", `e_split("f")`, '"x, y", z', ["x, y", "z"]],
    ["takes another separator and quote", `e_split("f", sep="#", quote="|")`, "a#|b#c|", ["a", "b#c"]],
    ["keeps spaces where told to", `e_split("f", lstrip=False)`, "a, b", ["a", " b"]],
    [
      "takes the list that an expression selects",
      `e_split("f", jmes="k[*].v")`,
      '{"k": [{"v": 1}, {"v": 2}]}',
      ["1", "2"],
    ],
    ["cuts the text that an expression selects", `e_split("f", jmes="k")`, '{"k": "x,y"}', ["x", "y"]],
    ["takes the JSON list in the text that is selected", `e_split("f", jmes="k")`, '{"k": "[1, 2]"}', ["1", "2"]],
    ["leaves the event where an object is selected", `e_split("f", jmes="k")`, '{"k": {}}', ['{"k": {}}']],
    ["leaves the event where there is no JSON to select in", `e_split("f", jmes="k")`, "no JSON", ["no JSON"]],
    ["leaves the event for an empty list", `e_split("f")`, "[]", ["[]"]],
    ["leaves an event of one value as it is", `e_split("f")`, "one", ["one"]],
    ["leaves the event for an empty text", `e_split("f")`, "", [""]],
  ])("%s", (_, rule, value, parts) => {
    expect(runRules(rule, [{ f: value, i: "1" }])).toEqual(parts.map((part) => ({ f: part, i: "1" })));
  });

  it("keeps the field where it has an output", () => {
    expect(runRules(`e_split("f", output="o")`, [{ f: "a,b" }])).toEqual([
      { f: "a,b", o: "a" },
      { f: "a,b", o: "b" },
    ]);
  });

  it("leaves an event without the field as it is", () => {
    expect(runRules(`e_split("f")`, [{ g: "a,b" }])).toEqual([{ g: "a,b" }]);
  });

  it("makes events that run on independently", () => {
    const rules = `e_split("f")\ne_if(e_search("f==a"), e_set("is", "a"))`;
    expect(runRules(rules, [{ f: "a,b" }])).toEqual([{ f: "a", is: "a" }, { f: "b" }]);
  });

  it("fails where many copies of a large event would fill the memory, and not where the large field is what is split", () => {
    const list = JSON.stringify(Array.from({ length: 200 }, (_, at) => "x".repeat(2000) + at));
    expect(runRules(`e_split("f")`, [{ f: list }])).toHaveLength(200);
    const failure = failureOf(`e_split("f", output="o")`, { f: list });
    expect(failure).toBe(
      `line 1: an event must not become more than 67108864 characters, got ${(list.length + 1) * 200} in 200 events; ` +
        "drop large fields first, or split less",
    );
    expect(failureOf(`e_split("f", output="o")\ne_split("f")`, { f: list })).toBe(failure);
  });

  it("fails where many copies of an event with many fields would fill the memory", () => {
    const many = (count: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, ""])));
    const rules = `e_json("f", mode="overwrite")\ne_split("l", output="o")`;
    const l = JSON.stringify(Array(200).fill("1"));
    expect(failureOf(rules, { f: many(20_000), l })).toBe(
      "line 2: an event must not become more than 2097152 fields, got 4000000 in 200 events; drop fields first, or split less",
    );
    expect(failureOf(rules, { f: many(1_000), l })).toBeUndefined();
    expect(failureOf(rules, { f: many(140_000), l })).toBe(
      "line 1: e_json: An event must get at most 131072 fields, got 131073",
    );
  });

  it("fails for a row of CSV with a line end in it", () => {
    expect(failureOf(`e_split("f")`, { f: "a,b\nc" })).toContain("e_split must get a JSON list or one row of CSV");
    expect(runRules(`e_split("f")`, [{ f: "a,b\n" }])).toHaveLength(2);
  });
});

describe("e_to_metric", () => {
  const row: Row = { __time__: "1700000000", ms: "12", bytes: "1e3", host: "web", dc: "x" };
  const time = { __time_nano__: "1700000000000000000" };

  it("makes an event for each name, with the labels", () => {
    const rules = `e_to_metric(names=["ms", ("bytes", "size"), "gone"], labels=[("dc", "zone"), "host", "gone"])`;
    const labels = { __labels__: "host#$#web|zone#$#x" };
    expect(runRules(rules, [row])).toEqual([
      { ...time, ...labels, __name__: "ms", __value__: "12.0" },
      { ...time, ...labels, __name__: "size", __value__: "1000.0" },
    ]);
  });

  test.each([
    ["1700000000", "1700000000000000000"],
    ["1700000000.123456", "1700000000123456000"],
    ["1700000000123", "1700000000123000000"],
    ["1700000000123456", "1700000000123456000"],
    ["1700000000123456789", "1700000000123456789"],
  ])("takes %s as time", (at, nanoseconds) => {
    expect(runRules(`e_to_metric(names="ms", time=v("at"))`, [{ ...row, at }])[0].__time_nano__).toBe(nanoseconds);
  });

  it("leaves an event without any of the names as it is", () => {
    expect(runRules(`e_to_metric(names="gone")`, [row])).toEqual([row]);
  });

  it("fails for a value and for a time that is no number", () => {
    expect(failureOf(`e_to_metric(names="host")`, row)).toContain('e_to_metric must get a number in host, got "web"');
    expect(failureOf(`e_to_metric(names="ms", time="now")`, row)).toContain('as time, got "now"');
  });
});

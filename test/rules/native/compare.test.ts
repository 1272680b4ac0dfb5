import fc from "fast-check";
import type { Fields } from "../../../functions/records/contracts";
import { bothEngines, native } from "./support";
import { TEXTS } from "./table";
import { runs } from "../../runs";

const RUNS = runs(50);

const TEXT = fc.oneof(
  fc.constantFrom(
    "",
    "bar",
    "foo bar",
    " b ",
    "a1b2",
    "你好 w",
    "B\u0085\r\nr",
    "it's {x}",
    "b\n",
    "$1\\",
    "null",
    "😀",
  ),
  fc.string({ unit: fc.constantFrom("a", "b", "1", " ", ".", "|", "$", "\n", "你", "😀", "\\", '"'), maxLength: 6 }),
);
const STATUS = fc.oneof(
  fc.constantFrom("200", "500", "404", "0", "abc", "", "1e3", " 42 ", "-1", "3.5", "00", "false"),
  fc.integer({ min: 0, max: 999 }).map(String),
);

/** Events with fields that are absent, empty, or look like false, numbers or patterns. */
const EVENTS: fc.Arbitrary<Fields> = fc.record(
  {
    a: fc.constantFrom("", "0", "1", "false", "None", "10.0", "a|b", "你好", "a", "null"),
    b: fc.constantFrom("", "0", "b", "a", "x,y", "1"),
    status: STATUS,
    path: fc.constantFrom("/", "/a", "/abz1", "/health", "/a/b/c", "/健康", "", " /x", "/a\n/b"),
    text: TEXT,
    list: fc.constantFrom("", "a,b", "1,2,3", '["x","y"]', '"a,b",c', "a|b", "1", "[1, 2]", '[{"k":1}]'),
    json: fc.constantFrom(
      "",
      '{"user":{"name":"ann"},"n":1,"ok":true}',
      '{"items":["1","2"]}',
      '{"items":"a,b"}',
      "no",
      '{"a":"over","f":1.5}',
      "[1]",
      '{"list":[1,{"k":"v"}]}',
      '{"a":""}',
    ),
    kv: fc.constantFrom("", "k=v", "k=v;l=w", "k", "k=;l=2", ";;k=v;"),
    date: fc.constantFrom("2026-01-15 08:30:05", "2026-12-31", "1768465805", "bad", "", "2024-02-29T23:59:59.250"),
    csv: fc.constantFrom("", "1", "1,2", "1,2,3,4", '"a,b",c', "x|y", "1,,3", "你,好"),
  },
  { requiredKeys: [] },
);

it("there are texts over all that compiles", () => {
  expect(TEXTS.length).toBeGreaterThanOrEqual(60);
});

describe.each(TEXTS)("%s", (text) => {
  it("does the same in CLS as in a function", () => {
    const { ours, cls } = bothEngines(text);
    fc.assert(
      fc.property(EVENTS, (event) => expect(cls(event)).toEqual(ours(event))),
      { numRuns: RUNS, seed: 20260115 },
    );
  });

  it("compiles to the same text each time", () => {
    expect(native(text).compiled.text).toBe(native(text).compiled.text);
  });
});

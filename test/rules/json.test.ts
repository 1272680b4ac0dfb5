import { parseJson, tryParseJson } from "../../rules/run/json";
import { toJson } from "../../rules/run/text";
import type { Value } from "../../rules/run/values";

describe("parseJson", () => {
  it.each<[string, Value]>([
    ["1", 1n],
    ["-0", 0n],
    ["1.0", 1],
    ["1e2", 100],
    ["123456789012345678901234567890", 123456789012345678901234567890n],
    ["NaN", NaN],
    ["-Infinity", -Infinity],
    ['"a\\u00e9\\n\\"b\\ud83d\\ude00"', 'aé\n"b😀'],
    [" [ ] ", []],
    ["\t{ }\r\n", new Map()],
    ['[true, false, null, "", [1.5]]', [true, false, null, "", [1.5]]],
  ])("reads %s as Python does", (text, value) => {
    expect(parseJson(text)).toStrictEqual(value);
  });

  it("keeps the order of keys, whatever they are called", () => {
    const text = '{"b": 1, "2": 2, "__proto__": {"constructor": 3}, "1": 4}';
    expect(toJson(parseJson(text))).toBe(text);
  });

  it("lets the last of equal keys win, in the place of the first", () => {
    expect(toJson(parseJson('{"a": 1, "b": 2, "a": 3}'))).toBe('{"a": 3, "b": 2}');
  });

  it.each([
    ["", "a value at 0, got its end"],
    ["[1, 2", '"," or "]" at 5, got its end'],
    ["[1,]", "a value at 3"],
    ['{"a" 1}', '":" at 5'],
    ["{'a': 1}", "a key in double quotes at 1"],
    ['{"a": 1,}', "a key in double quotes at 8"],
    ["01", "the end of the text at 1"],
    ["1.", "the end of the text at 1"],
    ["-", "a value at 0"],
    ["nul", 'a value at 0, got "nul"'],
    ['"a\nb"', "the end of a string at 2"],
    ['"a', "the end of a string at 2"],
    ['"a\\', "the end of a string at 4"],
    ['"\\x41"', "a string with valid escapes at 0"],
    ["\ufeff1", "a value at 0"],
  ])("refuses %j with the offset", (text, message) => {
    expect(() => parseJson(text)).toThrow(message);
    expect(tryParseJson(text)).toBeUndefined();
  });

  it("refuses what is too long or too deep to read in time", () => {
    expect(() => parseJson("1".repeat(5000))).toThrow("an int of at most 4300 digits at 0");
    expect(() => parseJson("[".repeat(100_000))).toThrow("nested deeper than 1000 levels, at 1000");
    expect(toJson(parseJson("[".repeat(1000) + "]".repeat(1000)))).toHaveLength(2000);
  });

  it("agrees with JSON.parse on what both can hold", () => {
    let seed = 7;
    const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
    const make = (depth: number): unknown => {
      switch (random(depth > 3 ? 4 : 6)) {
        case 0:
          return random(1000) / 8 + 0.0625;
        case 1:
          return random(2) === 0;
        case 2:
          return null;
        case 3:
          return String.fromCodePoint(...Array.from({ length: random(6) }, () => random(0xd800)));
        case 4:
          return Array.from({ length: random(4) }, () => make(depth + 1));
        default:
          return Object.fromEntries(Array.from({ length: random(4) }, (_, index) => [`k${index}"`, make(depth + 1)]));
      }
    };
    for (let round = 0; round < 500; round++) {
      const text = JSON.stringify(make(0), null, random(3));
      const plain = (value: Value): unknown =>
        value instanceof Map
          ? Object.fromEntries(Array.from(value, ([key, item]) => [key, plain(item)]))
          : Array.isArray(value)
            ? (value as Value[]).map(plain)
            : value;
      expect(plain(parseJson(text))).toEqual(JSON.parse(text));
    }
  });
});

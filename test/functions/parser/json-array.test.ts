import fc from "fast-check";
import { parseTogether } from "../../../functions/parser/json-array";
import type { Fields } from "../../../functions/records/contracts";

/** What comes of lines that stand in a buffer with something before and behind them. */
function together(lines: readonly string[], end = "\n"): readonly (Fields | undefined)[] {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = "before\n";
  for (const line of lines) {
    starts.push(Buffer.byteLength(text));
    text += line;
    ends.push(Buffer.byteLength(text));
    text += end;
  }
  return parseTogether({ buffer: Buffer.from(`${text}behind`), starts, ends });
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

describe("lines that are parsed in one call", () => {
  it("are the objects that each of them holds, whatever the line end", () => {
    const lines = ['{"a":1}', ' {"a":{"b":[1,"]}"]}}\t', '{"__proto__":{"c":"}, {"},"d":[{}]}'];
    for (const end of ["\n", "\r\n"]) expect(together(lines.slice(0, 2), end)).toEqual(lines.slice(0, 2).map(parsed));
    expect(together([lines[2], lines[0]])).toEqual([]);
  });

  it("are left out beyond ASCII, to be parsed on their own, and the others are not touched", () => {
    expect(together(['{"a":1}', '{"a":"中"}', '{"b":2}', ' {"ü":[}  ', "{}"])).toEqual([
      { a: 1 },
      undefined,
      { b: 2 },
      undefined,
      {},
    ]);
    expect(together(['{"a":"中"}', "{}"])).toEqual([]);
  });

  it.each([
    ["two lines that are one object, and a line that is two", ['{"a":[{}', "{}]}", '{"b":1},{"c":2}']],
    ["the same with spaces around the comma", ['{"a":[{}', "{}]}", '{"b":1} ,\t{"c":2}']],
    ["the same with something in between", ['{"a":[{}', "{}]}", '{"b":1},2,{"c":2}']],
    ["the same in strings", ['{"a":"}', '{"}', '{"b":1},{"c":2}']],
    ["a line that is no JSON", ['{"a":1}', "{a}", '{"b":1}']],
    ["a line that closes the array", ['{"a":1}]', '[{"b":1}', "{}"]],
  ])("are none where that would tell %s for what they are not", (_, lines) => {
    expect(together(lines)).toEqual([]);
  });

  it("are, whatever they hold, what each is on its own, or left out", () => {
    const token = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      "},{",
      '"a":',
      '"',
      "\\",
      "1",
      "{}",
      '{"b":[{}]}',
      " ",
      "中",
    );
    const line = fc.array(token, { maxLength: 8 }).map((tokens) => `{${tokens.join("")}}`);
    const good = fc.json({ maxDepth: 2 }).map((json) => `{"v":${json}}`);
    let told = 0;
    fc.assert(
      fc.property(fc.array(fc.oneof(line, good, good), { minLength: 1, maxLength: 6 }), (lines) => {
        const objects = together(lines);
        if (objects.length > 0) expect(objects).toHaveLength(lines.length);
        objects.forEach((object, index) => {
          if (object === undefined) return;
          told++;
          expect(object).toEqual(parsed(lines[index]));
        });
      }),
      { numRuns: 2000 },
    );
    expect(told).toBeGreaterThan(200);
  });
});

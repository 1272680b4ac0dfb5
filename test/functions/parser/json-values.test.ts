import fc from "fast-check";
import { read } from "../support/read";

const content = (expand?: string[]) => ({ type: "json-values" as const, ...(expand && { expand }) });

/** What is read of a text however it is cut: whole, and a byte at a time. */
async function readCut(text: string, expand?: string[], maxLineBytes = 1e6) {
  const options = { content: content(expand), maxLineBytes };
  const whole = await read(text, options);
  expect(
    await read(
      Array.from(Buffer.from(text), (byte) => Buffer.of(byte)),
      options,
    ),
  ).toEqual(whole);
  return whole;
}

const shown = (lines: readonly { line: number; byte: number; raw: string }[]) =>
  lines.map(({ line, byte, raw }) => `${line}@${byte} ${raw}`);

describe("JSON that is no lines", () => {
  it.each<[string, string, string[] | undefined, string[]]>([
    ["a list", '[{"a":1},{"b":"x,}]{\\""}]', undefined, ['1@1 {"a":1}', '2@9 {"b":"x,}]{\\""}']],
    ["nothing", " \n", undefined, []],
    ["an empty list", "[ ]", undefined, []],
    ["behind a mark", '\ufeff[{"a":1}]', undefined, ['1@4 {"a":1}']],
    [
      "over several lines",
      '[\n  {\n    "a": [1,\r\n {"c": 2}]\n  },\n {}\n]',
      undefined,
      ['1@4 {"a": [1,{"c": 2}]}', "2@37 {}"],
    ],
    ["one behind the other", '{"a":1}{"b":2} \n{"c":3}', undefined, ['1@0 {"a":1}', '2@7 {"b":2}', '3@16 {"c":3}']],
    ["several lists", '[{"a":1}]\n[{"b":2}]', undefined, ['1@1 {"a":1}', '2@11 {"b":2}']],
    [
      "a list at a name",
      '{"x":{"Records":[{"z":0}]},"Records":[{"a":1},{"b":2}],"y":"]"}',
      ["Records"],
      ['1@38 {"a":1}', '2@46 {"b":2}'],
    ],
    ["a name with an escape", '{"R\\u0065c":[{"a":1}]}', ["Rec"], ['1@13 {"a":1}']],
    [
      "a list at a path, through a list",
      '[{"a":{"b":[{"c":1}]}},{"a":[{"b":{"d":2}}]}]',
      ["a", "b"],
      ['1@12 {"c":1}', '2@34 {"d":2}'],
    ],
  ])("has the objects of it, at their places: %s", async (_, text, expand, records) => {
    const outcome = await readCut(text, expand);
    expect(shown(outcome.records)).toEqual(records);
    expect(outcome).toMatchObject({ invalid: [], error: undefined, counts: { lines: records.length } });
  });

  it.each<[string, string, string[], string[]]>([
    ["what is no JSON", '[{"a":tru},{"b":2}]', ['1@1 {"a":tru}'], ['2@11 {"b":2}']],
    ["what is no object", '[1,"x]",[{"a":1}],{"b":1}]', ["1@1 1", '2@3 "x]"', '3@8 [{"a":1}]'], ['4@18 {"b":1}']],
    ["a missing brace", '[{"a":1,{"a":2},{"a":3}]', ['1@1 {"a":1,'], ['2@8 {"a":2}', '3@16 {"a":3}']],
    ["a missing bracket", '[{"a":[1},{"a":3}]', ['1@1 {"a":[1}'], ['2@10 {"a":3}']],
    ["a line end behind a backslash", '[\n{"a":"\\\n"},\n{"b":2}]', ['1@2 {"a":"\\\n"},\n'], ['2@14 {"b":2}']],
    [
      "a line that begins with broken pieces",
      '[\n"a":1,{"b":x}},\n{"c":3}]',
      ['1@2 "a"', "2@5 :1", '3@8 {"b":x}', "4@15 }"],
      ['5@18 {"c":3}'],
    ],
    ["a missing brace of the last", '[{"a":1},{"a":2]', ['2@9 {"a":2'], ['1@1 {"a":1}']],
    ["a line feed in a string", '[{"a":"x\ny"},{"a":2}]', ['1@1 {"a":"x\ny"},'], ['2@13 {"a":2}']],
    [
      "a word that other languages write",
      '[{"a":NaN},{"a":None},{"b":2}]',
      ['1@1 {"a":NaN}', '2@11 {"a":None}'],
      ['3@22 {"b":2}'],
    ],
    [
      "a missing quote in the first object of a line",
      '[{"a":"x},{"a":2},{"a":3}]',
      ['1@1 {"a":"x},{"a":2},'],
      ['2@18 {"a":3}'],
    ],
    [
      "a missing quote in a line",
      '[\n{"a":"x},\n{"a":2},\n{"a":3}\n]',
      ['1@2 {"a":"x},\n'],
      ['2@12 {"a":2}', '3@21 {"a":3}'],
    ],
    [
      "a missing quote in an object over several lines",
      '[\n  {\n    "a": "x,\n    "b": {\n      "c": 1\n    }\n  },\n  {\n    "a": 2\n  }\n]',
      ['1@4 {"a": "x,\n    "b": {\n      "c": 1\n    }\n  },\n  '],
      ['2@56 {"a": 2}'],
    ],
    [
      "a missing quote in a list of one line, with the object that its string takes in",
      '[{"a":0},{"a":"x},{"a":2},{"a":3}]',
      ['2@9 {"a":"x},{"a":2},'],
      ['1@1 {"a":0}', '3@26 {"a":3}'],
    ],
  ])("goes on behind what is broken: %s", async (_, text, invalid, records) => {
    const outcome = await readCut(text);
    expect(shown(outcome.invalid)).toEqual(invalid);
    expect(shown(outcome.records)).toEqual(records);
  });

  it("tells of objects that have nothing at the path, by their start", async () => {
    const { invalid, records } = await readCut(`{"Message":"${"x".repeat(400)}"}{"Records":[{"a":1}]}`, ["Records"]);
    expect(invalid).toMatchObject([{ line: 1, byte: 0, reason: "without what expand names" }]);
    expect(invalid[0].raw).toHaveLength(256);
    expect(records).toMatchObject([{ fields: { a: 1 } }]);
  });

  it("is a fault where it breaks off, behind all that is whole", async () => {
    for (const text of ['[{"a":1}', '[{"a":1},', '[{"a":1},{"b":"']) {
      const { records, error } = await readCut(text);
      expect(records).toMatchObject([{ fields: { a: 1 } }]);
      expect(error).toMatchObject({ code: "JSON_TRUNCATED" });
    }
  });

  it("cuts an object over the limit and reads those around it", async () => {
    const long = `{"a":"${"x".repeat(200_000)}"}`;
    const { records, invalid, counts } = await read(`[{"b":1},${long},{"c":1}]`, {
      content: content(),
      maxLineBytes: 1000,
    });
    expect(records.map(({ line, byte }) => [line, byte])).toEqual([
      [1, 1],
      [3, long.length + 10],
    ]);
    expect(invalid).toMatchObject([{ line: 2, byte: 9, raw: long.slice(0, 1000), reason: "over the line limit" }]);
    expect(counts).toMatchObject({ records: 2, invalid: 1, oversize: 1 });
    const whole = await read(`[{"b":1},${long},{"c":1}]`, { content: content(), maxLineBytes: 1e6 });
    expect(whole.records.map(({ raw }) => raw)).toEqual(['{"b":1}', long, '{"c":1}']);
  });

  it("holds what JSON.parse finds, however it is written and cut", async () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 4 });
    const wrapped = (list: unknown[]) => ({ next: "]}", Records: list, more: [{ Records: 1 }] });
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { maxLength: 20 }),
        fc.constantFrom<0 | 1 | 2 | "\t">(0, 1, 2, "\t"),
        fc.boolean(),
        fc.integer({ min: 1, max: 200 }),
        async (list, indent, isWrapped, size) => {
          const text = JSON.stringify(isWrapped ? wrapped(list) : list, undefined, indent);
          const bytes = Buffer.from(text);
          const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
            bytes.subarray(at * size, (at + 1) * size),
          );
          const outcome = await read(chunks, {
            content: content(isWrapped ? ["Records"] : undefined),
            maxLineBytes: 1e6,
          });
          const texts = outcome.records.map(({ raw }) => Buffer.from(raw, "latin1").toString());
          expect(texts.map((one) => JSON.stringify(JSON.parse(one)))).toEqual(
            (JSON.parse(JSON.stringify(list)) as unknown[]).map((one) => JSON.stringify(one)),
          );
          for (const { byte, raw } of outcome.records) expect(bytes[byte]).toBe(raw.charCodeAt(0));
          expect(outcome).toMatchObject({ invalid: [], error: undefined });
        },
      ),
      { numRuns: 300 },
    );
  });

  it("finds the same whatever the chunks where anything is broken, and all lines behind it", async () => {
    const object = fc.record({ id: fc.nat(), text: fc.string(), list: fc.array(fc.nat(), { maxLength: 3 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(object, { minLength: 4, maxLength: 8 }),
        fc.nat(),
        fc.constantFrom('"', "}", "]", ",", "\n", "x", "\\", ""),
        async (list, where, put) => {
          const lines = list.map((one) => JSON.stringify(one));
          const text = `[\n${lines.join(",\n")}\n]`;
          const first = 2 + (where % lines[0].length);
          const changed = text.slice(0, first) + put + text.slice(first + 1);
          const { records } = await readCut(changed);
          // Whatever became of the first object, those behind the next line are there.
          const raws = records.map(({ raw }) => raw);
          for (const line of lines.slice(2)) expect(raws).toContain(Buffer.from(line).toString("latin1"));
        },
      ),
      { numRuns: 200 },
    );
  });
});

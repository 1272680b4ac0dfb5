import fc from "fast-check";
import { parse } from "../../../functions/parser/parse";
import { mayHoldBigNumber, quoteBigNumbers } from "../../../functions/parser/numbers";
import type { FieldValue } from "../../../functions/records/contracts";
import { collect, sourceOf } from "../support/bytes";

async function read(line: string) {
  const counts = { lines: 0, records: 0, invalid: 0, bigNumbers: 0 };
  const options = { object: "cos://logs-1/a", check: "json" as const, maxLineBytes: 1e6 };
  const { items } = await collect(parse(sourceOf([Buffer.from(line)]), options, counts));
  const [record] = items.flatMap(({ records }) => records);
  return { fields: record?.fields, raw: Buffer.from(record?.raw ?? []).toString(), counts };
}

describe("a number", () => {
  it.each([
    ["9007199254740993", "9007199254740993"],
    ["-9007199254740993", "-9007199254740993"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
    ["1e400", "1e400"],
    ["-0.5E+999", "-0.5E+999"],
    [`${"9".repeat(400)}`, "9".repeat(400)],
  ])("that a double cannot hold is its source text: %s", async (source, expected) => {
    const line = `{"a":${source},"b":[{"c": ${source} }]}`;
    const { fields, raw, counts } = await read(line);
    expect(fields).toEqual({ a: expected, b: [{ c: expected }] });
    expect(raw).toBe(line);
    expect(counts).toMatchObject({ records: 1, bigNumbers: 2 });
  });

  it.each(["9007199254740991", "-9007199254740991", "0", "-0", "1e20", "12345678901234567.5", "1e-400", "0.1"])(
    "that JSON reads as a double stays one: %s",
    async (source) => {
      const { fields, counts } = await read(`{"a":${source}}`);
      expect(fields).toEqual({ a: Number(source) });
      expect(counts.bigNumbers).toBe(0);
    },
  );

  it("in a string, or in what is no JSON, is none", async () => {
    const text = '{"12345678901234567890":1e99,"a":"12345678901234567890","b":"\\\\\\"1e400","c":"\\\\"}';
    expect((await read(text)).fields).toEqual(JSON.parse(text));
    expect((await read('{"a":012345678901234567890}')).counts).toMatchObject({ invalid: 1, bigNumbers: 0 });
    expect((await read("{12345678901234567890:1}")).counts).toMatchObject({ invalid: 1, bigNumbers: 0 });
  });

  it("is counted where its key stands once more as well, by a scan and by JSON.parse alike", async () => {
    const line = '{"a":12345678901234567890,"a":1,"b":{"c":1e400,"c":9007199254740993}}';
    for (const text of [line, `${line}\n`]) {
      const { fields, counts } = await read(text);
      expect(fields).toEqual({ a: 1, b: { c: "9007199254740993" } });
      expect(counts.bigNumbers).toBe(3);
    }
  });

  it("is found at any depth", async () => {
    const depth = 5000;
    const { fields, counts } = await read(`{"a":${"[".repeat(depth)}12345678901234567890${"]".repeat(depth)}}`);
    let value: unknown = fields.a;
    while (Array.isArray(value)) [value] = value;
    expect(value).toBe("12345678901234567890");
    expect(counts.bigNumbers).toBe(1);
  });
});

describe("any JSON", () => {
  it("is the same but for its big numbers", () => {
    const big = fc.bigInt({ min: 2n ** 53n + 1n, max: 2n ** 200n });
    const small = fc.json().filter((value) => !mayHoldBigNumber(JSON.parse(value) as FieldValue));
    const json = fc.tuple(small, fc.string(), big).map(([value, text, number]) => {
      const [name, plain] = [JSON.stringify(text), `{"v":${value}}`];
      return {
        json: `{${name}:${number},"list":[-${number},${plain}]}`,
        expected: [text, `${number}`, plain] as const,
      };
    });
    fc.assert(
      fc.property(json, ({ json: source, expected: [name, digits, plain] }) => {
        const { json: quoted, count } = quoteBigNumbers(source);
        const expected = JSON.parse(`{${JSON.stringify(name)}:"${digits}","list":["-${digits}",${plain}]}`) as unknown;
        expect(JSON.parse(quoted)).toEqual(expected);
        expect(count).toBe(2);
      }),
      { numRuns: 500 },
    );
  });
});

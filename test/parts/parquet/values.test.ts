import { filledRowsOf, metadataOf, rowsOf, typesOf } from "../../functions/support/parquet";
import { fileOf } from "./support";

/** The values of one field, and what is left to `_rest`, row by row. */
async function columnOf(values: readonly string[], type?: string) {
  const schema = type === undefined ? undefined : ({ a: type } as never);
  const body = fileOf(
    values.map((value) => `{"a":${value}}`),
    { schema },
  );
  const rows = await rowsOf(body);
  return {
    type: typesOf(body).a,
    values: rows.map(({ a }) => a ?? null),
    rest: rows.map(({ _rest }) => _rest ?? null),
  };
}

/** A value that fits into no column is in `_rest` as it was written. */
const left = (value: string) => `{"a":${value}}`;

describe("a column whose type is inferred", () => {
  it("holds integers of 64 bits exactly, and leaves larger ones as they were written", async () => {
    const [low, high] = ["-9223372036854775808", "9223372036854775807"];
    const values = ["1", "-5", "9007199254740993", low, high, "9223372036854775808", "123456789012345678901234567890"];
    expect(await columnOf(values)).toEqual({
      type: "INT64",
      values: [1n, -5n, 9007199254740993n, BigInt(low), BigInt(high), null, null],
      rest: [null, null, null, null, null, left(values[5]), left(values[6])],
    });
  });

  it("becomes one of doubles where a fraction comes, also where its integers stand in a dictionary or not", async () => {
    const many = Array.from({ length: 3000 }, (_, n) => String(n));
    for (const integers of [["1", "2", "1"], many]) {
      const { type, values, rest } = await columnOf([...integers, "0.5", "1", "-3"]);
      expect(type).toBe("DOUBLE");
      expect(values).toEqual([...integers.map(Number), 0.5, 1, -3]);
      expect(rest.filter((text) => text !== null)).toEqual([]);
    }
  });

  it("stays one of integers where one of them is too large for a double", async () => {
    const { type, values, rest } = await columnOf(["9007199254740993", "0.5"]);
    expect({ type, values, rest }).toEqual({
      type: "INT64",
      values: [9007199254740993n, null],
      rest: [null, left("0.5")],
    });
  });

  it("keeps the sign of zero, and leaves what a double cannot hold", async () => {
    const values = ["0.5", "-0", "-0.0", "0", "1e400", "1e-400", "9007199254740993", "9007199254740992", "1E5"];
    const { type, ...read } = await columnOf(values);
    expect(type).toBe("DOUBLE");
    expect(read.values.map((value) => (Object.is(value, -0) ? "-0" : value))).toEqual([
      0.5,
      "-0",
      "-0",
      0,
      null,
      null,
      null,
      9007199254740992,
      1e5,
    ]);
    expect(read.rest.filter((text) => text !== null)).toEqual(["1e400", "1e-400", "9007199254740993"].map(left));
  });

  it("holds texts with escapes, and leaves those with half a character", async () => {
    const values = [
      '"a\\nb"',
      '"\\u00e9\\ud83d\\ude00"',
      '"\\ud83d"',
      '"\\u0000"',
      '""',
      '"中"',
      "5",
      "true",
      '{"b":1}',
    ];
    expect(await columnOf(values)).toEqual({
      type: "UTF8",
      values: ["a\nb", "é😀", null, "\0", "", "中", null, null, null],
      rest: [null, null, left(values[2]), null, null, null, left("5"), left("true"), left('{"b":1}')],
    });
  });

  it("holds booleans, nested values as the JSON that they were, and any value beside them", async () => {
    expect(await columnOf(["true", "false", "1", '"true"'])).toMatchObject({
      type: "BOOLEAN",
      values: [true, false, null, null],
      rest: [null, null, left("1"), left('"true"')],
    });
    const nested = ['{"b": [1.0, -0, 12345678901234567890]}', "[]", "5", '"x"', "false"];
    expect(await columnOf(nested)).toMatchObject({ type: "JSON", values: nested, rest: nested.map(() => null) });
  });

  it("tells null from what is not there", async () => {
    const rows = await rowsOf(fileOf(['{"a":null}', "{}", '{"a":1}', '{"a":null,"b":null}']));
    expect(rows).toMatchObject([
      { a: null, _rest: '{"a":null}' },
      { a: null, _rest: null },
      { a: 1n, _rest: null },
      {},
    ]);
    expect(rows[3]._rest).toBe('{"a":null,"b":null}');
  });
});

describe("a column whose type is given", () => {
  it("takes texts that hold such a value", async () => {
    const ints = ["5", '"5"', '"-7"', '"007"', '"+5"', '"5.0"', "5.0", '""', '" 5"', '"-0"'];
    expect(await columnOf(ints, "int64")).toMatchObject({
      values: [5n, 5n, -7n, null, null, null, null, null, null, null],
      rest: [null, null, null, ...ints.slice(3).map(left)],
    });
    const doubles = ['"0.035"', '"-1e3"', "2", '"NaN"', '"Infinity"', '"1,5"', '"0x10"', '".5"'];
    expect(await columnOf(doubles, "double")).toMatchObject({
      values: [0.035, -1000, 2, null, null, null, null, null],
      rest: [null, null, null, ...doubles.slice(3).map(left)],
    });
    expect(await columnOf(["true", '"false"', '"yes"', "1"], "boolean")).toMatchObject({
      values: [true, false, null, null],
      rest: [null, null, left('"yes"'), left("1")],
    });
    expect(await columnOf(["5", "1.50", "true", "[1]", '"a"'], "string")).toMatchObject({
      values: ["5", "1.50", "true", null, "a"],
      rest: [null, null, null, left("[1]"), null],
    });
  });

  it("takes times of any unit and ISO 8601, to the microsecond", async () => {
    const at = BigInt(Date.UTC(2026, 7, 20, 7, 8, 9)) * 1000n;
    const times: readonly (readonly [string, bigint | null])[] = [
      ["1787209689", at],
      ["1787209689000", at],
      ["1787209689000001", at + 1n],
      ["1787209689000001000", at + 1n],
      ["1787209689000001001", null],
      ['"1787209689000"', at],
      ["1787209689.123", at + 123_000n],
      ['"1787209689.123456"', at + 123_456n],
      ["1787209689.1234567", null],
      ['"2026-08-20T07:08:09Z"', at],
      ['"2026-08-20T15:08:09.000001+08:00"', at + 1n],
      ['"2026-08-20 07:08:09,5"', at + 500_000n],
      ['"2026-08-20T07:08:09-0000"', at],
      ['"2026-08-20T01:38:09-05:30"', at],
      ['"2026-08-20"', BigInt(Date.UTC(2026, 7, 20)) * 1000n],
      ['"2026-02-30T00:00:00Z"', null],
      ['"2026-08-20T24:00:00Z"', null],
      ['"9999-12-31T23:59:59.999999Z"', BigInt(Date.UTC(9999, 11, 31, 23, 59, 59, 999)) * 1000n + 999n],
      ['"2026-08-20T07:08:09.1234567Z"', null],
      ['"yesterday"', null],
      ["-5", null],
      ["1e3", null],
      ["true", null],
      ["[1]", null],
    ];
    const read = await columnOf(
      times.map(([text]) => text),
      "timestamp",
    );
    expect(read.values).toEqual(times.map(([, micros]) => micros));
    expect(read.rest).toEqual(times.map(([text, micros]) => (micros === null ? left(text) : null)));
  });

  it("leaves fields that the schema does not name", async () => {
    const body = fileOf(['{"b":[1, 2],"a":1,"_rest":"mine"}'], { schema: { a: "int64", c: "string" } });
    expect(typesOf(body)).toEqual({ a: "INT64", c: "UTF8", _rest: "JSON" });
    expect(await filledRowsOf(body)).toEqual([{ a: 1n, _rest: '{"b":[1, 2],"_rest":"mine"}' }]);
  });
});

describe("names", () => {
  it("that stand twice: the last value counts, and those before it are in _rest", async () => {
    expect(await filledRowsOf(fileOf(['{"a":1,"a":2,"\\u0061":3}', '{"a":4,"a":null}']))).toEqual([
      { a: 3n, _rest: '{"a":1,"a":2}' },
      { _rest: '{"a":4,"a":null}' },
    ]);
  });

  it("that engines take for another column's are in _rest", async () => {
    const line = '{"Status":1,"status":2,"_REST":3,"DT":4,"hour":5,"":6,"\\ud800":7,"ok":8}';
    expect(await filledRowsOf(fileOf([line]))).toEqual([
      { Status: 1n, ok: 8n, _rest: '{"status":2,"_REST":3,"DT":4,"hour":5,"":6,"\\ud800":7}' },
    ]);
  });

  it("of objects' own members are names like any other", async () => {
    const line = '{"__proto__":1,"constructor":"x","toString":true,"hasOwnProperty":2.5}';
    const [row] = await rowsOf(fileOf([line]));
    expect(Object.entries(row)).toEqual(
      expect.arrayContaining([
        ["constructor", "x"],
        ["toString", true],
        ["hasOwnProperty", 2.5],
      ]),
    );
    expect(typesOf(fileOf([line]))).toHaveProperty("constructor", "UTF8");
  });

  it("beyond a thousand are in _rest, and nothing is lost", async () => {
    const line = (from: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: 700 }, (_, n) => [`k${from + n}`, n])));
    const body = fileOf([line(0), line(600), line(5000)]);
    const { schema } = metadataOf(body);
    expect(schema).toHaveLength(1002);
    const rows = await filledRowsOf(body);
    const fields = rows.map(
      ({ _rest, ...row }) =>
        Object.keys(row).length + Object.keys(JSON.parse((_rest as string) ?? "{}") as object).length,
    );
    expect(fields).toEqual([700, 700, 700]);
  });
});

it("what is no UTF-8 is in no column, and the whole line is in _rest", async () => {
  const line = Buffer.concat([Buffer.from('{"a":"x","b":"'), Buffer.from([0xb5, 0xc4]), Buffer.from('","c":1}')]);
  const [row] = await filledRowsOf(fileOf([line]));
  expect(row).toEqual({ a: "x", c: 1n, _rest: JSON.stringify({ $base64: line.toString("base64") }) });
});

it("spaces and line ends between what a line holds are of no matter", async () => {
  const body = fileOf([' { "a" : 1 ,\t"b":\r[ 1 ] , "c" : "x" } ', "{ }", '{"a":2}\r']);
  expect(await filledRowsOf(body)).toEqual([{ a: 1n, b: "[ 1 ]", c: "x" }, {}, { a: 2n }]);
});

it.each(["[1]", "5", "null", '"x"', "", '{"a":', '{"a":1}x', "{'a':1}"])("%j is no record", (line) => {
  expect(() => fileOf([line])).toThrow(
    new TypeError("a record must be an object of JSON to be written as Parquet, got something else"),
  );
});

it("tells the smallest and the largest of a column, and how many have none", async () => {
  const body = fileOf(['{"n":5,"s":"b","d":-0.0}', '{"n":-7,"s":"a","d":0.0}', '{"s":"é"}']);
  const [{ columns }] = metadataOf(body).row_groups;
  const found = Object.fromEntries(columns.map(({ meta_data }) => [meta_data.path_in_schema[0], meta_data.statistics]));
  expect(found.n).toMatchObject({ min_value: -7n, max_value: 5n, null_count: 1n });
  expect(found.d).toMatchObject({ min_value: -0, max_value: 0, null_count: 1n });
  expect(found._rest).toMatchObject({ null_count: 3n });
});

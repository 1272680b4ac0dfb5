import fc from "fast-check";
import { LineShape } from "../../../functions/parser/line-shape";
import { LineShapes } from "../../../functions/parser/line-shapes";
import type { Fields } from "../../../functions/records";

/** What comes of lines that stand in a buffer with something before and behind them. */
function read(shapes: LineShapes, lines: readonly string[]): readonly (Fields | undefined)[] | undefined {
  const starts: number[] = [];
  const ends: number[] = [];
  let text = "before\n";
  for (const line of lines) {
    starts.push(Buffer.byteLength(text));
    text += line;
    ends.push(Buffer.byteLength(text));
    text += "\n";
  }
  return shapes.read({ buffer: Buffer.from(`${text}behind`), starts, ends });
}

/** The text that JSON.parse reads, and what that is, key by key in order; it tells -0 from 0. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== "object" || value === null) return Object.is(value, -0) ? "-0" : value;
  return [
    Object.getPrototypeOf(value) === Object.prototype,
    Object.entries(value).map(([key, of]) => [key, shown(of)]),
  ];
}

function parsed(line: string): unknown {
  try {
    return shown(JSON.parse(line));
  } catch {
    return "invalid";
  }
}

const ACCESS =
  '{"time":1787000000000,"host":"a.example.com","took":0.25,"ok":true,"tag":{"pod":"p-1","n":{}},"note":null}';

describe("lines like the one before", () => {
  it("are read without JSON.parse, the first one included", () => {
    const lines = [
      ACCESS,
      '{"time":-0,"host":"","took":12.5,"ok":false,"tag":{"pod":"p-2","n":{}},"note":true}',
      '{"time":999999999999999,"host":"ä 中文 \u{1f600}","took":0,"ok":null,"tag":{"pod":"}, {","n":{}},"note":null}',
    ];
    expect(read(new LineShapes(), lines)?.map(shown)).toEqual(lines.map(parsed));
  });

  it("give objects of their own, at any depth", () => {
    const shapes = new LineShapes();
    const [first, second] = read(shapes, [ACCESS, ACCESS]) ?? [];
    (first as Record<string, Fields>).tag.pod = "changed";
    expect(shown(second)).toEqual(parsed(ACCESS));
    expect(read(shapes, [ACCESS])?.map(shown)).toEqual([parsed(ACCESS)]);
  });

  it("may have keys that mean something in a pattern, or in an object, or are not ASCII", () => {
    for (const line of [
      '{ "a.*+?^${}()|[]/<string>-" :\t"x", "<string>" : "$&" }',
      '{"constructor":"x","toString":1,"hasOwnProperty":true}',
      '{"2":"b","a":"c","1":"d"}',
      '{"主机":"中","ÿ":"ÿ"}',
      "{}",
      " {} \t",
    ]) {
      expect(read(new LineShapes(), [line, line])?.map(shown)).toEqual([line, line].map(parsed));
    }
  });

  it.each([
    ["an escape", '{"a":"\\n"}'],
    ["a list", '{"a":[1]}'],
    ["equal keys", '{"a":1,"a":"2"}'],
    ["equal keys of objects", '{"a":{"b":1},"a":null}'],
    ["the key __proto__", '{"__proto__":"x"}'],
    ["the key __proto__ inside", '{"a":{"__proto__":{}}}'],
    ["a number that may be large", '{"a":9007199254740993}'],
    ["a power", '{"a":1e400}'],
  ])("are left to JSON.parse with %s", (_, line) => {
    expect(read(new LineShapes(), [line, line])).toEqual([undefined, undefined]);
  });

  it("are left to JSON.parse where bytes are not UTF-8, which must be counted", () => {
    const shapes = new LineShapes();
    read(shapes, ['{"a":"中"}', '{"a":"文"}']);
    const buffer = Buffer.from('{"a":"\u00ff"}', "latin1");
    expect(shapes.read({ buffer, starts: [0], ends: [buffer.length] })).toEqual([undefined]);
  });

  it("of several kinds in turns are all read, up to eight", () => {
    const lines = Array.from({ length: 64 }, (_, n) => `{"k${n % 8}":${n},"v":"x"}`);
    expect(read(new LineShapes(), lines)?.map(shown)).toEqual(lines.map(parsed));
    const ninth = lines.map((line, n) => (n % 9 === 8 ? '{"ninth":"x"}' : line));
    expect(read(new LineShapes(), ninth)?.filter((fields) => fields === undefined)).toEqual([]);
  });

  it("are soon no longer looked for where each line is another", () => {
    const shapes = new LineShapes();
    const tried = Array.from({ length: 300 }, (_, n) => read(shapes, [`{"a${n}":1}`, `{"b${n}":1}`, `{"c${n}":1}`]));
    expect(tried.filter((records) => records !== undefined).length).toBeLessThan(15);
    // And again once they are alike.
    const alike = Array.from({ length: 300 }, () => read(shapes, ['{"a":1}', '{"a":2}']));
    expect(alike.at(-1)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it("take time in proportion to their length, whatever does not fit", () => {
    const line = `{${Array.from({ length: 200 }, (_, n) => `"k${n}":"${"x".repeat(40)}"`).join(",")}}`;
    const shape = LineShape.of(line, JSON.parse(line) as Fields);
    const broken = `${line.slice(0, -1)} `.repeat(20);
    const startedAt = performance.now();
    for (let n = 0; n < 100; n++) expect(shape?.read(broken, 0, broken.length, true)).toBeUndefined();
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });
});

describe("any lines", () => {
  const text = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom("", "a", '"', "\\", "\u2028", "\ufffd", "\0", "中"),
  );
  const key = fc.oneof(fc.constantFrom("a", "b", "1", "__proto__", "constructor", "键"), text);
  const scalar = fc.oneof(
    text.map((value) => JSON.stringify(value)),
    fc.integer().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc.constantFrom(
      "true",
      "false",
      "null",
      "-0",
      "0.0",
      "-",
      "01",
      "1.",
      ".5",
      "1e5",
      "9007199254740993",
      "1e999",
      "{}",
      "[]",
    ),
  );
  const space = fc.constantFrom("", "", "", " ", "\t", "\r");
  const object = fc.letrec<{ object: string; value: string }>((tie) => ({
    value: fc.oneof({ maxDepth: 2 }, scalar, scalar, tie("object")),
    object: fc
      .array(fc.tuple(key, space, space, tie("value")), { maxLength: 5 })
      .map(
        (entries) => `{${entries.map(([name, a, b, value]) => `${JSON.stringify(name)}${a}:${b}${value}`).join(",")}}`,
      ),
  })).object;
  /** A line, and what may become of it: a piece of it is replaced. */
  const change = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(3),
    fc.constantFrom(
      "",
      '"',
      "\\",
      "1",
      "0",
      "-",
      ".",
      "e",
      "x",
      ",",
      ":",
      "{",
      "}",
      "\t",
      "\0",
      "中",
      "\u007f",
      ' "',
      '","b":"',
      "true",
      "null",
    ),
  );
  const alike = fc.tuple(object, fc.array(change, { maxLength: 8 })).map(([line, changes]) => [
    line,
    ...changes.map(([where, length, other]) => {
      const at = Math.floor(where * line.length);
      return line.slice(0, at) + other + line.slice(at + length);
    }),
    line,
  ]);

  it("are what JSON.parse reads in each of them, or left to it", () => {
    let tried = 0;
    let told = 0;
    fc.assert(
      fc.property(fc.array(alike, { minLength: 1, maxLength: 3 }), (groups) => {
        const shapes = new LineShapes();
        for (const group of groups) {
          // One by one as well, so that each of them is learned.
          for (const lines of [group, ...group.map((line) => [line])]) {
            read(shapes, lines)?.forEach((fields, index) => {
              tried++;
              if (fields === undefined) return;
              told++;
              expect(shown(fields)).toEqual(parsed(Buffer.from(lines[index]).toString()));
            });
          }
        }
      }),
      { numRuns: 3000 },
    );
    console.log(`${tried} lines tried by the shape of others, ${told} of them read`);
    expect(told).toBeGreaterThan(1000);
  });
});

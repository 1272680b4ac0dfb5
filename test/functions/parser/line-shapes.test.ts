import fc from "fast-check";
import { LineShape } from "../../../functions/parser/line-shape";
import { LineShapes } from "../../../functions/parser/line-shapes";
import type { Fields } from "../../../functions/records/contracts";

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

/** Knows the shape of a line: it was read, and the pause after what nobody could foretell is over. */
function knowing(line: string): LineShapes {
  const shapes = new LineShapes();
  expect(read(shapes, [line])).toEqual([undefined]);
  expect(read(shapes, [line])).toBeUndefined();
  return shapes;
}

describe("lines like the one before", () => {
  it("are read without JSON.parse", () => {
    const lines = [
      '{"time":-0,"host":"","took":12.5,"ok":false,"tag":{"pod":"p-2","n":{}},"note":true}',
      '{"time":999999999999999,"host":"ä 中文 \u{1f600}","took":0,"ok":null,"tag":{"pod":"}, {","n":{}},"note":null}',
    ];
    expect(read(knowing(ACCESS), lines)?.map(shown)).toEqual(lines.map(parsed));
  });

  it("give objects of their own, at any depth", () => {
    const shapes = knowing(ACCESS);
    const [first, second] = read(shapes, [ACCESS, ACCESS]) ?? [];
    (first as Record<string, Fields>).tag.pod = "changed";
    expect(shown(second)).toEqual(parsed(ACCESS));
    expect(read(shapes, [ACCESS])?.map(shown)).toEqual([parsed(ACCESS)]);
  });

  it.each([
    ["keys that mean something in a pattern", '{ "a.*+?^${}()|[]/<string>-" :\t"x", "<string>" : "$&" }'],
    ["keys that mean something in code", '{"`${match}`":"x","a\u2028b":1,"\'+x+\'":"*/","//":"x","]:0}":{"get":"x"}}'],
    ["keys that objects have by nature", '{"constructor":"x","toString":1,"hasOwnProperty":true}'],
    ["the key __proto__", '{"__proto__":{"__proto__":{"a":1}},"b":{"__proto__" : null}}'],
    ["keys that are numbers", '{"2":"b","a":"c","1":"d"}'],
    ["keys beyond ASCII", '{"主机":"中","ÿ":"ÿ"}'],
    ["equal keys", '{"a":1,"b":{"c":1},"a":"2","b":null}'],
    ["lists", '{"a":[1,"x",[],[{"b":true}]]}'],
    ["no keys", " {} \t"],
    ["a carriage return at their start", '\r{\r"a"\r:\r1\r}\r'],
  ])("may have %s", (_, line) => {
    expect(read(knowing(line), [line, line])?.map(shown)).toEqual([line, line].map(parsed));
  });

  it.each([
    ["an escape", '{"a":"\\n"}'],
    ["a number that may be large", '{"a":9007199254740993}'],
    ["a power", '{"a":1e400}'],
    ["more depth than lines have", `{"a":${"[".repeat(5000)}${"]".repeat(5000)}}`],
    ["mostly numbers", '{"a":"x","b":[1,2,3,4,5,6,7,8,9,10,11,12]}'],
    // A pattern of as many makes V8 throw when it is first used.
    ["more values than lines have", `{"a":[${"1,".repeat(7_000)}1]}`],
  ])("are left to JSON.parse with %s", (_, line) => {
    expect(read(knowing(line), [line, line])).toEqual([undefined, undefined]);
  });

  it("are left to JSON.parse where bytes are not UTF-8, which must be counted", () => {
    const buffer = Buffer.from('{"a":"\u00ff"}', "latin1");
    expect(knowing('{"a":"中"}').read({ buffer, starts: [0], ends: [buffer.length] })).toEqual([undefined]);
  });

  it.each([
    ["in UTF-8", Buffer.from('{"é":"x"}')],
    ["in Latin-1", Buffer.from('{"Ã©":"x"}', "latin1")],
  ])("are not those whose bytes, taken for characters, are the keys before: %s", (_, line) => {
    expect(knowing('{"Ã©":"x"}').read({ buffer: line, starts: [0], ends: [line.length] })).toEqual([undefined]);
  });

  it("of a few kinds are all read once each kind was seen", () => {
    const lines = Array.from({ length: 64 }, (_, n) => `{"k${n % 2}":${n},"v":"x"}`);
    const shapes = new LineShapes();
    for (let time = 0; time < 10; time++) read(shapes, lines);
    expect(read(shapes, lines)?.map(shown)).toEqual(lines.map(parsed));
  });

  it("are soon no longer looked for where each line is another", () => {
    const shapes = new LineShapes();
    const tried = Array.from({ length: 300 }, (_, n) => read(shapes, [`{"a${n}":1}`, `{"b${n}":1}`, `{"c${n}":1}`]));
    expect(tried.filter((records) => records !== undefined).length).toBeLessThan(10);
    // And again once they are alike.
    const alike = Array.from({ length: 300 }, () => read(shapes, ['{"a":1}', '{"a":2}']));
    expect(alike.at(-1)).toEqual([{ a: 1 }, { a: 2 }]);
  });

  it("take time in proportion to their length, whatever does not fit", () => {
    const line = `{${Array.from({ length: 200 }, (_, n) => `"k${n}":"${"x".repeat(40)}"`).join(",")}}`;
    const shape = LineShape.of(line);
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
  const key = fc.oneof(fc.constantFrom("a", "b", "1", "__proto__", "constructor", "键", "é", "Ã©"), text);
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
          // Each line alone as well, with others behind the pause, so that each of them is learned.
          for (const lines of [group, group, group, ...group.map((line) => [line]), group, group]) {
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

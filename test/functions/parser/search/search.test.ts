import { LiteralSearch, type SearchOptions } from "../../../../functions/parser/search/literal-search";
import { openSearcher } from "../../../../functions/parser/search/searcher";
import type { Literal } from "../../../../rules";
import { findMiss, finds, MUST_FIND } from "./suite";

const SEED = Number(process.env.LOGS_SEED ?? Date.now() % 1_000_000);

const opened = openSearcher();
const ENGINES: [string, SearchOptions][] = [
  ["vectors", { searcher: opened }],
  ["a regular expression", { searcher: undefined }],
];

it("this machine has WebAssembly with SIMD, which these tests are about", () => {
  expect(opened).toBeDefined();
});

describe.each(ENGINES)("with %s", (_, options) => {
  function placesOf(literals: readonly Literal[], text: string, more: SearchOptions = {}): number[] {
    const search = new LiteralSearch(literals, { ...options, ...more });
    const bytes = Buffer.from(text);
    search.open(bytes);
    const places: number[] = [];
    for (let at = search.next(0, bytes.length); at >= 0; at = search.next(at + 1, bytes.length)) places.push(at);
    return places;
  }

  it.each(MUST_FIND)("finds %s what is there", (_name, literal, line) => {
    expect(finds(literal, line, options)).toBe(true);
    expect(finds(literal, JSON.stringify(line), { ...options, level: "strings" })).toBe(true);
  });

  it.each([
    ["a text that is not there", { text: "panic" }, '{"a":"pan ic"}'],
    ["other letters", { text: "panic" }, '{"a":"PANIC"}'],
    ["a field by a longer name", { field: "a", test: "exists", text: "" }, '{"ba":null}'],
    ["another start", { field: "a", test: "starts", text: "5" }, '{"a":"403","b":"5"}'],
    ["a longer text", { field: "a", test: "is", text: "503" }, '{"a":"5031"}'],
    ["a value for a name", { field: "a", test: "starts", text: "5" }, '{"b":"a","c":"5"}'],
  ] as const)("does not find %s", (_name, literal, line) => {
    expect(finds(literal, line, options)).toBe(false);
  });

  it("finds each place of each literal, at every offset of a vector", () => {
    for (let before = 0; before < 40; before++) {
      const text = `${"x".repeat(before)}panic and fatal${"x".repeat(before)}`;
      expect(placesOf([{ text: "panic" }, { text: "fatal" }], text)).toEqual([before, before + 10]);
    }
  });

  it("finds literals of one byte, of many, beyond ASCII, and one that begins another", () => {
    expect(placesOf([{ text: "z" }], "azz")).toEqual([1, 2]);
    const long = "a literal that is longer than some vectors of sixteen bytes each";
    expect(placesOf([{ text: long }], `${long.slice(1)} ${long}`)).toEqual([long.length]);
    expect(placesOf([{ text: "中文" }], "a 中 中文")).toEqual([6]);
    expect(placesOf([{ text: "pan" }, { text: "panic" }], "panic")).toEqual([0]);
  });

  it("tells which literals are there", () => {
    const literals = Array.from({ length: 60 }, (_unused, number) => ({ text: `word${number}.` }));
    const search = new LiteralSearch(literals, options);
    const bytes = Buffer.from("word7. word59. word7. word100.");
    search.open(bytes);
    const marked = [...search.marks(0, bytes.length)].flatMap((mark, number) => (mark === 1 ? [number] : []));
    expect(marked).toEqual([7, 59]);
    expect(search.next(0, bytes.length)).toBe(0);
    expect(search.found).toBe(7);
  });

  it("looks between two places only", () => {
    const search = new LiteralSearch([{ text: "panic" }], options);
    const bytes = Buffer.from("panic panic panic");
    search.open(bytes);
    expect([search.next(1, 17), search.next(1, 6), search.next(6, 11), search.next(13, 17)]).toEqual([6, -1, 6, -1]);
  });

  it("finds nothing where there are no literals", () => {
    expect(placesOf([], "\\u0041 panic")).toEqual([]);
  });

  it("a search goes on where another one was made meanwhile", () => {
    const bytes = Buffer.from("panic panic");
    const one = new LiteralSearch([{ text: "panic" }], options);
    one.open(bytes);
    const other = new LiteralSearch([{ text: "fatal" }], options);
    other.open(Buffer.from("fatal"));
    expect([one.next(1, 11), other.next(0, 5)]).toEqual([6, 0]);
  });

  it("what a condition needs is found in each line of which it holds, seeded; npm run soak tries ten million", () => {
    const tally = { looks: 0, held: 0, spared: 0 };
    findMiss(options.searcher, SEED, 6_000, tally);
    const { looks, held, spared } = tally;
    console.log(`${looks} lines looked at: ${held} fit, ${spared} need no look (LOGS_SEED=${SEED})`);
    expect(held).toBeGreaterThan(looks / 200);
    expect(spared).toBeGreaterThan(looks / 10);
  });
});

describe("vectors", () => {
  it.each([
    ["escapes of other characters", { text: "panic" }, '{"a":"\\u001b[31m \\u0026 \\u4e2d"}'],
    ["numbers", { field: "a", test: "starts", text: "5" }, '{"a":403.5}'],
    ["words", { field: "a", test: "starts", text: "5" }, '{"a":true}'],
    ["lists", { field: "a", test: "starts", text: "5" }, '{"a":[5]}'],
    ["nothing", { field: "a", test: "holds", text: "5" }, '{"a":null}'],
    ["the ends of texts", { field: "a", test: "holds", text: "5" }, '{"a":"\\"x\\\\","b":"5"}'],
  ] as const)("see through %s", (_name, literal, line) => {
    expect(finds(literal, line, { searcher: opened })).toBe(false);
    expect(finds(literal, JSON.stringify(line), { searcher: opened, level: "strings" })).toBe(false);
  });

  it("search more than their memory holds, and cut no literal", () => {
    const { maxBytes } = opened!;
    for (const before of [-7, -5, -3, -1, 0, 1, 5]) {
      const bytes = Buffer.alloc(2 * maxBytes + 100, "x");
      bytes.write("needle", maxBytes + before);
      const search = new LiteralSearch([{ text: "needle" }, { text: "a far longer literal" }], { searcher: opened });
      search.open(bytes, 0, bytes.length);
      expect(search.next(0, bytes.length)).toBe(maxBytes + before);
      expect(search.next(maxBytes + before + 1, bytes.length)).toBe(-1);
    }
  });

  it("leave more literals than their tables hold to a regular expression", () => {
    const literals = Array.from({ length: 3000 }, (_unused, number) => ({ text: `a literal number ${number}.` }));
    const search = new LiteralSearch(literals, { searcher: opened });
    const bytes = Buffer.from("this is a literal number 2999.");
    search.open(bytes);
    expect(search.next(0, bytes.length)).toBe(8);
    expect(search.found).toBe(2999);
  });
});

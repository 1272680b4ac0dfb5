import { emptyCounts } from "../../../functions/parser/counts";
import { parse } from "../../../functions/parser/parse";
import { collect, sourceOf } from "../support/bytes";

async function read(lines: string[], maxLineBytes = 64 * 1024 * 1024) {
  const counts = emptyCounts();
  const options = { object: "o", check: "json", maxLineBytes } as const;
  const { items, error } = await collect(parse(sourceOf([Buffer.from(lines.join("\n"))]), options, counts));
  return {
    counts,
    error,
    records: items.flatMap(({ records }) => records),
    invalid: items.flatMap(({ invalid }) => invalid),
  };
}

describe("a line nested thousands of levels deep", () => {
  it.each([
    ["lists", (depth: number) => `{"a":${"[".repeat(depth)}${"]".repeat(depth)}}`],
    ["objects", (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`],
    ["a large number inside", (depth: number) => `{"a":${"[".repeat(depth)}12345678901234567890${"]".repeat(depth)}}`],
    ["objects and texts in turn", (depth: number) => `${'{"b":"x","a":[0,'.repeat(depth)}1${"]}".repeat(depth)}`],
  ])("is a record, and its neighbours are: %s", async (_, lineOf) => {
    for (const depth of [31, 33, 99, 101, 5_000, 90_000]) {
      const deep = lineOf(depth);
      const lines = ['{"n":1}', '{"n":2}', deep, '{"n":3}', deep, deep, '{"n":4}'];
      const { counts, error, records } = await read(lines);
      expect(error).toBeUndefined();
      expect(counts).toMatchObject({ lines: 7, records: 7, invalid: 0 });
      expect(records.filter(({ fields }) => "n" in fields).map(({ fields }) => fields.n)).toEqual([1, 2, 3, 4]);
    }
  });

  it.each([
    ["never closed", `{"a":${"[".repeat(100_000)}}`],
    ["closed too often", `{"a":${"]".repeat(100_000)}}`],
    ["closed with something else", `${'{"a":'.repeat(50_000)}1${"]".repeat(50_000)}}`],
  ])("is invalid where it is no JSON, and its neighbours are records: %s", async (_, deep) => {
    const { counts, error } = await read(['{"n":1}', deep, '{"n":2}']);
    expect(error).toBeUndefined();
    expect(counts).toMatchObject({ records: 2, invalid: 1 });
  });
});

describe("a line of very many objects", () => {
  it("is invalid beyond the limit, for the memory that they would take, and its neighbours are records", async () => {
    const { counts, error, invalid } = await read(['{"n":1}', `{"a":[${"{},".repeat(100_000)}{}]}`, '{"n":2}']);
    expect(error).toBeUndefined();
    expect(counts).toMatchObject({ records: 2, invalid: 1, oversize: 1 });
    expect(invalid).toMatchObject([{ reason: "over the limit of objects", place: { line: 2 } }]);
  });

  it("is a record up to it, where they are large, and where they are something else", async () => {
    const lines = [
      `{"a":[${"{},".repeat(99_998)}{}]}`,
      `{"a":[${'{"text":"some text"},'.repeat(150_000)}{}]}`,
      `{"a":[${"1,".repeat(400_000)}1]}`,
    ];
    expect((await read(lines)).counts).toEqual({ lines: 3, records: 3, invalid: 0 });
  });
});

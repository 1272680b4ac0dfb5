import { emptyCounts } from "../../../functions/parser/counts";
import { parse } from "../../../functions/parser/parse";
import { collect, sourceOf } from "../support/bytes";

const KIB = 1024;

/** A line of JSON of this many bytes, most of which are objects in a list. */
function lineOf(bytes: number): string {
  const items: string[] = [];
  const text = () => `{"level":"info","items":[${items.join(",")}],"end":"`;
  while (text().length < bytes - 100) items.push(`{"id":${items.length},"note":"an item with \\"quotes\\""}`);
  return `${text().padEnd(bytes - 2, ".")}"}`;
}

describe("a line that is longer than what is read at a time", () => {
  const parsed = jest.spyOn(JSON, "parse");
  afterEach(() => parsed.mockClear());
  afterAll(() => parsed.mockRestore());

  it.each([64 * KIB + 1, 100_000, 128 * KIB - 1])("is scanned like any other: %i bytes", async (bytes) => {
    const line = lineOf(bytes);
    const chunks = Buffer.from(`${line}\n`.repeat(5));
    const counts = emptyCounts();
    const options = { object: "cos://logs-1/a", check: "json" as const, maxLineBytes: KIB * KIB };
    const { items } = await collect(
      parse(sourceOf([chunks.subarray(0, 90_000), chunks.subarray(90_000)]), options, counts),
    );
    const records = items.flatMap((batch) => batch.records);

    expect(counts).toEqual({ lines: 5, records: 5, invalid: 0 });
    expect(records.map((record) => [record.get("level"), record.place.byte])).toEqual(
      records.map((_, at) => ["info", at * (bytes + 1)]),
    );
    expect(parsed).not.toHaveBeenCalled();
    expect(records.at(-1)?.fields).toEqual(JSON.parse(line));
  });
});

import { emptyCounts } from "../../../functions/parser/counts";
import { parse } from "../../../functions/parser/parse";
import type { LogRecord } from "../../../functions/records/contracts";
import { sourceOf } from "../support/bytes";
import { heapInUse } from "../support/garbage";

const OPTIONS = { object: "cos://logs-1/a", check: "json" as const, maxLineBytes: 1024 * 1024 };

/** Lengths around those at which strings are created in another way: 13, 512 and 4,096 characters. */
const LENGTHS = [0, 1, 8, 9, 12, 13, 14, 100, 511, 512, 513, 3_000, 4_095, 4_096, 4_097, 9_000];

const ORDERS: readonly [name: string, (batch: readonly LogRecord[]) => readonly LogRecord[]][] = [
  ["in the order of the lines", (batch) => batch],
  ["backwards", (batch) => [...batch].reverse()],
  ["every third one first", (batch) => [...batch].sort((a, b) => (a.place.line % 3) - (b.place.line % 3))],
];

/** Lines with strings of different lengths, so that shared strings end inside of some of them. */
function lines(count: number, most: number): string[] {
  const lengths = LENGTHS.filter((length) => length <= most);
  const text = (length: number) => String.fromCharCode(97 + (length % 26)).repeat(length);
  return Array.from({ length: count }, (_, line) => {
    const of = (at: number) => text(lengths[(line * 7 + at * 5) % lengths.length]);
    return JSON.stringify({ a: of(0), b: line, c: of(1), d: { e: of(2), f: [of(3), "ü"] }, g: of(4) });
  });
}

async function batchesOf(text: string, take: (batch: readonly LogRecord[]) => void): Promise<void> {
  for await (const { records } of parse(sourceOf([Buffer.from(text)]), OPTIONS, emptyCounts())) take(records);
}

describe("strings of whole fields", () => {
  for (const [order, sorted] of ORDERS) {
    it.each([12, 512, 9_000])(`are those of the line, read ${order}, with up to %i characters`, async (most) => {
      const given = lines(2_000, most);
      const found: unknown[] = [];
      await batchesOf(given.join("\n"), (batch) => {
        for (const record of sorted(batch)) found[record.place.line - 1] = record.fields;
      });

      expect(found).toEqual(given.map((line) => JSON.parse(line) as unknown));
    });
  }

  it.each(ORDERS)("do not keep much more memory than the lines, read %s", async (_order, sorted) => {
    const line = (at: number) => `{"id":"a string of sixty characters, number ${at}","more":"${"x".repeat(230)}"}\n`;
    const text = Array.from({ length: 30_000 }, (_, at) => line(1_000_000_000 + at)).join("");
    const before = heapInUse();
    const kept: unknown[] = [];
    await batchesOf(text, (batch) => {
      for (const record of sorted(batch)) kept.push(record.fields.id);
    });
    const grown = heapInUse() - before;

    expect(kept).toHaveLength(30_000);
    // In addition to the text: an object for each string.
    expect(grown).toBeLessThan(2 * text.length);
  });
});

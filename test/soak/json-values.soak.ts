import { emptyCounts } from "../../functions/parser/counts";
import { parse } from "../../functions/parser/parse";

const GIB = 1024 ** 3;

/** A list of one gibibyte, on one line; and how many objects it has. */
function* list(seen: { objects: number }): Generator<Buffer> {
  const one = JSON.stringify({ level: "INFO", text: 'a "quoted" text, } ] {', tags: ["a", { b: 1 }], user: "用户" });
  const block = Buffer.from(`${one},`.repeat(2000));
  yield Buffer.from("[");
  for (let bytes = 0; bytes < GIB; bytes += block.length, seen.objects += 2000) yield Buffer.from(block);
  yield Buffer.from('{"last":1}]');
  seen.objects++;
}

it("reads a list of a gibibyte with bounded memory, each object at its place", async () => {
  const before = process.memoryUsage.rss();
  const [seen, counts] = [{ objects: 0 }, emptyCounts()];
  let [peak, last] = [before, { line: 0, byte: 0 }];
  const options = { object: "list", check: "json" as const, maxLineBytes: 1024 * 1024 };
  for await (const { records } of parse(list(seen), { ...options, content: { type: "json-values" } }, counts)) {
    peak = Math.max(peak, process.memoryUsage.rss());
    const { place } = records[records.length - 1];
    expect(place.byte).toBeGreaterThan(last.byte);
    last = place;
  }
  expect(counts).toEqual({ lines: seen.objects, records: seen.objects, invalid: 0 });
  expect(last.line).toBe(seen.objects);
  const grownMb = (peak - before) / 2 ** 20;
  console.log(`memory rose by ${Math.round(grownMb)} MB`);
  expect(grownMb).toBeLessThan(150);
}, 600_000);

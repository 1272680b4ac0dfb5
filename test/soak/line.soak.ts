import { randomBytes } from "node:crypto";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import { decompress } from "../../functions/parser/decompress";
import { emptyCounts } from "../../functions/parser/counts";
import { parse } from "../../functions/parser/parse";

const GIB = 1024 ** 3;
const MAX_LINE_BYTES = 1024 * 1024;

/** A record, a line of one gibibyte, and another record. */
function* input(): Generator<Buffer> {
  const block = Buffer.from(randomBytes(4096).toString("hex"));
  yield Buffer.from('{"before":1}\n{"a":"');
  for (let bytes = 0; bytes < GIB; bytes += block.length * 8) yield Buffer.concat(Array<Buffer>(8).fill(block));
  yield Buffer.from('"}\n{"after":1}\n');
}

/** The input's records and counts, and how far memory rose above what it was. */
async function measure(source: AsyncIterable<Uint8Array>) {
  const before = process.memoryUsage.rss();
  const counts = emptyCounts();
  const [fields, heads]: [unknown[], number[]] = [[], []];
  let peak = before;
  async function* watched() {
    for await (const chunk of decompress(source)) {
      peak = Math.max(peak, process.memoryUsage.rss());
      yield chunk;
    }
  }
  const options = { object: "line", check: "json" as const, maxLineBytes: MAX_LINE_BYTES };
  for await (const { records, invalid } of parse(watched(), options, counts)) {
    fields.push(...records.map((record) => record.fields));
    heads.push(...invalid.map(({ raw }) => raw.length));
  }
  return { fields, heads, counts, grownMb: (peak - before) / 2 ** 20 };
}

it.each([
  ["plain", () => Readable.from(input())],
  ["gzip", () => Readable.from(input()).pipe(createGzip({ level: 1 }))],
])("a line of 1 GiB, %s, costs its own record, and no memory", async (name, open) => {
  const startedAt = Date.now();
  const { fields, heads, counts, grownMb } = await measure(open() as AsyncIterable<Uint8Array>);
  const seconds = (Date.now() - startedAt) / 1000;
  console.info(`1 GiB line, ${name}: ${seconds.toFixed(1)} s, memory rose by ${grownMb.toFixed(0)} MB`);
  expect(fields).toEqual([{ before: 1 }, { after: 1 }]);
  expect(heads).toEqual([MAX_LINE_BYTES]);
  expect(counts).toEqual({ lines: 3, records: 2, invalid: 1, oversize: 1 });
  expect(grownMb).toBeLessThan(100);
});

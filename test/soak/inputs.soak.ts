import { openZstd } from "../../parts/in-zstd";
import { emptyCounts } from "../../functions/parser/counts";
import { decompress } from "../../functions/parser/decompress";
import { parse } from "../../functions/parser/parse";
import type { ContentSettings } from "../../functions/settings";
import { toGbk } from "../functions/support/gbk";
import { framed, MARK } from "../functions/support/snappy-framed";
import { zstdFrame } from "../functions/support/zstd";

const SIZE = 2 * 1024 ** 3;
/** What a function of 256 MB can spare; Node itself is not in it. */
const MOST_MB = 150;

const LINE = `${JSON.stringify({ level: "INFO", text: 'a "quoted" text, } ] {', tags: ["a", { b: 1 }], user: "用户" })}\n`;
const LINES = LINE.repeat(800);

/** Content of {@link SIZE} once it is unpacked, and how many records it has. */
interface Large {
  readonly content: ContentSettings;
  /** The same bytes over and over, between a head and a tail. */
  readonly head?: Buffer;
  readonly block: Buffer;
  readonly tail?: Buffer;
  /** Bytes of a block once it is unpacked and its text is UTF-8, and its records. */
  readonly bytes: number;
  readonly records: number;
}

const ROW = '1767225600000;ann;"said ""no""; then\nleft";用户\r\n';

const GBK_LINES = `{"level":"ERROR","msg":"用户登录失败，请重试"}\n`.repeat(1000);

const INPUTS: Readonly<Record<string, Large>> = {
  "a list of JSON on one line": {
    content: { type: "json-values" },
    head: Buffer.from("["),
    block: Buffer.from(LINES.replaceAll("\n", ",")),
    tail: Buffer.from('{"last":1}]'),
    bytes: Buffer.byteLength(LINES),
    records: 800,
  },
  CSV: {
    content: { type: "csv", header: ["time", "user", "msg", "who"], delimiter: ";", quote: '"' },
    block: Buffer.from(ROW.repeat(1000)),
    bytes: Buffer.byteLength(ROW) * 1000,
    records: 1000,
  },
  GBK: {
    content: { type: "json", encoding: "gbk" },
    block: toGbk(GBK_LINES),
    bytes: Buffer.byteLength(GBK_LINES),
    records: 1000,
  },
  snappy: {
    content: { type: "json" },
    head: MARK,
    block: framed(Buffer.from(LINES)).subarray(MARK.length),
    bytes: Buffer.byteLength(LINES),
    records: 800,
  },
  zstd: {
    content: { type: "json" },
    block: zstdFrame(Buffer.from(LINES)),
    bytes: Buffer.byteLength(LINES),
    records: 800,
  },
};

it.each(Object.entries(INPUTS))(
  "reads two gibibytes of %s in bounded memory",
  async (name, large) => {
    const { content, head, block, tail, bytes, records } = large;
    const blocks = Math.ceil(SIZE / bytes);
    function* chunks() {
      if (head) yield head;
      // What reads may keep a chunk, or write to it.
      for (let at = 0; at < blocks; at++) yield Buffer.from(block);
      if (tail) yield tail;
    }
    async function* source() {
      yield* chunks();
    }
    const before = process.memoryUsage.rss();
    const counts = emptyCounts();
    const expected = content.type === "csv" || content.type === "json-values" ? content.type : "json";
    const unpacked = decompress(source(), { expect: expected, encoding: content.encoding, zstd: () => ({ openZstd }) });
    let [peak, last] = [before, 0];
    const options = { object: name, check: "json", maxLineBytes: 1024 * 1024, content } as const;
    for await (const batch of parse(unpacked, options, counts)) {
      peak = Math.max(peak, process.memoryUsage.rss());
      const { byte } = batch.records[batch.records.length - 1].place;
      expect(byte).toBeGreaterThanOrEqual(last);
      last = byte;
    }
    expect(counts).toMatchObject({ records: blocks * records + (tail ? 1 : 0), invalid: 0 });
    const grownMb = (peak - before) / 2 ** 20;
    console.info(`${name}: memory rose by ${Math.round(grownMb)} MB to ${Math.round(peak / 2 ** 20)} MB`);
    expect(grownMb).toBeLessThan(MOST_MB);
  },
  900_000,
);

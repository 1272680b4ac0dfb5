import { randomBytes } from "node:crypto";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { decompress } from "../../../functions/parser/decompress";
import type { ExpectedContent } from "../../../functions/parser/content-kind";
import { emptyCounts } from "../../../functions/parser/counts";
import { parse } from "../../../functions/parser/parse";
import type { ContentSettings } from "../../../functions/settings";
import { collect, sourceOf } from "../support/bytes";

const LINES = '{"a":"one"}\n{"a":"two"}\n'.repeat(40);
const hex = (text: string) => Buffer.from(text.replaceAll(" ", ""), "hex");
/** A file of a format: its first bytes, and a log behind them as it would stand in an archive that packs nothing. */
const packed = (magic: string) => Buffer.concat([hex(magic), Buffer.from(LINES), randomBytes(700)]);

function tar(marker: string): Buffer {
  const header = Buffer.alloc(512);
  header.write("logs/a.jsonl");
  header.write("0000644\x000000000\x000000000\x00", 100, "latin1");
  header.write(`${LINES.length.toString(8).padStart(11, "0")} 14700000000 `, 124);
  header.write("        0", 148);
  header.write(marker, 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return Buffer.concat([header, Buffer.from(LINES), Buffer.alloc(2048)]);
}

const utf16be = (text: string) => Buffer.from(text, "utf16le").swap16();
const HTML = "<!DOCTYPE html>\n<html><body>\n<h1>502 Bad Gateway</h1>\n</body></html>\n";

/** What no kind of content may be read from. */
const FOREIGN: [string, Buffer, string][] = [
  ["gzip", gzipSync(LINES), "gzip"],
  ["zip", packed("504b0304 1400"), "a zip archive"],
  ["xz", packed("fd377a585a00 0004"), "xz"],
  ["zstd", packed("28b52ffd"), "zstd"],
  ["bzip2", packed("425a6839 314159265359"), "bzip2"],
  ["lz4", packed("04224d18"), "lz4"],
  ["lzop", packed("894c5a4f000d0a1a0a"), "lzop"],
  ["7z", packed("377abcaf271c"), "a 7z archive"],
  ["Parquet", packed("50415231"), "Parquet"],
  ["tar", tar("ustar\x0000"), "a tar archive"],
  ["tar as of old", tar(""), "a tar archive"],
  ["UTF-16 with a mark", Buffer.from(`\ufeff${LINES}`, "utf16le"), "UTF-16 text"],
  ["UTF-16 of the other order with a mark", utf16be(`\ufeff${LINES}`), "UTF-16 text"],
  ["UTF-16 without a mark", Buffer.from(LINES, "utf16le"), "UTF-16 text"],
  ["UTF-16 of the other order without a mark", utf16be(LINES), "UTF-16 text"],
  ["UTF-32 without a mark", Buffer.from(Uint32Array.from(Buffer.from(LINES)).buffer), "UTF-32 text"],
  [
    "an error in XML of a namespace",
    Buffer.from("<?xml version='1.0'?><Error xmlns='x'><Code>NoSuchKey</Code></Error>"),
    "an error document in XML",
  ],
  ["HTML", Buffer.from(HTML), "an HTML page"],
  ["HTML behind spaces and a mark", Buffer.from(`\ufeff\n  ${HTML.toLowerCase()}`), "an HTML page"],
  [
    "an error of COS",
    Buffer.from("<?xml version='1.0'?>\n<Error>\n<Code>NoSuchKey</Code></Error>\n"),
    "an error document",
  ],
];

const KINDS: [string, ContentSettings, ExpectedContent][] = [
  ["JSON lines", { type: "json" }, "json"],
  ["CSV", { type: "csv", header: true, delimiter: ",", quote: '"' }, "csv"],
  ["lines", { type: "lines" }, "text"],
  ["joined lines", { type: "multiline", startPattern: "^\\{", flags: "", maxLines: 10, maxBytes: 4096 }, "text"],
];

/** What is read of content as it is stored: records, counts, and the fault. */
async function read(bytes: Uint8Array, content: ContentSettings, expect_: ExpectedContent, size = 1 << 20) {
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  );
  const counts = emptyCounts();
  const options = { object: "o", check: "json", maxLineBytes: 1 << 20, content } as const;
  const { items, error } = await collect(parse(decompress(sourceOf(chunks), { expect: expect_ }), options, counts));
  const { code, message } = (error ?? {}) as { code?: string; message?: string };
  return { counts, records: items.flatMap(({ records }) => records).length, code, message };
}

describe.each(KINDS)("content that is read as %s", (_, content, expect_) => {
  it.each(FOREIGN)(
    "and is %s is a fault that names it, plain and inside gzip, however it comes",
    async (__, bytes, kind) => {
      for (const stored of [gzipSync(bytes), bytes]) {
        // Plain gzip is unpacked.
        if (stored === bytes && kind === "gzip") continue;
        for (const size of [1, 700, 1 << 20]) {
          const { code, message, records, counts } = await read(stored, content, expect_, size);
          expect(code).toBe("WRONG_CONTENT");
          expect(message).toContain(`, got ${kind}`);
          expect(message?.includes("inside gzip")).toBe(stored !== bytes);
          expect({ records, counts }).toEqual({ records: 0, counts: emptyCounts() });
        }
      }
    },
  );
});

describe("content of which nothing can be read", () => {
  const json = (bytes: Uint8Array | string) => read(Buffer.from(bytes), { type: "json" }, "json");

  it.each([
    ["plain text", "2026-01-01 started\n2026-01-02 stopped\n"],
    ["an array on one line", `[${LINES.trim().replaceAll("\n", ",")}]\n`],
    ["numbers", "1\n2\n"],
    ["a document over lines", JSON.stringify({ a: 1, b: [1, 2] }, undefined, 2)],
    ["objects with a mark before each", LINES.replaceAll("{", "\x1e{")],
    ["random bytes", randomBytes(5000)],
    ["zlib", deflateSync(LINES)],
    ["brotli", brotliCompressSync(LINES)],
  ])("is a fault at its end, with its lines counted: %s", async (_, bytes) => {
    const { code, message, counts } = await json(bytes);
    expect(code).toBe("NO_RECORDS");
    expect(counts.records).toBe(0);
    expect(counts.invalid).toBeGreaterThan(0);
    expect(message).toBe(
      `the content must hold JSON lines, got no record and ${counts.invalid} invalid; ` +
        "set content to what the object holds, or upload it anew",
    );
  });

  it.each([
    [
      "an array over lines, whose last element would be a record",
      `[\n${LINES.trim().replaceAll("\n", ",\n")}\n]\n`,
      "a JSON array",
    ],
    ["an array whose elements begin with it", `[{"a":1},\n{"a":2}\n]\n`, "a JSON array"],
    [
      "lines that end with a carriage return",
      LINES.replaceAll("\n", "\r"),
      "lines that end with a carriage return alone",
    ],
    ["XML", "<?xml version='1.0'?>\n<log>\n{}\n</log>\n", "XML"],
  ])("is told by its start where a line of it could pass for a record: %s", async (_, text, kind) => {
    expect(await json(text)).toMatchObject({ code: "WRONG_CONTENT", message: expect.stringContaining(kind) as string });
  });

  it.each([
    ["random bytes", randomBytes(5000)],
    ["zlib", deflateSync(randomBytes(5000))],
  ])("is a fault as text as well: %s", async (_, bytes) => {
    for (const [, content, expect_] of KINDS.slice(1)) {
      expect(await read(bytes, content, expect_)).toMatchObject({ code: "WRONG_CONTENT" });
    }
  });

  it("is CSV of no whole row", async () => {
    const csv = { type: "csv", header: ["a", "b"], delimiter: ",", quote: '"' } as const;
    expect(await read(Buffer.from("1\n2\n"), csv, "csv")).toMatchObject({ code: "NO_RECORDS" });
  });

  it("is none where it is empty, or holds blank lines", async () => {
    for (const text of ["", "\n", " \r\n\n"]) expect(await json(text)).toMatchObject({ code: undefined });
  });
});

describe("content with a broken line among good ones", () => {
  it.each([
    ["a log line in brackets first", "[2026-01-01] started\n"],
    ["an array first", '[{"a":1},{"a":2}]\n'],
    ["an empty array first", "[]\n"],
    ["a number first", "5\n"],
    ["markup first", "<13>Jan 1 host app: started\n"],
    ["NULs of a file that was cut first", `${"\0".repeat(500)}\n`],
    ["a line of another encoding first", Buffer.from("c6f4b6af", "hex").toString("latin1") + "\n"],
    ["an escape first", "\x1b[31mred\x1b[0m\n"],
    ["a carriage return inside of a line", '{"a":\r1}\r{"a":2}\n'],
  ])("is read, and the line counted: %s", async (_, line) => {
    const bytes = Buffer.concat([Buffer.from(line, "latin1"), Buffer.from(LINES)]);
    const { counts, code } = await read(bytes, { type: "json" }, "json");
    expect(code).toBeUndefined();
    expect(counts).toMatchObject({ records: 80, invalid: 1 });
  });

  it.each([
    ["GBK", Buffer.from("323032362d30312d303120c6f4b6afcde8b3c90a".repeat(20), "hex"), 20],
    ["XML on lines", Buffer.from("<event a='1'/>\n<event a='2'/>\n"), 2],
    ["a document of XML, whose lines are asked for", Buffer.from("<?xml version='1.0'?>\n<log/>\n"), 2],
    ["colours and progress", Buffer.from("\x1b[1mstart\x1b[0m\n10%\r20%\r100%\n"), 2],
    ["a word that a format begins with", Buffer.from("ORC failed\nBZh9\nPK\n"), 3],
    ["NULs before its first line", Buffer.concat([Buffer.alloc(3000), Buffer.from("a\nb\n")]), 2],
  ])("is read as text that it is: %s", async (_, bytes, records) => {
    expect(await read(bytes, { type: "lines" }, "text")).toMatchObject({ records, code: undefined });
  });
});

describe("CSV whose lines end with a carriage return alone", () => {
  const csv = (header: true | string[], text: string) =>
    read(Buffer.from(text), { type: "csv", header, delimiter: ",", quote: '"' }, "csv");

  it.each<[string, true | string[], string, number]>([
    ["with a header", true, "a,b\r1,2\r3,4\r", 2],
    ["with a header and no end", true, "a,b\r1,2", 1],
    ["with columns", ["a", "b"], "1,2\r3,4\r", 2],
    ["with one column, so that all of it could be a value", ["a"], "1\r2\r3", 3],
    ["before the line feed that a tool put behind the last", true, "a,b\r1,2\r3,4\n", 2],
    ["behind each line, before the line feed", true, "a,b\r\n1,2\r\n", 1],
    ["twice, as tools leave it", true, "a,b\r\r\n1,2\r\r\n", 1],
    ["inside of quotes", true, '"a\rx",b\n1,2\n', 1],
    ["in a value of a file that has line feeds", ["a", "b"], "1,x\ry\n3,4\n", 2],
    ["in the quoted value of a file of one line", ["a", "b"], '1,"x\ry"', 1],
  ])("is read, or is CSV with line feeds: %s", async (_, header, text, records) => {
    expect(await csv(header, text)).toMatchObject({ records, code: undefined });
  });

  it("is a fault where names of columns would hold carriage returns, as line feeds end more lines", async () => {
    expect(await csv(true, "a,b\rc\n1,2\n")).toMatchObject({
      records: 0,
      code: "CSV_HEADER",
      message: expect.stringContaining("got a carriage return between them in line 1") as string,
    });
  });
});

describe.each(KINDS.slice(2))(
  "text whose lines end with a carriage return alone, read as %s",
  (_, content, expect_) => {
    it.each([
      ["three lines", "{one\rtwo\rthree\r"],
      ["two lines", "{one\rtwo\r"],
      ["no end behind the last", "{one\rtwo\rthree"],
      ["blank lines between", "{one\r\r \r{two\r"],
      ["more than is judged", "{a line\r".repeat(1000)],
    ])("is a fault, not one record: %s", async (__, text) => {
      for (const stored of [Buffer.from(text), gzipSync(text)]) {
        const { records, code, message } = await read(stored, content, expect_, text.length > 100 ? 64 : 1);
        expect({ records, code }).toEqual({ records: 0, code: "WRONG_CONTENT" });
        expect(message).toMatch(/got lines that end with a carriage return alone.*; upload it with line feeds$/);
      }
    });

    it.each([
      ["before line feeds", "{one\r\n{two\r\n{three\r\n", 3],
      ["before the line feed of one line", "{one\r\n", 1],
      ["nowhere", "{one", 1],
      ["at the end of one line", "{one\r", 1],
      ["several times at the end of one line", "{one\r\r\r", 1],
      ["once within one line", "{one\rtwo", 1],
      ["within a line that a line feed ends", "{10%\r20%\r100%\n", 1],
      ["within one that ends behind what is judged", `{${"10%\r".repeat(1000)}\n{done\n`, 2],
      ["within one that ends with the content", `{${"10%\r".repeat(100_000)}\n`, 1],
    ])("is none where carriage returns stand %s", async (__, text, records) => {
      expect(await read(Buffer.from(text), content, expect_)).toMatchObject({ records, code: undefined });
    });
  },
);

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { checkReadable, readLogFile } from "../../../cli/local/log-file";
import { wrapLines } from "../../../cli/local/wrap-lines";
import { toGbk } from "../../functions/support/gbk";

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "log-file-"));
  file = join(folder, "log");
});
afterAll(() => rmSync(folder, { recursive: true }));

async function read(content: string | Buffer): Promise<string> {
  writeFileSync(file, content);
  return collect(readLogFile(file));
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<string> {
  const collected: Buffer[] = [];
  for await (const chunk of chunks) collected.push(chunk);
  return Buffer.concat(collected).toString();
}

describe("JSON lines come byte for byte", () => {
  test.each([
    ["plain", '{"a":1}\n{"b":2}\n'],
    ["without a final line end", '{"a":1}\n{"b":2}'],
    ["with CRLF, empty and broken lines", '\r\n{"a":1}\r\n\n{broken\n  \n[1]\n"x"\r\n'],
    ["with the object late among broken lines", `${"broken\n".repeat(99)}{"a":1}\n`],
    ["with many empty lines first", `${"\n".repeat(500)}{"a":1}`],
    ["with a byte order mark before the only object", '\uFEFF{"a":1}\n'],
  ])("%s", async (_what, content) => {
    expect(await read(content)).toBe(content);
    expect(await read(gzipSync(content))).toBe(content);
    expect(await read(Buffer.concat([gzipSync(content), gzipSync(content)]))).toBe(content + content);
  });

  test("larger than any buffer", async () => {
    const content = '{"a":"0123456789012345678901234567890123456789"}\n'.repeat(50_000);
    expect((await read(gzipSync(content))) === content).toBe(true);
  });
});

describe("of text each line becomes __CONTENT__", () => {
  test.each([
    ["a plain one", "one two\n", '{"__CONTENT__":"one two"}\n'],
    ["one with quotes, a backslash and a tab", 'say "hi" \\ \t', '{"__CONTENT__":"say \\"hi\\" \\\\ \\t"}'],
    ["those that end with CRLF", "crlf\r\nmore\r\n", '{"__CONTENT__":"crlf"}\n{"__CONTENT__":"more"}\n'],
    [
      "those with carriage returns of their own",
      "two\r\r\none in\rside, one last\r",
      '{"__CONTENT__":"two\\r"}\n{"__CONTENT__":"one in\\rside, one last"}',
    ],
    [
      "the first, without the byte order mark",
      "\uFEFFmarked\n\uFEFFagain\n",
      '{"__CONTENT__":"marked"}\n{"__CONTENT__":"\uFEFFagain"}\n',
    ],
    [
      "JSON that is no object",
      "[1,2]\n12\nnull\n",
      '{"__CONTENT__":"[1,2]"}\n{"__CONTENT__":"12"}\n{"__CONTENT__":"null"}\n',
    ],
  ])("%s", async (_name, content, expected) => {
    expect(await read(content)).toBe(expected);
    expect(await read(gzipSync(content))).toBe(expected);
  });

  test("but empty lines stay empty", async () => {
    expect(await read("\na\n\n\r\nb\n\n")).toBe('\n{"__CONTENT__":"a"}\n\n\n{"__CONTENT__":"b"}\n\n');
  });

  test("whose line ends and byte order mark are cut anywhere", async () => {
    const marked = Buffer.from("\uFEFFone\r\n\r\ntwo \r\uD83D\uDE00\r\n");
    const bytes = Array.from(marked, (byte) => Buffer.from([byte]));
    expect(await collect(wrapLines(Readable.from(bytes)))).toBe(
      '{"__CONTENT__":"one"}\n\n{"__CONTENT__":"two \\r\uD83D\uDE00"}\n',
    );
  });

  test("also where an object comes only after 100 lines", async () => {
    const lines = (await read(`${"text\n".repeat(100)}{"a":1}\n`)).trimEnd().split("\n");
    expect(lines).toHaveLength(101);
    expect(lines[100]).toBe('{"__CONTENT__":"{\\"a\\":1}"}');
  });

  test("whatever its lines hold, over many chunks", async () => {
    const line = fc.string({ unit: fc.constantFrom("a", '"', "\\", "中", "😀", "\r", "\t", " ") });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 20 }), async (lines) => {
        const long = [...lines, "x".repeat(70_000) + "😀".repeat(30_000), ...lines];
        const wrapped = (await read(long.join("\n"))).split("\n");
        const texts = wrapped.map((text) =>
          text === "" ? "" : (JSON.parse(text) as { __CONTENT__: string }).__CONTENT__,
        );
        expect(texts).toEqual(long.map((line) => line.replace(/\r$/, "")));
      }),
      { numRuns: 20 },
    );
  });
});

test("nothing comes of nothing", async () => {
  expect(await read("")).toBe("");
  expect(await read(gzipSync(""))).toBe("");
});

test("bytes that are not UTF-8 stay as they are, so that the function counts them", async () => {
  writeFileSync(file, Buffer.from('2026 \xc6\xf4\xb6\xaf "\x01\n', "latin1"));
  const chunks: Buffer[] = [];
  for await (const chunk of readLogFile(file)) chunks.push(chunk);
  expect(Buffer.concat(chunks).toString("latin1")).toBe('{"__CONTENT__":"2026 \xc6\xf4\xb6\xaf \\"\\u0001"}\n');
});

describe("what a function could only read as something that it is not is one line", () => {
  test.each([
    ["zip", Buffer.from("504b030414000000", "hex"), "a zip archive"],
    ["xz", Buffer.from("fd377a585a000004", "hex"), "xz"],
    ["gzip packed twice", gzipSync(gzipSync("a\n")), "gzip"],
    ["UTF-16", Buffer.from('\uFEFF{"a":1}\n', "utf16le"), "UTF-16 text"],
    ["UTF-16 inside gzip", gzipSync(Buffer.from('\uFEFF{"a":1}\n', "utf16le")), "UTF-16 text"],
    ["a page", "<!doctype html><html></html>", "an HTML page"],
    ["an array", '[\n{"a":1},\n{"a":2}\n]\n', "a JSON array; write one object per line"],
    ["an array on a line", '[{"a":1},{"a":2}]', "JSON that is not lines; write one object per line"],
    [
      "objects over several lines",
      '{\n  "a": 1\n}\n{\n  "a": 2\n}\n',
      "JSON that is not lines; write one object per line",
    ],
  ])("%s", async (_what, content, kind) => {
    await expect(read(content)).rejects.toThrow(
      `FILE must hold JSON lines or text in UTF-8, plain or packed once with gzip, got "${file}", which holds ${kind}`,
    );
  });
});

describe("a later member of gzip is judged as the first is", () => {
  const first = gzipSync('{"a":1}\n'.repeat(1000));
  test.each([
    ["gzip packed twice", first, gzipSync(gzipSync("a\n")), "gzip"],
    ["UTF-16", first, gzipSync(Buffer.from('\uFEFF{"a":1}\n', "utf16le")), "UTF-16 text"],
    ["a page behind JSON lines", first, gzipSync("<!doctype html><html></html>\n"), "an HTML page"],
    ["a zip behind text", gzipSync("one\ntwo\n"), gzipSync(Buffer.from("504b030414000000", "hex")), "a zip archive"],
  ])("%s", async (_what, before, member, kind) => {
    await expect(read(Buffer.concat([before, member]))).rejects.toThrow(
      `got "${file}", which holds ${kind} in a member of gzip at byte ${before.length}`,
    );
  });

  test("a page in a text, and a line that two members share, are none", async () => {
    const text = ["<p>\n", "<!doctype html>\n", "[1\n"];
    const wrapped = text.map((line) => `${JSON.stringify({ __CONTENT__: line.trimEnd() })}\n`).join("");
    expect(await read(Buffer.concat(["x\n", ...text].map((part) => gzipSync(part))))).toBe(
      `{"__CONTENT__":"x"}\n${wrapped}`,
    );
    const lines = '{"a":"[0"}\n{"b":"<html>"}\n';
    expect(await read(Buffer.concat([gzipSync(lines.slice(0, 6)), gzipSync(lines.slice(6))]))).toBe(lines);
  });
});

test("line ends behind gzip are no content, as a function takes them", async () => {
  const content = '{"a":1}\n';
  expect(await read(Buffer.concat([gzipSync(content), Buffer.from("\r\n")]))).toBe(content);
});

test("text whose lines end with a carriage return alone is one line, however long", async () => {
  await expect(read("one\rtwo\r".repeat(1000))).rejects.toThrow(
    `which holds ${"lines that end with a carriage return alone"}`,
  );
});

describe("what cannot be read is one line", () => {
  test("a missing file", () => {
    const missing = join(folder, "missing");
    expect(() => checkReadable(missing)).toThrow(
      new Error(`FILE must be readable, got "${missing}": ENOENT: no such file or directory`),
    );
  });

  test("a directory", () => {
    expect(() => checkReadable(folder)).toThrow(`FILE must be a file, got the directory "${folder}"`);
  });

  test("gzip that was cut or is broken", async () => {
    const content = gzipSync('{"a":1}\n'.repeat(1000));
    await expect(read(content.subarray(0, content.length - 10))).rejects.toThrow("unexpected end of file");
    await expect(read(Buffer.from([0x1f, 0x8b, 1, 2, 3]))).rejects.toThrow(/FILE must be readable, got .*: /);
  });
});

test("text in another encoding comes as UTF-8, and UTF-16 that nobody told is a fault that says what to give", async () => {
  const text = '{"msg":"登录失败"}\n';
  for (const content of [toGbk(text), gzipSync(toGbk(text))]) {
    writeFileSync(file, content);
    expect(await collect(readLogFile(file, "gbk"))).toBe(text);
  }
  await expect(read(Buffer.from(text, "utf16le"))).rejects.toThrow(
    /which holds UTF-16 text; pass --encoding utf-16le$/,
  );
});

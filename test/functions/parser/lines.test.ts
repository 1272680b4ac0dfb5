import fc from "fast-check";
import { LineSplitter } from "../../../functions/parser/lines";
import { cutBytes } from "../support/bytes";

interface Line {
  text: string;
  byte: number;
  cut?: true;
}

function split(chunks: Iterable<Uint8Array>, maxLineBytes = 1000): Line[] {
  const lines: Line[] = [];
  const splitter = new LineSplitter(maxLineBytes, (buffer, start, end, byte, cut) => {
    lines.push({ text: buffer.toString("latin1", start, end), byte, ...(cut && { cut }) });
  });
  for (const chunk of chunks) splitter.write(chunk);
  splitter.end();
  return lines;
}

function textsOf(...chunks: string[]): string[] {
  return split(chunks.map((chunk) => Buffer.from(chunk, "latin1"))).map(({ text }) => text);
}

/** What a line splitter must give, in the slow and obvious way. */
function splitWhole(bytes: Uint8Array, maxLineBytes: number): Line[] {
  const input = Buffer.from(bytes).toString("latin1");
  const mark = input.startsWith("\u00ef\u00bb\u00bf") ? 3 : 0;
  const texts = input.slice(mark).split("\n");
  if (texts.at(-1) === "") texts.pop();
  let byte = mark;
  return texts.map((whole) => {
    const text = whole.replace(/\r$/, "");
    const line: Line = { text: text.slice(0, maxLineBytes), byte, ...(text.length > maxLineBytes && { cut: true }) };
    byte += whole.length + 1;
    return line;
  });
}

describe("lines", () => {
  it("end at line feeds, the last one also at the end of the input", () => {
    expect(textsOf("a\nb\n")).toEqual(["a", "b"]);
    expect(textsOf("a\nb")).toEqual(["a", "b"]);
    expect(textsOf("")).toEqual([]);
    expect(textsOf("\n\n")).toEqual(["", ""]);
  });

  it("lose one carriage return before their end, and keep a lone one inside", () => {
    expect(textsOf("a\r\nb\rc\n\r\r\n\r")).toEqual(["a", "b\rc", "\r", ""]);
    expect(textsOf("a\r", "\nb", "\r", "\n")).toEqual(["a", "b"]);
  });

  it("keep NUL bytes and bytes that are not UTF-8", () => {
    expect(textsOf("a\0b\n\u00ff\u00fe\n")).toEqual(["a\0b", "\u00ff\u00fe"]);
  });

  it("lose a byte order mark at the start of the input only", () => {
    const mark = "\u00ef\u00bb\u00bf";
    expect(split([Buffer.from(`${mark}a\n${mark}b`, "latin1")])).toEqual([
      { text: "a", byte: 3 },
      { text: `${mark}b`, byte: 5 },
    ]);
    expect(textsOf("\u00ef", "\u00bb", "\u00bf", "a")).toEqual(["a"]);
    expect(textsOf(mark)).toEqual([]);
    expect(textsOf("\u00ef", "\u00bb")).toEqual(["\u00ef\u00bb"]);
    expect(textsOf("\u00ef", "\u00bba\n")).toEqual(["\u00ef\u00bba"]);
  });

  it("over the limit keep their head, and the lines after them are not touched", () => {
    const chunks = ["ab\nabcde", "fgh", "\nabcde\r\nab", "cdefg\nabcd", "e\r", "\nx"].map((chunk) =>
      Buffer.from(chunk),
    );
    expect(split(chunks, 5)).toEqual([
      { text: "ab", byte: 0 },
      { text: "abcde", byte: 3, cut: true },
      { text: "abcde", byte: 12 },
      { text: "abcde", byte: 19, cut: true },
      { text: "abcde", byte: 27 },
      { text: "x", byte: 34 },
    ]);
  });

  it("are the same however the input is cut into chunks", () => {
    const pieces = fc.constantFrom(
      "\n",
      "\r",
      "\r\n",
      "a",
      "bcd",
      "\u00ef\u00bb\u00bf",
      "\u00e4\u00b8\u00ad",
      "\0",
      "{}",
    );
    const inputs = fc.array(pieces, { maxLength: 40 }).map((texts) => Buffer.from(texts.join(""), "latin1"));
    fc.assert(
      fc.property(cutBytes(inputs), fc.integer({ min: 1, max: 8 }), ({ bytes, chunks }, maxLineBytes) => {
        expect(split(chunks, maxLineBytes)).toEqual(splitWhole(bytes, maxLineBytes));
      }),
      { numRuns: 2000 },
    );
  });

  it("are the same when the input comes byte by byte", () => {
    const input = Buffer.from("\ufeff中文\r\n\r\nabcdefghij\nx");
    expect(
      split(
        Array.from(input, (byte) => Uint8Array.of(byte)),
        8,
      ),
    ).toEqual(splitWhole(input, 8));
  });

  it("that are handed out keep their bytes while others are read", () => {
    const kept: Buffer[] = [];
    const splitter = new LineSplitter(100, (buffer, start, end) => kept.push(buffer.subarray(start, end)));
    for (const text of ["first ha", "lf\nsecond ha", "lf\nthird ha", "lf\n"]) splitter.write(Buffer.from(text));
    expect(kept.map(String)).toEqual(["first half", "second half", "third half"]);
  });

  it("cost time in proportion to their length, and memory only up to the limit", () => {
    const chunk = Buffer.alloc(64 * 1024, 0x61);
    const splitter = new LineSplitter(1024 * 1024, () => undefined);
    const memoryBefore = process.memoryUsage().arrayBuffers;
    const startedAt = performance.now();
    for (let bytes = 0; bytes < 1024 ** 3; bytes += chunk.length) splitter.write(chunk);
    // One pass over a gigabyte takes a fraction of a second; looking again at what was gathered would take minutes.
    expect(performance.now() - startedAt).toBeLessThan(5000);
    expect(process.memoryUsage().arrayBuffers - memoryBefore).toBeLessThan(8 * 1024 * 1024);
  });
});

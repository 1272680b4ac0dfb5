import fc from "fast-check";
import { decompress } from "../../../functions/parser/decompress";
import type { ExpectedContent } from "../../../functions/parser/content-kind";
import { snappy } from "../../../local/cls/snappy";
import { collect, cutBytes, sourceOf } from "../support/bytes";
import { chunk, framed, MARK } from "../support/snappy-framed";

const LINES = Buffer.from('{"a":"one","b":"登录失败"}\n{"a":"two"}\n'.repeat(60));

async function unpack(chunks: Iterable<Uint8Array>, expect: ExpectedContent = "json") {
  const { items, error } = await collect(decompress(sourceOf(chunks), { expect, expectGzip: expect === "json" }));
  return { bytes: Buffer.concat(items), error };
}

describe("snappy", () => {
  it.each<[string, Buffer]>([
    ["framed", framed(LINES)],
    ["framed in many chunks", framed(LINES, 100)],
    ["framed and not packed", framed(LINES, 1000, false)],
    [
      "framed, with padding and chunks to leave out",
      Buffer.concat([framed(LINES), chunk(0xfe, Buffer.alloc(9)), chunk(0x80, Buffer.from("x"))]),
    ],
    ["two streams behind each other", Buffer.concat([framed(LINES.subarray(0, 500)), framed(LINES.subarray(500))])],
    ["a block", snappy(LINES)],
  ])("is unpacked however it is cut: %s", async (_, packed) => {
    await fc.assert(
      fc.asyncProperty(cutBytes(fc.constant(packed)), async ({ chunks }) => {
        const { bytes, error } = await unpack(chunks);
        expect(error).toBeUndefined();
        expect(bytes.equals(LINES)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it("is told by its mark alone where text is expected", async () => {
    expect((await unpack([framed(LINES)], "text")).bytes.equals(LINES)).toBe(true);
    expect((await unpack([snappy(LINES)], "text")).bytes.equals(LINES)).toBe(false);
  });

  it("is read up to a fault, whichever byte is wrong or missing", async () => {
    const packed = framed(LINES, 500);
    for (let at = MARK.length; at < packed.length; at++) {
      const cut = await unpack([packed.subarray(0, at)]);
      expect(LINES.subarray(0, cut.bytes.length).equals(cut.bytes)).toBe(true);
      if (cut.bytes.length % 500 !== 0) throw new Error(`part of a chunk came out at ${at}`);
      const changed = Buffer.from(packed);
      changed[at] ^= 0x55;
      const { bytes, error } = await unpack([changed]);
      expect(LINES.subarray(0, bytes.length).equals(bytes)).toBe(true);
      // What is left out has no checksum.
      if (bytes.length < LINES.length && error === undefined) expect(changed[at]).toBeGreaterThanOrEqual(0x80);
    }
  });

  it.each<[string, Buffer, string, RegExp]>([
    ["cut off", framed(LINES).subarray(0, 60), "PACKED_TRUNCATED", /^snappy must be complete, got its first 60 bytes/],
    [
      "of a kind that is unknown",
      Buffer.concat([MARK, chunk(2, Buffer.alloc(8))]),
      "PACKED_CORRUPT",
      /chunks of known kinds/,
    ],
    ["a block that is cut off", snappy(LINES).subarray(0, 80), "PACKED_CORRUPT", /whole blocks/],
    [
      "a block that says that it holds a gigabyte",
      Buffer.concat([Buffer.from([0x80, 0x80, 0x80, 0x80, 0x04, 0x00]), Buffer.from("{")]),
      "PACKED_CORRUPT",
      /must hold at most 83886080 bytes/,
    ],
    ["HTML inside", framed(Buffer.from("<html></html>")), "WRONG_CONTENT", /got an HTML page inside snappy/],
    ["gzip inside", framed(Buffer.from("1f8b0800", "hex")), "WRONG_CONTENT", /got gzip inside snappy/],
  ])("is a fault that says why: %s", async (_, packed, code, message) => {
    expect((await unpack([packed])).error).toMatchObject({ code, message: expect.stringMatching(message) as string });
  });
});

import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { ContentError } from "../../../functions/parser/content-error";
import { decompress, type DecompressOptions } from "../../../functions/parser/decompress";
import { collect, cutBytes, sourceOf } from "../support/bytes";

async function unpack(chunks: Iterable<Uint8Array | Error>, options?: DecompressOptions) {
  const { items, error } = await collect(decompress(sourceOf(chunks), options));
  // As text: jest compares large buffers byte by byte, which takes seconds.
  return { content: Buffer.concat(items).toString("latin1"), error: error as ContentError | undefined };
}

const lines = Array.from({ length: 50_000 }, (_, index) => `{"line":${index},"text":"${"x".repeat(index % 90)}"}\n`);
const large = lines.join("");

describe("content", () => {
  it("is unpacked where it begins with gzip's magic bytes, whatever its name", async () => {
    expect(await unpack([gzipSync("a\nb")])).toEqual({ content: "a\nb" });
    expect(await unpack([gzipSync(large)], { expectGzip: true })).toEqual({ content: large });
  });

  it("is left as it is where it does not", async () => {
    for (const text of ["", "\x1f", "\x1fa", "plain\n", "\0\u00ff"]) {
      expect((await unpack([Buffer.from(text, "latin1")])).content).toBe(text);
    }
    expect(await unpack([])).toEqual({ content: "" });
  });

  it("may have several members, and zeros after the last one", async () => {
    const members = Buffer.concat([gzipSync("a\n"), gzipSync(""), gzipSync("b\n")]);
    expect((await unpack([members])).content).toBe("a\nb\n");
    const zeros = Buffer.alloc(70_000);
    expect(await unpack([members, zeros, zeros])).toEqual({ content: "a\nb\n" });
    expect(await unpack([Buffer.concat([members, zeros])])).toEqual({ content: "a\nb\n" });
  });

  it("is the same however the object is cut into chunks", async () => {
    const texts = fc.array(fc.string({ maxLength: 50 }), { minLength: 1, maxLength: 4 });
    const packed = texts.map((members) => Buffer.concat(members.map((text) => gzipSync(text))));
    await fc.assert(
      fc.asyncProperty(cutBytes(packed), async ({ bytes, chunks }) => {
        const whole = await unpack([bytes]);
        expect(whole.error).toBeUndefined();
        expect(await unpack(chunks)).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });
});

describe("content that is not what it should be", () => {
  it("is a permanent fault where gzip was promised", async () => {
    const lzop = Buffer.from("894c5a4f000d0a1a0a", "hex");
    expect((await unpack([lzop], { expectGzip: true })).error).toMatchObject({
      code: "NOT_GZIP",
      message: "a .gz object must hold gzip or JSON lines, got bytes 894c5a4f000d0a1a; ship it with compression gzip",
    });
    for (const plain of ["", "\n", '{"a":1}\n', '\ufeff {"a":1}\n']) {
      expect(await unpack([Buffer.from(plain)], { expectGzip: true })).toEqual({
        content: Buffer.from(plain).toString("latin1"),
      });
    }
  });

  it("is handed out as far as it goes where its end is missing", async () => {
    const packed = gzipSync(large);
    const { content, error } = await unpack([packed.subarray(0, packed.length / 2)]);
    expect(content.length).toBeGreaterThan(large.length / 3);
    expect(large.startsWith(content)).toBe(true);
    expect(error).toMatchObject({ name: "ContentError", code: "GZIP_TRUNCATED", bytes: Math.floor(packed.length / 2) });
    expect(error?.message).toMatch(/^gzip must be complete, got its first \d+ bytes; upload it again$/);
  });

  it("loses nothing that came before the cut, at any cut", async () => {
    const packed = gzipSync("abc".repeat(100));
    for (let length = 2; length < packed.length; length++) {
      const chunks = [packed.subarray(0, 1), packed.subarray(1, length)];
      const { content, error } = await unpack(chunks);
      expect(error?.code).toBe("GZIP_TRUNCATED");
      expect("abc".repeat(100).startsWith(content)).toBe(true);
      // Only the checksum is missing.
      if (length >= packed.length - 8) expect(content).toHaveLength(300);
    }
  });

  it("is a fault where a byte is wrong, or the checksum", async () => {
    const packed = gzipSync(randomBytes(200_000));
    const broken = Buffer.from(packed);
    broken[packed.length - 6] ^= 1;
    const { content, error } = await unpack([broken]);
    expect(content.length).toBeGreaterThan(150_000);
    expect(error).toMatchObject({
      code: "GZIP_CORRUPT",
      message: expect.stringContaining("incorrect data check") as string,
    });
  });

  it.each([
    ["right after the member", ["garbage"]],
    ["in a chunk of its own", ["", "garbage"]],
    ["after zeros", ["\0\0garbage"]],
    ["in a chunk after zeros", ["\0\0", "\0garbage"]],
  ])("is a fault where it goes on with something else, %s", async (_, [same, ...further]) => {
    const chunks = [Buffer.concat([gzipSync("a\n"), Buffer.from(same)]), ...further.map((text) => Buffer.from(text))];
    const { content, error } = await unpack(chunks);
    expect("a\n".startsWith(content)).toBe(true);
    expect(error?.code).toBe("GZIP_CORRUPT");
  });

  it("does not hide what came before a fault of the source", async () => {
    const packed = gzipSync(large);
    const { content, error } = await unpack([packed.subarray(0, 100_000), new Error("connection lost")]);
    expect(content.length).toBeGreaterThan(100_000);
    expect(error?.message).toBe("connection lost");
  });
});

describe("a reader of content that stops early", () => {
  it.each([
    ["packed", gzipSync(large)],
    ["plain", Buffer.from(large)],
  ])("ends the source: %s", async (_, bytes) => {
    const chunks = Array.from({ length: 100 }, (__, index) => bytes.subarray(index * 1000, (index + 1) * 1000));
    let taken = 0;
    let ended = false;
    async function* source() {
      try {
        for (const chunk of chunks) {
          taken++;
          yield chunk;
        }
      } finally {
        ended = true;
      }
    }
    for await (const chunk of decompress(source())) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    expect(ended).toBe(true);
    expect(taken).toBeLessThan(5);
  });
});

import { randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { decompress, type DecompressOptions } from "../../../functions/parser/decompress";
import { cutBytes, sourceOf } from "../support/bytes";
import { unpack } from "../support/unpack";
import { runs, sample, told } from "../../runs";

jest.setTimeout(30_000);

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
      { numRuns: runs(60) },
    );
  });
});

describe("content that is not what it should be", () => {
  it("is a permanent fault where gzip was promised", async () => {
    const lzop = Buffer.from("894c5a4f000d0a1a0a", "hex");
    expect((await unpack([lzop], { expectGzip: true })).error).toMatchObject({
      code: "NOT_GZIP",
      message: "a .gz object must hold gzip or JSON lines, got lzop; ship it with compression gzip",
    });
    expect((await unpack([], { expectGzip: true })).error).toMatchObject({
      code: "NOT_GZIP",
      message: "a .gz object must hold gzip or JSON lines, got nothing; ship it with compression gzip",
    });
    for (const plain of ["\n", '{"a":1}\n', '\ufeff {"a":1}\n']) {
      expect(await unpack([Buffer.from(plain)], { expectGzip: true })).toEqual({
        content: Buffer.from(plain).toString("latin1"),
      });
    }
  });

  it.each([
    ["json", "\ufeff \n{}\n", undefined],
    ["json", "\n\n<html>", "NOT_GZIP"],
    ["json", "\ufeff<html>", "NOT_GZIP"],
    ["json", "\u00efx", "NOT_GZIP"],
    ["text", "a,b\0\u0001", "NOT_GZIP"],
    ["text", `${"a,b\n".repeat(2000)}\0`, undefined],
  ] as const)("is told by the same bytes however they come: %s, %j", async (expect_, text, code) => {
    const bytes = Buffer.from(text);
    for (const size of [1, 2, 3, bytes.length]) {
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
        bytes.subarray(n * size, (n + 1) * size),
      );
      const { content, error } = await unpack(chunks, { expectGzip: true, expect: expect_ });
      expect(error?.code).toBe(code);
      if (!code) expect(content).toBe(bytes.toString("latin1"));
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

describe("padding behind gzip", () => {
  let tried = 0;
  afterAll(() => console.info(told(`padding behind gzip: ${tried} inputs`)));
  const PADDINGS = [
    "\n",
    "\r\n",
    " ",
    "\0",
    "\0\0\r\n",
    "\n\0",
    "\r\n\r\n",
    "\x1a",
    "\0".repeat(70_000),
    "\n".repeat(9_000),
    " \t\r\n".repeat(20_000),
  ];

  it.each(PADDINGS.map((padding) => [JSON.stringify(padding.slice(0, 8)), padding.length, padding] as const))(
    "is left out and counted, whatever the last member ends with and however it is cut: %s, %i bytes",
    async (_, bytes, padding) => {
      // The size of the text, which ends a member, ends with bytes that are padding elsewhere, or with none.
      for (const text of sample(["", "a\n", "x".repeat(0x0d0a), "x".repeat(100_000)], 2)) {
        const packed = Buffer.concat([gzipSync("b\n"), gzipSync(text), Buffer.from(padding)]);
        for (const size of sample([packed.length < 1000 ? 1 : 997, 32 * 1024, packed.length], 2)) {
          tried++;
          const chunks = Array.from({ length: Math.ceil(packed.length / size) }, (__, n) =>
            packed.subarray(n * size, (n + 1) * size),
          );
          const told: number[] = [];
          const again = () => sourceOf([packed]);
          const { content, error } = await unpack(chunks, { again, onPadding: (count) => told.push(count) });
          expect(error).toBeUndefined();
          expect(content === `b\n${text}`).toBe(true);
          expect(told).toEqual([bytes]);
        }
      }
    },
  );

  it("is not what a member that was cut off ends with", async () => {
    const packed = gzipSync("\n".repeat(300), { level: 0 });
    const lengths = Array.from({ length: packed.length - 20 }, (_, at) => 20 + at);
    for (const length of sample(lengths, 80)) {
      expect((await unpack([packed.subarray(0, length)])).error).toMatchObject({
        code: "GZIP_TRUNCATED",
        bytes: length,
      });
    }
  });

  it("is told apart from the first byte of another member, and from a byte that is neither", async () => {
    const end = gzipSync("a\n").length;
    const behind = (text: string) => unpack([Buffer.concat([gzipSync("a\n"), Buffer.from(text, "latin1")])]);
    expect((await behind("\x1f")).error).toMatchObject({ code: "GZIP_TRUNCATED", bytes: end + 1 });
    expect((await behind("x")).error).toMatchObject({ code: "GZIP_CORRUPT", bytes: end });
    expect((await behind("x\n")).error).toMatchObject({ code: "GZIP_CORRUPT", bytes: end });
  });
});

describe("a fault inside gzip, where the bytes can be had again", () => {
  const again = (bytes: Uint8Array) => () => sourceOf([bytes]);

  it("is told at its byte, wherever it is", async () => {
    const texts = [randomBytes(90_000), Buffer.from(large), Buffer.from("a\n")];
    for (const member of texts.map((text) => gzipSync(text))) {
      const broken = Buffer.from(member);
      broken[member.length - 5] ^= 1;
      const second = Buffer.concat([member, broken]);
      // zlib compares the checksum when it has all four bytes of it.
      expect((await unpack([second], { again: again(second) })).error).toMatchObject({
        code: "GZIP_CORRUPT",
        bytes: member.length + member.length - 5,
      });
      for (const text of ["garbage", "\r\ngarbage", "\0\0garbage", `\n${"\0".repeat(40_000)}x`]) {
        const bytes = Buffer.concat([member, Buffer.from(text)]);
        expect((await unpack([bytes], { again: again(bytes) })).error).toMatchObject({
          code: "GZIP_CORRUPT",
          message: "gzip must end with its last member, got bytes behind it that are none; upload it again",
          bytes: member.length,
        });
      }
    }
  });

  it("loses nothing of any length before it", async () => {
    const text = '{"a":1}\n'.repeat(40);
    const packed = gzipSync(text, { level: 0 });
    for (let at = 20; at < packed.length - 8; at += 7) {
      const broken = Buffer.concat([packed.subarray(0, at), gzipSync(text)]);
      const good = await unpack([packed.subarray(0, at)]);
      const { content, error } = await unpack([broken], { again: again(broken) });
      expect(error?.code).toMatch(/^GZIP_(CORRUPT|TRUNCATED)$/);
      expect(content.startsWith(good.content)).toBe(true);
    }
  });

  it("costs nothing that came before it", async () => {
    const packed = gzipSync(large);
    for (const at of [2_000, 100_000, packed.length - 40_000, packed.length - 5]) {
      const broken = Buffer.from(packed);
      // A stored block whose length does not match its check, at the latest, ends what can be understood.
      broken.fill(0x00, at, Math.min(at + 40, packed.length - 4));
      broken[packed.length - 1] ^= 1;
      const { content, error } = await unpack([broken], { again: again(broken) });
      const good = await unpack([broken.subarray(0, at)]);
      expect(error?.code).toBe("GZIP_CORRUPT");
      expect(content.slice(0, good.content.length)).toBe(good.content);
      expect(content.length).toBeGreaterThanOrEqual(good.content.length);
    }
  });

  it.each(["garbage", "\0\0garbage"])(
    "is all that there was before what follows the last member: %j",
    async (garbage) => {
      const bytes = Buffer.concat([gzipSync("a\n"), gzipSync("b\n"), Buffer.from(garbage)]);
      expect(await unpack([bytes], { again: again(bytes) })).toMatchObject({
        content: "a\nb\n",
        error: { code: "GZIP_CORRUPT" },
      });
    },
  );

  it("is none where the bytes are good the second time", async () => {
    const packed = gzipSync(large);
    const broken = Buffer.from(packed);
    broken[packed.length / 2] ^= 0xff;
    expect(await unpack([broken], { again: again(packed) })).toEqual({ content: large });
  });

  it("is told where the bytes cannot be had again", async () => {
    const packed = gzipSync(large);
    packed[packed.length - 6] ^= 1;
    const { error } = await unpack([packed], { again: () => sourceOf([new Error("gone")]) });
    expect(error?.code).toBe("GZIP_CORRUPT");
  });
});

describe("gzip that unpacks to too much", () => {
  const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024), { level: 1 });

  it("is a fault beyond 64 MiB and the ratio", async () => {
    let bytes = 0;
    const read = async (options?: DecompressOptions) => {
      for await (const chunk of decompress(sourceOf([bomb]), options)) bytes += chunk.length;
    };
    await expect(read({ maxUnpackRatio: 100 })).rejects.toMatchObject({
      code: "GZIP_BOMB",
      message: expect.stringMatching(
        /^gzip must unpack to at most 100 times its size, got \d+ bytes out of \d+; raise maxUnpackRatio if it may$/,
      ) as string,
    });
    expect(bytes).toBeLessThan(100 * 1024 * 1024);
    bytes = 0;
    await read({ maxUnpackRatio: 1032 });
    expect(bytes).toBe(80 * 1024 * 1024);
  });

  it("is none below 64 MiB, whatever the ratio", async () => {
    const text = "x".repeat(1_000_000);
    expect(await unpack([gzipSync(text)], { maxUnpackRatio: 1 })).toEqual({ content: text });
  });
});

describe("content that should be gzip of text", () => {
  it("may be plain text, and nothing else", async () => {
    const options = { expectGzip: true, expect: "text" } as const;
    expect(await unpack([Buffer.from("a,b\r\n\t\u001b[31m")], options)).toEqual({ content: "a,b\r\n\t\u001b[31m" });
    expect((await unpack([Buffer.from("894c5a4f000d0a1a0a", "hex")], options)).error?.message).toContain(
      "a .gz object must hold gzip or text, got lzop",
    );
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

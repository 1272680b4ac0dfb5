import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decompress } from "../../../functions/parser/decompress";
import { openZstd } from "../../../parts/in-zstd";
import { collect, sourceOf } from "../support/bytes";

/** Two frames with checksums and a frame to be left out between, packed by zstd at level 3: 4,000 lines. */
const PACKED = readFileSync(join(__dirname, "fixtures/lines.zst"));
const LINES = Buffer.from(
  Array.from(
    { length: 4000 },
    (_, at) => `{"n":${at},"path":"/api/v1/orders/${(at * 7919) % 1000}","msg":"登录"}\n`,
  ).join(""),
);

async function unpack(chunks: Iterable<Uint8Array>, maxUnpackRatio = 400) {
  const zstd = () => ({ openZstd });
  const { items, error } = await collect(decompress(sourceOf(chunks), { zstd, maxUnpackRatio, expectGzip: true }));
  return { bytes: Buffer.concat(items), error };
}

const cut = (bytes: Buffer, size: number) =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => bytes.subarray(at * size, (at + 1) * size));

describe("zstd", () => {
  it.each([1, 17, 1000, 1 << 20])("is unpacked in chunks of %d bytes, frame after frame", async (size) => {
    const { bytes, error } = await unpack(cut(PACKED, size));
    expect(error).toBeUndefined();
    expect(bytes.equals(LINES)).toBe(true);
  });

  it("is read up to where it breaks off", async () => {
    for (let at = 30; at < PACKED.length - 4; at += 97) {
      const { bytes, error } = await unpack([PACKED.subarray(0, at)]);
      expect(LINES.subarray(0, bytes.length).equals(bytes)).toBe(true);
      if (bytes.length < LINES.length / 2) expect(error).toMatchObject({ code: "PACKED_TRUNCATED" });
    }
  });

  it("is a fault where its window would take too much memory", async () => {
    const { error } = await unpack([Buffer.from("28b52ffd00a8000000000000000000000000000000", "hex")]);
    expect(error).toMatchObject({
      code: "PACKED_CORRUPT",
      message: expect.stringContaining("zstd must have a window of at most 8388608 bytes, got 2147483648") as string,
    });
  });

  it.each([1, 1000, 1 << 20])("is a fault where a later frame's window would, in chunks of %d bytes", async (size) => {
    const { bytes, error } = await unpack(
      cut(Buffer.concat([PACKED, Buffer.from(`28b52ffd00a8${"00".repeat(20)}`, "hex")]), size),
    );
    expect(error).toMatchObject({
      code: "PACKED_CORRUPT",
      bytes: PACKED.length,
      message: expect.stringContaining("a window of at most 8388608 bytes, got 2147483648") as string,
    });
    expect(bytes.equals(LINES)).toBe(true);
  });

  it("is a fault where a frame that is cut off in its header asks for too much", async () => {
    const { error } = await unpack([Buffer.concat([PACKED, Buffer.from("28b52ffde0ffffff7f", "hex")])]);
    expect(error).toMatchObject({ code: "PACKED_CORRUPT", bytes: PACKED.length });
  });

  it("is a fault where a block is larger than any may be, behind all before it", async () => {
    const repeated = (bytes: number, isLast: boolean) => {
      const header = Buffer.alloc(4, 0x20);
      header.writeUIntLE((bytes << 3) | 2 | Number(isLast), 0, 3);
      return header;
    };
    const whole = Array.from({ length: 4 }, () => repeated(131072, false));
    const frame = Buffer.concat([Buffer.from("28b52ffd0038", "hex"), ...whole, repeated(131073, true)]);
    const { bytes, error } = await unpack([Buffer.concat([frame, Buffer.alloc(20)])]);
    expect(error).toMatchObject({
      code: "PACKED_CORRUPT",
      bytes: 22,
      message: expect.stringContaining("blocks of at most 131072 bytes, got 131073") as string,
    });
    expect(bytes.length).toBe(4 * 131072);
  });

  it("is read up to the block that is broken", async () => {
    // Three spaces, and a block whose literals need a table that there is none of.
    const frame = Buffer.from(`28b52ffd0038${"1a000020"}${"450000"}${"ff".repeat(8)}`, "hex");
    const { bytes, error } = await unpack([frame]);
    expect(error).toMatchObject({ code: "PACKED_CORRUPT" });
    expect(bytes.toString()).toBe("   ");
  });

  it("is a fault where it unpacks to too much", async () => {
    // A thousand blocks that repeat a byte 128 Ki times each.
    const block = Buffer.from([2 | ((131072 << 3) & 0xff), (131072 >> 5) & 0xff, (131072 >> 13) & 0xff, 0x20]);
    const bomb = Buffer.concat([Buffer.from("28b52ffd0038", "hex"), ...Array<Buffer>(1000).fill(block)]);
    const { error, bytes } = await unpack([bomb], 100);
    expect(error).toMatchObject({ code: "GZIP_BOMB" });
    expect(bytes.length).toBeLessThan(80 * 1024 * 1024);
  });
});

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { DiskStorage, MemoryStorage, type Storage } from "../../../local/cos/storage";
import { crc64Of } from "../../functions/support/crc64";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "storage-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("0123");
  yield Buffer.from("456789");
}

describe.each<[string, () => Storage]>([
  ["MemoryStorage", () => new MemoryStorage()],
  ["DiskStorage", () => new DiskStorage(folder)],
])("%s", (_name, make) => {
  test.each([
    ["text", "0123456789"],
    ["bytes", Buffer.from("0123456789")],
    ["a stream", chunks()],
  ])("stores %s and opens any part of it", async (_kind, body) => {
    const stored = await make().store(body);
    expect(stored).toMatchObject({ size: 10, md5: "781e5e245d69b566979b86e28d23f2c7" });
    expect((await buffer(stored.open(0, 9))).toString()).toBe("0123456789");
    expect((await buffer(stored.open(3, 5))).toString()).toBe("345");
  });

  test("tells the CRC-64 of what it stores, however that comes", async () => {
    // The value by which implementations of this CRC are told apart.
    expect(await make().store("123456789")).toMatchObject({ crc64: "11051210869376104954" });
    expect(await make().store("")).toMatchObject({ crc64: "0" });
    const bytes = Buffer.from(Array.from({ length: 10_007 }, (_, at) => (at * at + 7) & 0xff));
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 1);
      yield bytes.subarray(1, 5_000);
      yield bytes.subarray(5_000);
    }
    for (const body of [bytes, parts()]) expect(await make().store(body)).toMatchObject({ crc64: crc64Of(bytes) });
  });

  test("stores nothing as an empty object", async () => {
    const stored = await make().store("");
    expect(stored.size).toBe(0);
    expect(await buffer(stored.open(0, -1))).toHaveLength(0);
  });
});

test("DiskStorage leaves no file behind: not after an error, not after discard", async () => {
  const storage = new DiskStorage(folder);
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("x");
    throw new Error("broken upload");
  }
  await expect(storage.store(broken())).rejects.toThrow("broken upload");
  await (await storage.store("x")).discard();
  expect(readdirSync(folder)).toEqual([]);
});

import { createReadStream, createWriteStream, existsSync, renameSync } from "node:fs";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createGunzip, createGzip } from "node:zlib";
import { accessLog, csvLog, plainCsvLog } from "./generate.mjs";

/** The access log in formats of other tools, with its source file; created at first use, then cached. */
export const PACKED = {
  zstd: packer("zst", toZstd),
  "snappy, framed": packer("sz", toFramedSnappy),
  "snappy, one block": packer("snappy", toSnappyBlock),
  gbk: packer("gbk.gz", toGbk),
};

/** Uncompressed CSV logs: decompression takes the same time for all, and is not compared. */
export const CSV = {
  access: packer("csv", (chunks) => chunks, csvLog),
  plain: packer("csv", (chunks) => chunks, plainCsvLog),
};

function packer(end, pack, log = accessLog) {
  return async (mib) => {
    const { path: packed } = await log(mib);
    const path = packed.replace(/gz$/, end);
    if (!existsSync(path)) {
      const draft = `${path}.${process.pid}`;
      await write(draft, pack(createReadStream(packed).pipe(createGunzip({ chunkSize: 512 * 1024 }))));
      renameSync(draft, path);
    }
    return { mib, path };
  };
}

async function write(path, chunks) {
  const file = createWriteStream(path);
  for await (const chunk of chunks) if (!file.write(chunk)) await once(file, "drain");
  file.end();
  await once(file, "close");
}

async function* toZstd(chunks) {
  const { Zstd } = await import("@hpcc-js/wasm-zstd");
  const zstd = await Zstd.load();
  zstd.reset();
  zstd.setCompressionLevel(3);
  for await (const chunk of chunks) yield Buffer.from(zstd.compressChunk(chunk));
  yield Buffer.from(zstd.compressEnd());
}

/** https://github.com/google/snappy/blob/main/framing_format.txt */
async function* toFramedSnappy(chunks) {
  const { compressSync } = await import("snappy");
  yield Buffer.from("ff060000734e61507059", "hex");
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += 65_536) {
      const data = chunk.subarray(at, at + 65_536);
      const packed = compressSync(data);
      const head = Buffer.alloc(8);
      head.writeUIntLE(packed.length + 4, 1, 3);
      const crc = crc32c(data);
      head.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0, 4);
      yield Buffer.concat([head, packed]);
    }
  }
}

async function* toSnappyBlock(chunks) {
  const { compressSync } = await import("snappy");
  const all = [];
  for await (const chunk of chunks) all.push(chunk);
  yield compressSync(Buffer.concat(all));
}

async function* toGbk(chunks) {
  const iconv = createRequire(import.meta.url)("iconv-lite");
  yield* chunks.pipe(iconv.decodeStream("utf-8")).pipe(iconv.encodeStream("gbk")).pipe(createGzip());
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

function crc32c(bytes) {
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) crc = CRC_TABLE[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

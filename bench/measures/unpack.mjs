import { createReadStream, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import zlib from "node:zlib";
import { PACKED } from "../lib/pack.mjs";

const require = createRequire(import.meta.url);

export const logs = ["zstd", "snappy, framed", "snappy, one block"];

/** Maximum size of a block. */
const BLOCK_MIB = 64;

const RIVALS = {
  zstd: [
    { name: "fzstd alone, which ours is made of", open: fzstd },
    { name: "Node's zlib", missing: zlib.createZstdDecompress ? undefined : "Node 22.15", open: nodeZstd },
  ],
  "snappy, framed": [{ name: "snappyjs, chunk by chunk, sums left out", open: snappyjsFramed }],
  "snappy, one block": [
    { name: "snappyjs", open: snappyjs },
    { name: "snappy, which is native", open: nativeSnappy },
  ],
};

/** Only unpacking; the output is counted. */
export default (kind) => ({
  name: `unpack ${kind}`,
  file: (mib) => PACKED[kind](kind === "snappy, one block" ? Math.min(mib, BLOCK_MIB) : mib),
  judgesCpu: true,
  ours: (path) => () => unpackWithOurs(path),
  rivals: RIVALS[kind],
});

async function unpackWithOurs(path) {
  const { decompress } = require("../../dist/functions/parser/decompress.js");
  const zstd = () => require("../../dist/parts/in-zstd.js");
  let bytes = 0;
  for await (const chunk of decompress(createReadStream(path), { zstd })) bytes += chunk.length;
  return `${bytes} bytes`;
}

async function fzstd(path) {
  const { Decompress } = await import("fzstd");
  return async () => {
    let bytes = 0;
    const stream = new Decompress((chunk) => (bytes += chunk.length));
    for await (const chunk of createReadStream(path)) stream.push(chunk);
    stream.push(new Uint8Array(0), true);
    return `${bytes} bytes`;
  };
}

function nodeZstd(path) {
  return async () => {
    let bytes = 0;
    for await (const chunk of createReadStream(path).pipe(zlib.createZstdDecompress())) bytes += chunk.length;
    return `${bytes} bytes`;
  };
}

function snappyjsFramed(path) {
  const { uncompress } = require("snappyjs");
  return async () => {
    let bytes = 0;
    let held = Buffer.alloc(0);
    for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
      held = Buffer.concat([held, piece]);
      let at = 0;
      for (let end = at; at + 4 <= held.length; at = end) {
        end = at + 4 + held.readUIntLE(at + 1, 3);
        if (end > held.length) break;
        if (held[at] === 0) bytes += uncompress(held.subarray(at + 8, end)).length;
      }
      held = held.subarray(at);
    }
    return `${bytes} bytes`;
  };
}

function snappyjs(path) {
  const { uncompress } = require("snappyjs");
  return () => `${uncompress(readFileSync(path)).length} bytes`;
}

async function nativeSnappy(path) {
  const { uncompressSync } = await import("snappy");
  return () => `${uncompressSync(readFileSync(path)).length} bytes`;
}

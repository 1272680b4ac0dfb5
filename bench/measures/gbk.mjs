import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { createGunzip } from "node:zlib";
import { readWithOurs } from "../lib/ours.mjs";
import { PACKED } from "../lib/pack.mjs";

/** JSON lines in GBK, one of ten with Chinese, from gzip to objects. */
export default {
  name: "full parse, access in GBK",
  file: PACKED.gbk,
  judgesCpu: true,
  ours: (path) => () => readWithOurs(path, "json", makeAll, { type: "json", encoding: "gbk" }),
  rivals: [
    { name: "iconv-lite, readline, JSON.parse", open: iconv },
    { name: "TextDecoder, readline, JSON.parse", open: textDecoder },
  ],
};

function makeAll(batch) {
  for (const { fields } of batch) if (!fields) throw new Error("a record must have fields");
}

function iconv(path) {
  const { decodeStream } = createRequire(import.meta.url)("iconv-lite");
  return () => countLines(createReadStream(path).pipe(createGunzip()).pipe(decodeStream("gbk")));
}

function textDecoder(path) {
  return () => {
    const bytes = ReadableStream.from(createReadStream(path).pipe(createGunzip()));
    return countLines(bytes.pipeThrough(new TextDecoderStream("gbk")));
  };
}

async function countLines(texts) {
  const { Readable } = await import("node:stream");
  const input = Readable.from(texts);
  let records = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) if (JSON.parse(line)) records++;
  return `${records} records`;
}

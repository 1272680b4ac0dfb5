import { createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { LOGS } from "../lib/generate.mjs";

const { parse } = createRequire(import.meta.url)("../../dist/functions/parser/parse.js");

/** The lines of a gzip file as one JSON list. */
async function* asList(path) {
  const [feed, comma] = [0x0a, 0x2c];
  yield Buffer.from("[");
  let held;
  for await (const chunk of createReadStream(path).pipe(createGunzip({ chunkSize: 512 * 1024 }))) {
    if (held) yield held;
    for (let at = chunk.indexOf(feed); at !== -1; at = chunk.indexOf(feed, at + 1)) chunk[at] = comma;
    held = chunk;
  }
  // No comma after the last one.
  yield held.subarray(0, held[held.length - 1] === comma ? -1 : undefined);
  yield Buffer.from("]");
}

async function readWithOurs(path, take) {
  const counts = { lines: 0, records: 0, invalid: 0 };
  const options = { object: path, check: "json", maxLineBytes: 1024 * 1024, content: { type: "json-values" } };
  for await (const { records } of parse(asList(path), options, counts))
    for (const record of records) take(record.fields);
  return `${counts.records} records`;
}

async function readWithStreamJson(path) {
  const { streamArray } = await import("stream-json/streamers/stream-array.js");
  const values = Readable.from(asList(path)).pipe(streamArray.withParserAsStream());
  let records = 0;
  for await (const { value } of values) if (value !== undefined) records++;
  return `${records} records`;
}

export const logs = ["access", "nested"];

/** Creates each object of a list, as a stream. */
export default (log) => ({
  name: `list of JSON, ${log}`,
  file: LOGS[log],
  judgesCpu: true,
  ours: (path) => () => readWithOurs(path, () => undefined),
  rivals: [{ name: "stream-json", atLeast: 5, open: (path) => () => readWithStreamJson(path) }],
});

import { createReadStream } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { decompress } = require("../../dist/functions/parser/decompress.js");
const { emptyCounts } = require("../../dist/functions/parser/counts.js");
const { parse } = require("../../dist/functions/parser/parse.js");

/** Reads a gzip file with our parser, as the handler does; resolves to how many records there are. */
export async function readWithOurs(path, check, take = () => undefined) {
  const counts = emptyCounts();
  const options = { object: path, check, maxLineBytes: 1024 * 1024 };
  for await (const { records } of parse(decompress(createReadStream(path)), options, counts)) take(records);
  return `${counts.records} records`;
}

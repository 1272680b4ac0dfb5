import { createReadStream } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { decompress } = require("../../dist/functions/parser/decompress.js");
const { emptyCounts, parse } = require("../../dist/functions/parser/parse.js");

/** The blog handler's job: how many lines look like records. */
export const shape = (path) => () => read(path, "shape", () => undefined);

/** Every record an object. */
export const full = (path) => () => read(path, "json", () => undefined);

/** Two fields of each record: a count by one, the sum of the other. */
export const twoFields = (path) => async () => {
  const byStatus = new Map();
  let sum = 0;
  await read(path, "json", (batch) => {
    for (const { fields } of batch) {
      byStatus.set(fields.status, (byStatus.get(fields.status) ?? 0) + 1);
      sum += Number(fields.body_bytes_sent);
    }
  });
  return `${byStatus.size} statuses, ${sum} bytes`;
};

async function read(path, check, take) {
  const counts = emptyCounts();
  const options = { object: path, check, maxLineBytes: 1024 * 1024 };
  for await (const batch of parse(decompress(createReadStream(path)), options, counts)) take(batch);
  return `${counts.records} records`;
}
